// Calls a running server with the client that openapi-generator generates for Go.
package main

import (
	"context"
	"errors"
	"log"
	"os"
	"time"

	"clients/opensend"
)

func main() {
	configuration := opensend.NewConfiguration()
	configuration.Servers = opensend.ServerConfigurations{{URL: os.Getenv("OPENSEND_URL")}}
	client := opensend.NewAPIClient(configuration)
	ctx := context.WithValue(context.Background(), opensend.ContextAccessToken, os.Getenv("OPENSEND_API_KEY"))

	connected, response, err := client.InspectorAPI.ConnectInspector(ctx).Execute()
	check(err == nil && response.StatusCode == 201, "connect", err)
	check(response.Header.Get("Location") != "", "location", nil)

	event := opensend.NewEventRequest("order.paid", map[string]any{"order_id": 42})
	accepted, _, err := client.EventsAPI.CreateEvent(ctx).EventRequest(*event).IdempotencyKey("once").Execute()
	check(err == nil && accepted.Data.Deliveries == 1, "event", err)

	read, _, err := client.EventsAPI.GetEvent(ctx, accepted.Data.Id).Execute()
	check(err == nil && read.Data.GetDataText() == `{"order_id":42}`, "read", err)
	check(time.Since(read.Data.AcceptedAt) < time.Hour, "time", nil)

	list := client.DeliveriesAPI.ListDeliveries(ctx).ConnectionId(connected.Data.Id)
	deliveries, _, err := list.CreatedFrom(time.Now().Add(-time.Hour)).Limit(10).Execute()
	check(err == nil && len(deliveries.Data) == 1, "deliveries", err)

	_, _, err = client.IntegrationsAPI.GetConnection(ctx, "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11").Execute()
	var failure *opensend.GenericOpenAPIError
	check(errors.As(err, &failure), "failure", err)
	problem, isProblem := failure.Model().(opensend.Problem)
	check(isProblem && problem.Code == opensend.NOT_FOUND, "problem", err)
}

func check(isTrue bool, what string, err error) {
	if !isTrue {
		log.Fatalf("%s: %v", what, err)
	}
}
