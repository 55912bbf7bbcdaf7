package opensend

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const eventID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"

type signatureVector struct {
	Name       string
	Secrets    []string
	Scheme     Scheme
	Now        int64
	Headers    map[string]string
	Body       string
	BodyBase64 string `json:"body_base64"`
	Error      *SignatureErrorCode
}

// vectorFile has the test cases that all clients share.
type vectorFile struct {
	Signatures []signatureVector
	RetryAfter []struct {
		Value   *string
		Now     int64
		Seconds *float64
	} `json:"retry_after"`
	Retries []struct {
		Name       string
		Status     *int
		Code       *ErrorCode
		RetryAfter *float64 `json:"retry_after"`
		Failures   int
		MaxRetries int `json:"max_retries"`
		Random     float64
		DelayMs    *float64 `json:"delay_ms"`
	}
	Batches []struct {
		Name        string
		ByteLengths [][2]int `json:"byte_lengths"`
		EventsMax   int      `json:"events_max"`
		BytesMax    int      `json:"bytes_max"`
		Sizes       []int
	}
	Events []struct {
		Name  string
		Event struct {
			Type      string
			ID        string
			CreatedAt time.Time `json:"created_at"`
			DataText  string    `json:"data_text"`
		}
		Text string
	}
	InvalidDataTexts []string   `json:"invalid_data_texts"`
	InvalidSecrets   [][]string `json:"invalid_secrets"`
}

