package opensend

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// APIError says that the server refused the call, or failed. Code says why; each code has a page at Type.
type APIError struct {
	Status int
	// Code is empty if the response is not from OpenSend, such as a proxy's error page.
	Code   ErrorCode
	Detail string
	// Type is the URL of the error's documentation.
	Type string
	// RequestID identifies the request in the server's log, which has the reason.
	RequestID string
	// RetryAfter is the server's Retry-After, or nil.
	RetryAfter *time.Duration
	// Fields are the invalid fields of the request.
	Fields []FieldError
}

// FieldError is the fault of a field.
type FieldError struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

func (e *APIError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("opensend: %d: %s", e.Status, e.Detail)
	}
	return fmt.Sprintf("opensend: %s: %s", e.Code, e.Detail)
}

// IsCode reports whether an error is an APIError with one of the codes.
func IsCode(err error, codes ...ErrorCode) bool {
	var api *APIError
	return errors.As(err, &api) && slices.Contains(codes, api.Code)
}

// NetworkError says that the server could not be reached, or that the connection ended before the response was
// complete.
type NetworkError struct{ Err error }

func (e *NetworkError) Error() string {
	return "opensend: the server could not be reached, or the connection was closed"
}

func (e *NetworkError) Unwrap() error { return e.Err }

// TimeoutError says that there was no complete response in time. The server may have handled the call.
type TimeoutError struct{ After time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("opensend: no complete response within %s", e.After)
}

// Timeout reports true, as errors of package net do.
func (e *TimeoutError) Timeout() bool { return true }

// BatchError says that not all events of SendBatch were accepted. Sending Remaining again is safe: its events have IDs,
// so none is accepted twice.
type BatchError struct {
	Accepted  []AcceptedEvent
	Remaining []NewEvent
	Err       error
}

func (e *BatchError) Error() string {
	total := len(e.Accepted) + len(e.Remaining)
	return fmt.Sprintf("%d of %d events were accepted: %s", len(e.Accepted), total, e.Err)
}

func (e *BatchError) Unwrap() error { return e.Err }
