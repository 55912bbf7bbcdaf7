// Package opensend sends events to OpenSend and verifies its webhooks. It needs only the standard library.
//
//	client, err := opensend.New(opensend.Options{URL: "https://opensend.example.com", APIKey: key})
//	accepted, err := client.Send(ctx, opensend.NewEvent{Type: "order.paid", Data: order})
//
// A receiver verifies its requests:
//
//	event, err := opensend.Verify(opensend.Request{Body: body, Header: r.Header, Secrets: []string{secret}})
package opensend
