package opensend

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Options configures a client.
type Options struct {
	// URL is the URL of the server, such as https://opensend.example.com. Default: OPENSEND_URL in the environment.
	URL string
	// APIKey defaults to OPENSEND_API_KEY in the environment.
	APIKey string
	// Timeout limits one attempt. Default: 10 seconds.
	Timeout time.Duration
	// MaxRetries is the maximum number of attempts after the first. Default: 5; -1 for none.
	MaxRetries int
	// RoundTripper makes the requests. Default: http.DefaultTransport.
	RoundTripper http.RoundTripper
}

const (
	defaultTimeout    = 10 * time.Second
	defaultMaxRetries = 5
)

// Client calls an OpenSend server. Several goroutines can use it concurrently.
type Client struct {
	Connections *Connections
	Events      *Events
	Deliveries  *Deliveries
	transport   *transport
}

// New returns a client. Its errors never contain the key.
func New(options Options) (*Client, error) {
	address, err := checkedURL(cmp.Or(options.URL, os.Getenv("OPENSEND_URL")))
	if err != nil {
		return nil, err
	}
	key := cmp.Or(options.APIKey, os.Getenv("OPENSEND_API_KEY"))
	if key == "" {
		return nil, errors.New("opensend: set Options.APIKey, or OPENSEND_API_KEY in the environment")
	}
	if strings.ContainsFunc(key, func(char rune) bool { return char < '!' || char > '~' }) {
		return nil, errors.New("opensend: Options.APIKey has a character that no key has")
	}
	t := &transport{url: address, apiKey: key, timeout: defaultTimeout, maxRetries: defaultMaxRetries}
	if options.Timeout > 0 {
		t.timeout = options.Timeout
	}
	if options.MaxRetries != 0 {
		t.maxRetries = max(0, options.MaxRetries)
	}
	t.http = http.Client{
		Transport: options.RoundTripper,
		// A redirect would send the key and the event elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Client{Connections: &Connections{t}, Events: &Events{t}, Deliveries: &Deliveries{t}, transport: t}, nil
}

// Me describes the API key: its access, scopes and workspace. Every key can call this.
func (c *Client) Me(ctx context.Context) (*Caller, error) {
	return readData[Caller](ctx, c.transport, call{method: http.MethodGet, path: "/api/me"})
}

// Send sends an event. It returns once the server has stored it; a retry is not stored twice.
func (c *Client) Send(ctx context.Context, event NewEvent) (*AcceptedEvent, error) {
	_, text, err := writeEvent(event)
	if err != nil {
		return nil, err
	}
	var response struct{ Data AcceptedEvent }
	err = c.transport.call(ctx, call{method: http.MethodPost, path: "/api/events", body: text}, &response)
	if err != nil {
		return nil, err
	}
	return &response.Data, nil
}

// SendBatch sends events in order, in as few requests as the server's limits allow. It returns the accepted events in
// the same order. Each request stores all of its events or none: if one fails, the error is a *BatchError, which says
// which events remain.
func (c *Client) SendBatch(ctx context.Context, events []NewEvent) ([]AcceptedEvent, error) {
	identified := make([]NewEvent, len(events))
	texts := make([][]byte, len(events))
	lengths := make([]int, len(events))
	for index, event := range events {
		var err error
		if identified[index], texts[index], err = writeEvent(event); err != nil {
			return nil, err
		}
		lengths[index] = len(texts[index])
	}
	accepted := make([]AcceptedEvent, 0, len(events))
	start := 0
	for _, size := range splitBatch(lengths, eventsMax, bytesMax) {
		if err := c.sendAll(ctx, texts[start:start+size], &accepted); err != nil {
			return accepted, &BatchError{Accepted: accepted, Remaining: identified[len(accepted):], Err: err}
		}
		start += size
	}
	return accepted, nil
}

// sendAll sends events in one request, or in two halves if a proxy in front of the server has a lower limit than the
// server.
func (c *Client) sendAll(ctx context.Context, texts [][]byte, accepted *[]AcceptedEvent) error {
	body := append([]byte{'['}, bytes.Join(texts, []byte{','})...)
	var response struct{ Data []AcceptedEvent }
	batch := call{method: http.MethodPost, path: "/api/events/batch", body: append(body, ']')}
	err := c.transport.call(ctx, batch, &response)
	var api *APIError
	if len(texts) > 1 && errors.As(err, &api) && api.Status == http.StatusRequestEntityTooLarge {
		half := (len(texts) + 1) / 2
		if err := c.sendAll(ctx, texts[:half], accepted); err != nil {
			return err
		}
		return c.sendAll(ctx, texts[half:], accepted)
	}
	if err != nil {
		return err
	}
	*accepted = append(*accepted, response.Data...)
	return nil
}

func checkedURL(given string) (string, error) {
	if given == "" {
		return "", errors.New("opensend: set Options.URL, or OPENSEND_URL in the environment")
	}
	address, err := url.Parse(strings.TrimRight(given, "/"))
	if err != nil || address.Host == "" || address.User != nil || address.RawQuery != "" ||
		(address.Scheme != "http" && address.Scheme != "https") {
		return "", errors.New("opensend: Options.URL must be the http:// or https:// address of the server")
	}
	return address.String(), nil
}
