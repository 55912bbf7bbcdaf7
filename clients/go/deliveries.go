package opensend

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

const deliveriesPath = "/api/deliveries"

// Deliveries reads, retries and cancels deliveries of events to connections.
type Deliveries struct{ transport *transport }

// List returns a page of deliveries, newest first.
func (d *Deliveries) List(ctx context.Context, query ListDeliveriesQuery) (*Page[Delivery], error) {
	return readPage[Delivery](ctx, d.transport, deliveriesPath, query)
}

// All iterates over all deliveries, page by page.
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

// Cancel cancels a pending or failed delivery.
func (d *Deliveries) Cancel(ctx context.Context, id string) (*DeliveryDetail, error) {
	return d.act(ctx, deliveryPath(id)+"/cancel")
}

func (d *Deliveries) act(ctx context.Context, path string) (*DeliveryDetail, error) {
	change := call{method: http.MethodPost, path: path, idempotencyKey: NewEventID()}
	return readData[DeliveryDetail](ctx, d.transport, change)
}

func deliveryPath(id string) string { return deliveriesPath + "/" + url.PathEscape(id) }