func readVectors(t *testing.T) (vectors vectorFile) {
	t.Helper()
	text, err := os.ReadFile("../vectors.json")
	if err == nil {
		err = json.Unmarshal(text, &vectors)
	}
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

func requestOf(vector signatureVector) Request {
	body := []byte(vector.Body)
	if vector.BodyBase64 != "" {
		body, _ = base64.StdEncoding.DecodeString(vector.BodyBase64)
	}
	header := http.Header{}
	for name, value := range vector.Headers {
		header.Set(name, value)
	}
	now := time.Unix(vector.Now, 0)
	return Request{Body: body, Header: header, Secrets: vector.Secrets, Scheme: vector.Scheme, Now: now}
}

func TestVerify(t *testing.T) {
	for _, vector := range readVectors(t).Signatures {
		t.Run(vector.Name, func(t *testing.T) {
			event, err := Verify(requestOf(vector))
			if vector.Error == nil {
				if err != nil || event.ID != eventID || event.Type != "order.paid" {
					t.Fatalf("%v, %v", event, err)
				}
				return
			}
			var failure *SignatureError
			if !errors.As(err, &failure) || failure.Code != *vector.Error {
				t.Fatalf("%v instead of %s", err, *vector.Error)
			}
		})
	}
}

func TestVerifyKeepsNumbersExact(t *testing.T) {
	for _, vector := range readVectors(t).Signatures {
		if !strings.Contains(vector.Name, "readers round") {
			continue
		}
		event, err := Verify(requestOf(vector))
		if err != nil || string(event.Data) != `{"id":12345678901234567890,"price":1.10}` {
			t.Fatalf("%v, %v", event, err)
		}
	}
}

func TestVerifyRejectsDuplicateHeader(t *testing.T) {
	request := requestOf(readVectors(t).Signatures[0])
	request.Header.Add("Webhook-Signature", "v1,")
	if _, err := Verify(request); err == nil {
		t.Fatal("it was accepted")
	}
}

func TestVerifyRejectsInvalidSecrets(t *testing.T) {
	vectors := readVectors(t)
	for _, secrets := range append(vectors.InvalidSecrets, nil, []string{"whsec_YWJj\nYWJj"}) {
		request := requestOf(vectors.Signatures[0])
		request.Secrets = secrets
		_, err := Verify(request)
		var failure *SignatureError
		if err == nil || errors.As(err, &failure) {
			t.Errorf("%q: %v", secrets, err)
		}
	}
}

func TestReadRetryAfter(t *testing.T) {
	for _, vector := range readVectors(t).RetryAfter {
		value := ""
		if vector.Value != nil {
			value = *vector.Value
		}
		wait := readRetryAfter(value, time.Unix(vector.Now, 0))
		if (wait == nil) != (vector.Seconds == nil) || (wait != nil && wait.Seconds() != *vector.Seconds) {
			t.Errorf("%q: %v", value, wait)
		}
	}
}

func TestRetryDelay(t *testing.T) {
	for _, vector := range readVectors(t).Retries {
		t.Run(vector.Name, func(t *testing.T) {
			var failed failedAttempt
			if vector.Status != nil {
				failed.status = *vector.Status
			}
			if vector.Code != nil {
				failed.code = *vector.Code
			}
			if vector.RetryAfter != nil {
				wait := time.Duration(*vector.RetryAfter * float64(time.Second))
				failed.retryAfter = &wait
			}
			delay, isRepeated := retryDelay(failed, vector.Failures, vector.MaxRetries, vector.Random)
			if isRepeated != (vector.DelayMs != nil) {
				t.Fatalf("%s, %t", delay, isRepeated)
			}
			if isRepeated && delay.Seconds()*1000 != *vector.DelayMs {
				t.Fatalf("%s instead of %g ms", delay, *vector.DelayMs)
			}
		})
	}
}

func TestSplitBatch(t *testing.T) {
	for _, vector := range readVectors(t).Batches {
		t.Run(vector.Name, func(t *testing.T) {
			var lengths []int
			for _, pair := range vector.ByteLengths {
				lengths = append(lengths, slices.Repeat([]int{pair[1]}, pair[0])...)
			}
			if sizes := splitBatch(lengths, vector.EventsMax, vector.BytesMax); !slices.Equal(sizes, vector.Sizes) {
				t.Fatal(sizes)
			}
		})
	}
}

func TestWriteEvent(t *testing.T) {
	vectors := readVectors(t)
	for _, vector := range vectors.Events {
		given := vector.Event
		data := json.RawMessage(given.DataText)
		event := NewEvent{Type: given.Type, ID: given.ID, CreatedAt: given.CreatedAt, Data: data}
		if _, text, err := writeEvent(event); err != nil || string(text) != vector.Text {
			t.Errorf("%s: %s, %v", vector.Name, text, err)
		}
	}
	for _, text := range vectors.InvalidDataTexts {
		if _, _, err := writeEvent(NewEvent{Type: "a", Data: json.RawMessage(text)}); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
	if _, _, err := writeEvent(NewEvent{Type: "a"}); err == nil {
		t.Error("an event without data was accepted")
	}
	_, text, err := writeEvent(NewEvent{Type: "a", ID: eventID, Data: map[string]any{"käse": "<&>"}})
	if err != nil || string(text) != `{"type":"a","id":"`+eventID+`","data":{"käse":"<&>"}}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestNewEventID(t *testing.T) {
	pattern := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for range 1000 {
		event, _, err := writeEvent(NewEvent{Type: "a", Data: struct{}{}})
		if err != nil || !pattern.MatchString(event.ID) || seen[event.ID] {
			t.Fatal(event.ID, err)
		}
		seen[event.ID] = true
	}
}

func TestOptional(t *testing.T) {
	changes := UpdateConnectionRequest{Ordered: Set(false), SigningSecret: Null[string]()}
	text, err := marshal(changes)
	if err != nil || string(text) != `{"signing_secret":null,"ordered":false}` {
		t.Fatalf("%s, %v", text, err)
	}
}

func TestNewRejectsInvalidSettingsWithoutShowingKey(t *testing.T) {
	for _, options := range []Options{
		{URL: "ftp://a", APIKey: "os_k"},
		{URL: "http://u:p@a", APIKey: "os_k"},
		{URL: "http://a", APIKey: "os_k\n"},
		{URL: "http://a"},
	} {
		if _, err := New(options); err == nil || strings.Contains(err.Error(), "os_k") {
			t.Errorf("%v", err)
		}
	}
}
