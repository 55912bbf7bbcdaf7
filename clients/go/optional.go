package opensend

import "encoding/json"

// Optional is a field of a change: omitted, it stays unchanged; Set gives it a value; Null removes its value.
type Optional[T any] struct {
	isSet bool
	value *T
}

// Set gives a field a value.
func Set[T any](value T) Optional[T] { return Optional[T]{isSet: true, value: &value} }

// Null removes the value of a field.
func Null[T any]() Optional[T] { return Optional[T]{isSet: true} }

// IsZero reports whether the field is omitted.
func (o Optional[T]) IsZero() bool { return !o.isSet }

// MarshalJSON writes the value, or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.value) }
