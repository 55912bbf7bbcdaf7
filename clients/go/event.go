package opensend

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// NewEvent is an event to send. Data becomes a JSON object; a json.RawMessage keeps every digit of its numbers.
type NewEvent struct {
	Type string
	Data any
	// ID is your ID for the event, a UUID. Default: created by the client.
	ID string
	// CreatedAt is when the event happened. Default: the time it arrives at the server.
	CreatedAt time.Time
}

const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// NewEventID returns a new ID for an event: a UUIDv7 (RFC 9562, section 5.7), so that IDs sort by creation time.
func NewEventID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // It never fails.
	var now [8]byte
	binary.BigEndian.PutUint64(now[:], uint64(time.Now().UnixMilli()))
	copy(id[:6], now[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// writeEvent assigns an ID to an event that has none, so that resending it is safe, and writes its JSON.
func writeEvent(event NewEvent) (NewEvent, []byte, error) {
	if event.ID == "" {
		event.ID = NewEventID()
	}
	data, err := marshal(event.Data)
	if err != nil {
		return event, nil, fmt.Errorf("opensend: Data cannot be written as JSON: %w", err)
	}
	if len(data) == 0 || data[0] != '{' {
		return event, nil, errors.New("opensend: Data must be a JSON object")
	}
	head := struct {
		Type      string `json:"type"`
		ID        string `json:"id"`
		CreatedAt string `json:"created_at,omitempty"`
	}{Type: event.Type, ID: event.ID}
	if !event.CreatedAt.IsZero() {
		head.CreatedAt = event.CreatedAt.UTC().Format(timeLayout)
	}
	text, err := marshal(head)
	if err != nil {
		return event, nil, err
	}
	text = append(text[:len(text)-1], `,"data":`...)
	return event, append(append(text, data...), '}'), nil
}

// marshal writes JSON without escaping HTML characters, unlike json.Marshal.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}
