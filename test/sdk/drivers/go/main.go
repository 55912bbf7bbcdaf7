// Reads calls as lines of JSON, makes them with the Go client, and prints the result of each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"sync"
	"time"

	opensend "github.com/opensend/opensend/clients/go"
)

type request struct {
	ID       int
	Settings struct {
		URL        string
		APIKey     string
		TimeoutMs  int
		MaxRetries *int
	}
	Method string
	Args   []json.RawMessage
}

type failure struct {
	Name       string                   `json:"name"`
	Message    string                   `json:"message"`
	Code       *string                  `json:"code"`
	Status     *int                     `json:"status"`
	RetryAfter *float64                 `json:"retry_after"`
	RequestID  string                   `json:"request_id"`
	Errors     []opensend.FieldError    `json:"errors"`
	Accepted   []opensend.AcceptedEvent `json:"accepted"`
	Remaining  []opensend.NewEvent      `json:"remaining"`
	Cause      *failure                 `json:"cause"`
}

func main() {
	var printing sync.Mutex
	var running sync.WaitGroup
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var given request
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			panic(err)
		}
		running.Add(1)
		go func() {
			defer running.Done()
			reply := map[string]any{"id": given.ID}
			result, err := run(given)
			if err == nil {
				reply["result"] = result
			} else {
				reply["error"] = describe(err)
			}
			text, err := json.Marshal(reply)
			if err != nil {
				panic(err)
			}
			printing.Lock()
			defer printing.Unlock()
			fmt.Println(string(text))
		}()
	}
	running.Wait()
}

func run(given request) (any, error) {
	if given.Method == "verify" {
		return verify(given)
	}
	options := opensend.Options{URL: given.Settings.URL, APIKey: given.Settings.APIKey}
	options.Timeout = time.Duration(given.Settings.TimeoutMs) * time.Millisecond
	if retries := given.Settings.MaxRetries; retries != nil {
		options.MaxRetries = *retries
		if *retries == 0 {
			options.MaxRetries = -1
		}
	}
	client, err := opensend.New(options)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	switch given.Method {
	case "me":
		return client.Me(ctx)
	case "send":
		return client.Send(ctx, eventOf(read[event](given, 0)))
	case "sendBatch":
		var events []opensend.NewEvent
		for _, one := range read[[]event](given, 0) {
			events = append(events, eventOf(one))
		}
		return client.SendBatch(ctx, events)
	case "connections.create":
		return client.Connections.Create(ctx, read[opensend.ConnectRequest](given, 0))
	case "connections.list":
		return client.Connections.List(ctx, read[opensend.ListConnectionsQuery](given, 0))
	case "connections.all":
		return collect(client.Connections.All(ctx, read[opensend.ListConnectionsQuery](given, 0)))
	case "connections.get":
		return client.Connections.Get(ctx, read[string](given, 0))
	case "connections.update":
		return client.Connections.Update(ctx, read[string](given, 0), changesOf(read[map[string]any](given, 1)))
	case "connections.delete":
		return client.Connections.Delete(ctx, read[string](given, 0))
	case "connections.pause":
		return client.Connections.Pause(ctx, read[string](given, 0))
	case "connections.resume":
		return client.Connections.Resume(ctx, read[string](given, 0))
	case "connections.test":
		return client.Connections.Test(ctx, read[string](given, 0))
	case "connections.putByExternalId":
		return client.Connections.PutByExternalID(ctx, read[string](given, 0), putOf(read[map[string]any](given, 1)))
	case "connections.getByExternalId":
		return client.Connections.GetByExternalID(ctx, read[string](given, 0))
	case "connections.deleteByExternalId":
		return client.Connections.DeleteByExternalID(ctx, read[string](given, 0))
	case "connections.find":
		return client.Connections.Find(ctx, read[opensend.FindConnectionsRequest](given, 0))
	case "connections.rotateSecret":
		return client.Connections.RotateSecret(ctx, read[string](given, 0), read[opensend.RotateSecretRequest](given, 1))
	case "events.list":
		return client.Events.List(ctx, read[opensend.ListEventsQuery](given, 0))
	case "events.all":
		return collect(client.Events.All(ctx, read[opensend.ListEventsQuery](given, 0)))
	case "events.get":
		return client.Events.Get(ctx, read[string](given, 0))
	case "events.listTypes":
		return client.Events.ListTypes(ctx, read[opensend.ListEventTypesQuery](given, 0))
	case "deliveries.list":
		return client.Deliveries.List(ctx, read[opensend.ListDeliveriesQuery](given, 0))
	case "deliveries.all":
		return collect(client.Deliveries.All(ctx, read[opensend.ListDeliveriesQuery](given, 0)))
	case "deliveries.get":
		return client.Deliveries.Get(ctx, read[string](given, 0))
	case "deliveries.retry":
		return client.Deliveries.Retry(ctx, read[string](given, 0))
	case "deliveries.cancel":
		return client.Deliveries.Cancel(ctx, read[string](given, 0))
	}
	return nil, fmt.Errorf("unknown method %s", given.Method)
}

