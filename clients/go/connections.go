package opensend

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

const connectionsPath = "/api/integrations/connections"

// testTimeout is long because a test waits for the receiver, which can take as long as the connection's timeout.
const testTimeout = 75 * time.Second

// Connections manages the connections to which events are delivered.
type Connections struct{ transport *transport }

// List returns a page of the connections that are not disconnected, newest first.
func (c *Connections) List(ctx context.Context, query ListConnectionsQuery) (*Page[ListedConnection], error) {
	return readPage[ListedConnection](ctx, c.transport, connectionsPath, query)
}

// All iterates over all connections, page by page.
func (c *Connections) All(ctx context.Context, query ListConnectionsQuery) iter.Seq2[*ListedConnection, error] {
	return eachItem[ListedConnection](ctx, c.transport, connectionsPath, query)
}

// Create connects a webhook URL.
func (c *Connections) Create(ctx context.Context, connection ConnectRequest) (*Connection, error) {
	return c.act(ctx, "/api/integrations/webhook", connection)
}

// Get reads a connection.
func (c *Connections) Get(ctx context.Context, id string) (*Connection, error) {
	return readData[Connection](ctx, c.transport, call{method: http.MethodGet, path: connectionPath(id)})
}

// Update changes the given fields.
func (c *Connections) Update(ctx context.Context, id string, changes UpdateConnectionRequest) (*Connection, error) {
	body, err := marshal(changes)
	if err != nil {
		return nil, err
	}
	return readData[Connection](ctx, c.transport, call{method: http.MethodPatch, path: connectionPath(id), body: body})
}

// Delete disconnects: it destroys the URL and the secret, cancels pending deliveries and keeps the history.
func (c *Connections) Delete(ctx context.Context, id string) (*Connection, error) {
	return readData[Connection](ctx, c.transport, call{method: http.MethodDelete, path: connectionPath(id)})
}

// Pause stops sending; events queue.
func (c *Connections) Pause(ctx context.Context, id string) (*Connection, error) {
	return readData[Connection](ctx, c.transport, call{method: http.MethodPost, path: connectionPath(id) + "/pause"})
}

// Resume sends again.
func (c *Connections) Resume(ctx context.Context, id string) (*Connection, error) {
	return readData[Connection](ctx, c.transport, call{method: http.MethodPost, path: connectionPath(id) + "/resume"})
}

// PutByExternalID creates or updates the connection with your own ID. It is safe to repeat.
func (c *Connections) PutByExternalID(ctx context.Context, externalID string, connection PutConnectionRequest) (*Connection, error) {
	body, err := marshal(connection)
	if err != nil {
		return nil, err
	}
	return readData[Connection](ctx, c.transport, call{method: http.MethodPut, path: externalPath(externalID), body: body})
}

// GetByExternalID reads the connection with your own ID.
func (c *Connections) GetByExternalID(ctx context.Context, externalID string) (*Connection, error) {
	return readData[Connection](ctx, c.transport, call{method: http.MethodGet, path: externalPath(externalID)})
}

// DeleteByExternalID disconnects the connection with your own ID.
func (c *Connections) DeleteByExternalID(ctx context.Context, externalID string) (*Connection, error) {
	return readData[Connection](ctx, c.transport, call{method: http.MethodDelete, path: externalPath(externalID)})
}

// Find returns a page of the connections to a webhook URL, which is sent in the body.
func (c *Connections) Find(ctx context.Context, request FindConnectionsRequest) (*Page[ListedConnection], error) {
	body, err := marshal(request)
	if err != nil {
		return nil, err
	}
	var page Page[ListedConnection]
	find := call{method: http.MethodPost, path: connectionsPath + "/find", body: body}
	if err := c.transport.call(ctx, find, &page); err != nil {
		return nil, err
	}
	return &page, nil
}

// RotateSecret replaces the signing secret; the previous one also signs for OverlapHours.
func (c *Connections) RotateSecret(ctx context.Context, id string, rotation RotateSecretRequest) (*Connection, error) {
	return c.act(ctx, connectionPath(id)+"/rotate-secret", rotation)
}

// Test sends a test event, and returns the request and the response. OK is true only for a 2xx response.
func (c *Connections) Test(ctx context.Context, id string) (*TestDelivery, error) {
	var response struct{ Delivery TestDelivery }
	test := call{
		method:         http.MethodPost,
		path:           connectionPath(id) + "/test",
		idempotencyKey: NewEventID(),
		timeout:        testTimeout,
	}
	if err := c.transport.call(ctx, test, &response); err != nil {
		return nil, err
	}
	return &response.Delivery, nil
}

// act makes a change that the server applies only once, however often it is repeated with the same key.
func (c *Connections) act(ctx context.Context, path string, request any) (*Connection, error) {
	body, err := marshal(request)
	if err != nil {
		return nil, err
	}
	change := call{method: http.MethodPost, path: path, body: body, idempotencyKey: NewEventID()}
	return readData[Connection](ctx, c.transport, change)
}

func externalPath(externalID string) string {
	return connectionsPath + "/by-external-id/" + url.PathEscape(externalID)
}

func connectionPath(id string) string { return connectionsPath + "/" + url.PathEscape(id) }
