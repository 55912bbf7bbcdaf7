package opensend

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

const eventsPath = "/api/events"

// Events reads accepted events and their types.
type Events struct{ transport *transport }

// List returns a page of events, most recently accepted first.
func (e *Events) List(ctx context.Context, query ListEventsQuery) (*Page[EventListItem], error) {
	return readPage[EventListItem](ctx, e.transport, eventsPath, query)
}

// All iterates over all events, page by page.
func (e *Events) All(ctx context.Context, query ListEventsQuery) iter.Seq2[*EventListItem, error] {
	return eachItem[EventListItem](ctx, e.transport, eventsPath, query)
}

// Get reads an event with its deliveries.
func (e *Events) Get(ctx context.Context, id string) (*EventDetail, error) {
	path := eventsPath + "/" + url.PathEscape(id)
	return readData[EventDetail](ctx, e.transport, call{method: http.MethodGet, path: path})
}

// ListTypes returns a page of the event types seen so far, by name.
func (e *Events) ListTypes(ctx context.Context, query ListEventTypesQuery) (*Page[EventType], error) {
	return readPage[EventType](ctx, e.transport, "/api/event-types", query)
}
