package opensend

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

const deliveriesPath = "/api/deliveries"

// Deliveries are those of events to connections.
type Deliveries struct{ transport *transport }

// List returns a page of deliveries, the newest first.
func (d *Deliveries) List(ctx context.Context, query ListDeliveriesQuery) (*Page[Delivery], error) {
	return readPage[Delivery](ctx, d.transport, deliveriesPath, query)
}

// All goes through all deliveries, page by page.
func (d *Deliveries) All(ctx context.Context, query ListDeliveriesQuery) iter.Seq2[*Delivery, error] {
	return eachItem[Delivery](ctx, d.transport, deliveriesPath, query)
}

// Get reads a delivery with its attempts.
func (d *Deliveries) Get(ctx context.Context, id string) (*DeliveryDetail, error) {
	return readData[DeliveryDetail](ctx, d.transport, call{method: http.MethodGet, path: deliveryPath(id)})
}

// Retry makes a delivery due immediately.
func (d *Deliveries) Retry(ctx context.Context, id string) (*DeliveryDetail, error) {
	return d.act(ctx, deliveryPath(id)+"/retry")
}

// Cancel ends a delivery that is pending or has failed.
func (d *Deliveries) Cancel(ctx context.Context, id string) (*DeliveryDetail, error) {
	return d.act(ctx, deliveryPath(id)+"/cancel")
}

func (d *Deliveries) act(ctx context.Context, path string) (*DeliveryDetail, error) {
	change := call{method: http.MethodPost, path: path, idempotencyKey: NewEventID()}
	return readData[DeliveryDetail](ctx, d.transport, change)
}

func deliveryPath(id string) string { return deliveriesPath + "/" + url.PathEscape(id) }
