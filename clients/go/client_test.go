package opensend

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := New(Options{URL: server.URL, APIKey: "os_k"})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestSendReturnsWhenContextIsCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	client := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		// The server notices that the client is gone only after it has read the body.
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	if _, err := client.Send(ctx, NewEvent{Type: "a", Data: struct{}{}}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestSendStopsRetryingAtContextDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	if _, err := client.Send(ctx, NewEvent{Type: "a", Data: struct{}{}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestUnexpectedResponseIsNotRetried(t *testing.T) {
	var count atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		count.Add(1)
		_, _ = w.Write([]byte(`{"data":"text"}`))
	})
	if _, err := client.Connections.Get(context.Background(), "a"); err == nil || count.Load() != 1 {
		t.Fatal(err, count.Load())
	}
}

func TestTruncatedResponseIsRetried(t *testing.T) {
	var count atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if count.Add(1) == 1 {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
			return
		}
		_, _ = w.Write([]byte(`{"data":{"id":"1"}}`))
	})
	accepted, err := client.Send(context.Background(), NewEvent{Type: "a", Data: struct{}{}})
	if err != nil || accepted.ID != "1" || count.Load() != 2 {
		t.Fatal(accepted, err, count.Load())
	}
}
