package opensend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one API call.
type call struct {
	method string
	path   string
	query  url.Values
	// body is JSON, or nil.
	body           []byte
	idempotencyKey string
	// timeout limits one attempt, if it differs from the client's.
	timeout time.Duration
}

type transport struct {
	url        string
	apiKey     string
	timeout    time.Duration
	maxRetries int
	http       http.Client
}

// call makes a call, retries it while that may help, and reads the response into result.
func (t *transport) call(ctx context.Context, call call, result any) error {
	for failures := 1; ; failures++ {
		err := t.attempt(ctx, call, result)
		if err == nil || ctx.Err() != nil {
			return err
		}
		failed, isAttempt := failureOf(err)
		delay, isRepeated := retryDelay(failed, failures, t.maxRetries, rand.Float64())
		if !isAttempt || !isRepeated {
			return err
		}
		timer := time.NewTimer(delay)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// failureOf describes a failed attempt, and returns false for errors of another kind.
func failureOf(err error) (failedAttempt, bool) {
	var api *APIError
	if errors.As(err, &api) {
		return failedAttempt{status: api.Status, code: api.Code, retryAfter: api.RetryAfter}, true
	}
	var network *NetworkError
	var timeout *TimeoutError
	return failedAttempt{}, errors.As(err, &network) || errors.As(err, &timeout)
}

func (t *transport) attempt(ctx context.Context, call call, result any) error {
	timeout := t.timeout
	if call.timeout > 0 {
		timeout = call.timeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	response, body, err := t.exchange(limited, call)
	switch {
	case err == nil:
		return read(response, body, result)
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return &TimeoutError{After: timeout}
	default:
		return &NetworkError{Err: err}
	}
}

func (t *transport) exchange(ctx context.Context, call call) (*http.Response, []byte, error) {
	address := t.url + call.path
	if len(call.query) > 0 {
		address += "?" + call.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, call.method, address, bytes.NewReader(call.body))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+t.apiKey)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "opensend-client-go/"+Version)
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if call.idempotencyKey != "" {
		request.Header.Set("Idempotency-Key", call.idempotencyKey)
	}
	response, err := t.http.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func read(response *http.Response, body []byte, result any) error {
	isSuccess := response.StatusCode >= 200 && response.StatusCode < 300
	if isSuccess && json.Valid(body) {
		if err := json.Unmarshal(body, result); err != nil {
			return fmt.Errorf("opensend: the response is not what this version of the client reads: %w", err)
		}
		return nil
	}
	failure := &APIError{
		Status:     response.StatusCode,
		Detail:     fmt.Sprintf("The response has status %d and is not from OpenSend.", response.StatusCode),
		RetryAfter: readRetryAfter(response.Header.Get("Retry-After"), time.Now()),
	}
	var problem struct {
		Type      string       `json:"type"`
		Detail    string       `json:"detail"`
		Code      ErrorCode    `json:"code"`
		RequestID string       `json:"request_id"`
		Errors    []FieldError `json:"errors"`
	}
	isProblem := strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json")
	if isProblem && json.Unmarshal(body, &problem) == nil {
		failure.Type, failure.Detail, failure.Code = problem.Type, problem.Detail, problem.Code
		failure.RequestID, failure.Fields = problem.RequestID, problem.Errors
	}
	return failure
}
