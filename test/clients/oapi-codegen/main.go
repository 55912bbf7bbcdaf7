// Calls a running server with the client that oapi-codegen generates.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/google/uuid"

	"clients/opensend"
)

func main() {
	authenticate := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+os.Getenv("OPENSEND_API_KEY"))
		return nil
	}
	client, err := opensend.NewClientWithResponses(os.Getenv("OPENSEND_URL"), opensend.WithRequestEditorFn(authenticate))
	check(err == nil, "client", err)
	ctx := context.Background()

	connected, err := client.ConnectInspectorWithResponse(ctx, nil)
	check(err == nil && connected.JSON201 != nil, "connect", err)
	connection := connected.JSON201.Data
	check(connected.HTTPResponse.Header.Get("Location") != "", "location", nil)

	key := uuid.NewString()
	event := opensend.EventRequest{Type: "order.paid", Data: map[string]any{"order_id": 42}}
	accepted, err := client.CreateEventWithResponse(ctx, &opensend.CreateEventParams{IdempotencyKey: &key}, event)
	check(err == nil && accepted.JSON202 != nil && accepted.JSON202.Data.Deliveries == 1, "event", err)

	read, err := client.GetEventWithResponse(ctx, accepted.JSON202.Data.Id, nil)
	check(err == nil && read.JSON200 != nil && *read.JSON200.Data.DataText == `{"order_id":42}`, "read", err)
	check(time.Since(read.JSON200.Data.AcceptedAt) < time.Hour, "time", nil)

	from := time.Now().Add(-time.Hour)
	limit := int64(10)
	connectionId := connection.Id.String()
	params := &opensend.ListDeliveriesParams{ConnectionId: &connectionId, CreatedFrom: &from, Limit: &limit}
	deliveries, err := client.ListDeliveriesWithResponse(ctx, params)
	check(err == nil && deliveries.JSON200 != nil && len(deliveries.JSON200.Data) == 1, "deliveries", err)

	missing, err := client.GetConnectionWithResponse(ctx, uuid.New(), nil)
	problem := missing.ApplicationproblemJSON404
	check(err == nil && problem != nil && problem.Code == opensend.NotFound, "problem", err)
}

func check(isTrue bool, what string, err error) {
	if !isTrue {
		log.Fatalf("%s: %v", what, err)
	}
}