func read[T any](given request, index int) (value T) {
	if index < len(given.Args) {
		if err := json.Unmarshal(given.Args[index], &value); err != nil {
			panic(err)
		}
	}
	return value
}

func collect[T any](items iter.Seq2[*T, error]) ([]*T, error) {
	found := []*T{}
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		found = append(found, item)
	}
	return found, nil
}

type event struct {
	Type      string
	ID        string
	Data      json.RawMessage
	DataText  string    `json:"data_text"`
	CreatedAt time.Time `json:"created_at"`
}

func eventOf(given event) opensend.NewEvent {
	data := given.Data
	if given.DataText != "" {
		data = json.RawMessage(given.DataText)
	}
	return opensend.NewEvent{Type: given.Type, ID: given.ID, Data: data, CreatedAt: given.CreatedAt}
}

func changesOf(given map[string]any) (changes opensend.UpdateConnectionRequest) {
	if name, isSet := given["name"]; isSet {
		changes.Name = opensend.Set(name.(string))
	}
	if ordered, isSet := given["ordered"]; isSet {
		changes.Ordered = opensend.Set(ordered.(bool))
	}
	if description, isSet := given["description"]; isSet {
		if text, isText := description.(string); isText {
			changes.Description = opensend.Set(text)
		} else {
			changes.Description = opensend.Null[string]()
		}
	}
	return changes
}

func putOf(given map[string]any) (put opensend.PutConnectionRequest) {
	if name, isSet := given["name"]; isSet {
		put.Name = opensend.Set(name.(string))
	}
	if address, isSet := given["webhook_url"]; isSet {
		put.WebhookURL = opensend.Set(address.(string))
	}
	if types, isSet := given["event_types"]; isSet {
		put.EventTypes = opensend.Set([]string{types.([]any)[0].(string)})
	}
	if metadata, isSet := given["metadata"]; isSet {
		texts := map[string]string{}
		for name, text := range metadata.(map[string]any) {
			texts[name] = text.(string)
		}
		put.Metadata = opensend.Set(texts)
	}
	return put
}

func verify(given request) (any, error) {
	args := read[struct {
		Body    string
		Headers map[string]string
		Secrets []string
		Scheme  opensend.Scheme
	}](given, 0)
	header := http.Header{}
	for name, value := range args.Headers {
		header.Set(name, value)
	}
	event, err := opensend.Verify(opensend.Request{
		Body: []byte(args.Body), Header: header, Secrets: args.Secrets, Scheme: args.Scheme,
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"id": event.ID, "type": event.Type, "created_at": event.CreatedAt, "data": event.Data}, nil
}

func describe(err error) *failure {
	found := &failure{Name: "Error", Message: err.Error()}
	var api *opensend.APIError
	var batch *opensend.BatchError
	var signature *opensend.SignatureError
	var network *opensend.NetworkError
	var timeout *opensend.TimeoutError
	switch {
	case errors.As(err, &batch):
		found.Name, found.Accepted, found.Remaining = "BatchError", batch.Accepted, batch.Remaining
		found.Cause = describe(batch.Err)
	case errors.As(err, &api):
		found.Name, found.Status, found.RequestID, found.Errors = "ApiError", &api.Status, api.RequestID, api.Fields
		if code := string(api.Code); code != "" {
			found.Code = &code
		}
		if api.RetryAfter != nil {
			seconds := api.RetryAfter.Seconds()
			found.RetryAfter = &seconds
		}
	case errors.As(err, &signature):
		code := string(signature.Code)
		found.Name, found.Code = "SignatureError", &code
	case errors.As(err, &timeout):
		found.Name = "TimeoutError"
	case errors.As(err, &network):
		found.Name = "NetworkError"
	}
	return found
}
