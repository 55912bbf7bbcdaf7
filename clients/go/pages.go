package opensend

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
)

// Page is a page of a list.
type Page[T any] struct {
	Data       []T     `json:"data"`
	HasMore    bool    `json:"has_more"`
	NextCursor *string `json:"next_cursor"`
}

func readPage[T any](ctx context.Context, t *transport, path string, query any) (*Page[T], error) {
	values, err := queryOf(query)
	if err != nil {
		return nil, err
	}
	var page Page[T]
	if err := t.call(ctx, call{method: http.MethodGet, path: path, query: values}, &page); err != nil {
		return nil, err
	}
	return &page, nil
}

// eachItem iterates over all items of a list. With filters, a page can be empty although more pages follow.
func eachItem[T any](ctx context.Context, t *transport, path string, query any) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		values, err := queryOf(query)
		for err == nil {
			var page Page[T]
			if err = t.call(ctx, call{method: http.MethodGet, path: path, query: values}, &page); err != nil {
				break
			}
			for index := range page.Data {
				if !yield(&page.Data[index], nil) {
					return
				}
			}
			if !page.HasMore || page.NextCursor == nil {
				return
			}
			values.Set("cursor", *page.NextCursor)
		}
		yield(nil, err)
	}
}

// queryOf writes the fields of a query under their JSON names.
func queryOf(query any) (url.Values, error) {
	text, err := json.Marshal(query)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		return nil, err
	}
	values := url.Values{}
	for name, value := range members {
		object, isObject := value.(map[string]any)
		if !isObject {
			values.Set(name, fmt.Sprint(value))
		}
		// OpenAPI's deepObject style, such as metadata[customer]=42.
		for member, text := range object {
			values.Set(name+"["+member+"]", fmt.Sprint(text))
		}
	}
	return values, nil
}

// readData makes a call whose response contains one object.
func readData[T any](ctx context.Context, t *transport, call call) (*T, error) {
	var response struct{ Data T }
	if err := t.call(ctx, call, &response); err != nil {
		return nil, err
	}
	return &response.Data, nil
}
