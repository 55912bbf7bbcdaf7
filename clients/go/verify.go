package opensend

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Scheme selects the signature to verify.
type Scheme string

const (
	// Standard verifies webhook-signature, which also covers the ID. It is the default.
	Standard Scheme = "standard"
	// Own verifies x-opensend-signature, which does not cover the ID.
	Own Scheme = "opensend"
)

// Request is a request that a receiver got.
type Request struct {
	// Body is the raw body, before it is parsed.
	Body   []byte
	Header http.Header
	// Secrets has the signing secret of the connection, or several during a rotation.
	Secrets []string
	Scheme  Scheme
	// Tolerance is the maximum difference between the timestamp and the clock. Default: 5 minutes.
	Tolerance time.Duration
	// Now is the current time, for tests. Default: time.Now.
	Now time.Time
}

// VerifiedEvent is the event of a verified request.
type VerifiedEvent struct {
	// ID is the same on every attempt: store it to handle each event only once.
	ID        string
	Type      string
	CreatedAt string
	Data      json.RawMessage
	// Timestamp is when this attempt was signed.
	Timestamp time.Time
}

// SignatureErrorCode says why a request is not from your OpenSend.
type SignatureErrorCode string

// The reasons why a request is refused.
const (
	MissingHeader   SignatureErrorCode = "missing_header"
	MalformedHeader SignatureErrorCode = "malformed_header"
	StaleTimestamp  SignatureErrorCode = "stale_timestamp"
	Mismatch        SignatureErrorCode = "mismatch"
	MalformedBody   SignatureErrorCode = "malformed_body"
)

// SignatureError says that a request is not from your OpenSend: respond with 401.
type SignatureError struct{ Code SignatureErrorCode }

func (e *SignatureError) Error() string {
	switch e.Code {
	case MissingHeader:
		return "opensend: a signature header is missing; check that the connection has a signing secret"
	case MalformedHeader:
		return "opensend: a signature header is malformed"
	case StaleTimestamp:
		return "opensend: the timestamp is too old or too far ahead; check the clock of this machine"
	case Mismatch:
		return "opensend: the signature does not match; check the secret, and verify the body before anything parses it"
	default:
		return "opensend: the body is not an event of OpenSend"
	}
}

const (
	defaultTolerance = 5 * time.Minute
	standardPrefix   = "whsec_"
)

var unixSeconds = regexp.MustCompile(`^[0-9]{1,12}$`)

// Verify verifies that a request comes from your OpenSend, is unchanged and recent, and returns its event. Its error is
// a *SignatureError, unless the secrets are invalid.
func Verify(request Request) (*VerifiedEvent, error) {
	prefix := "webhook"
	if request.Scheme == Own {
		prefix = "x-opensend"
	}
	keys, err := keysOf(request)
	if err != nil {
		return nil, err
	}
	id := header(request.Header, "webhook-id")
	timestamp := header(request.Header, prefix+"-timestamp")
	signature := header(request.Header, prefix+"-signature")
	if id == "" || timestamp == "" || signature == "" {
		return nil, &SignatureError{MissingHeader}
	}
	if !unixSeconds.MatchString(timestamp) {
		return nil, &SignatureError{MalformedHeader}
	}
	seconds, _ := strconv.ParseInt(timestamp, 10, 64) // At most twelve digits, so it always fits.
	signedAt := time.Unix(seconds, 0)
	if isStale(signedAt, request) {
		return nil, &SignatureError{StaleTimestamp}
	}
	isValid := false
	if request.Scheme == Own {
		// During a rotation, the previous secret's signature is in a separate header.
		given := []string{signature, header(request.Header, "x-opensend-signature-previous")}
		isValid = matches(keys, timestamp+".", request.Body, given, hex.EncodeToString)
	} else {
		isValid = matches(keys, id+"."+timestamp+".", request.Body, strings.Split(signature, " "), standardText)
	}
	if !isValid {
		return nil, &SignatureError{Mismatch}
	}
	return readEvent(request.Body, id, signedAt)
}

func isStale(signedAt time.Time, request Request) bool {
	now, tolerance := request.Now, request.Tolerance
	if now.IsZero() {
		now = time.Now()
	}
	if tolerance == 0 {
		tolerance = defaultTolerance
	}
	return math.Abs(now.Sub(signedAt).Seconds()) > tolerance.Seconds()
}

// matches compares in constant time.
func matches(keys [][]byte, head string, body []byte, given []string, write func([]byte) string) bool {
	found := false
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(head))
		mac.Write(body)
		expected := []byte(write(mac.Sum(nil)))
		for _, one := range given {
			if hmac.Equal([]byte(one), expected) {
				found = true
			}
		}
	}
	return found
}

func standardText(sum []byte) string { return "v1," + base64.StdEncoding.EncodeToString(sum) }

func keysOf(request Request) ([][]byte, error) {
	keys := make([][]byte, 0, len(request.Secrets))
	for _, secret := range request.Secrets {
		if secret == "" {
			return nil, errors.New("opensend: a secret is empty; set it to the signing secret of the connection")
		}
		encoded, isStandard := strings.CutPrefix(secret, standardPrefix)
		if !isStandard || request.Scheme == Own {
			keys = append(keys, []byte(secret))
			continue
		}
		key, err := base64.StdEncoding.Strict().DecodeString(encoded)
		// The decoder would accept line breaks.
		if err != nil || len(key) == 0 || strings.ContainsAny(encoded, "\r\n") {
			return nil, errors.New("opensend: a secret starts with whsec_ but does not continue with base64; copy all of it")
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("opensend: there is no secret; set it to the signing secret of the connection")
	}
	return keys, nil
}

// header returns an empty string if the header is missing or repeated.
func header(headers http.Header, name string) string {
	if values := headers.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}

func readEvent(body []byte, id string, signedAt time.Time) (*VerifiedEvent, error) {
	var event struct {
		Type      string          `json:"type"`
		CreatedAt string          `json:"created_at"`
		Data      json.RawMessage `json:"data"`
	}
	if !utf8.Valid(body) || json.Unmarshal(body, &event) != nil || event.Type == "" {
		return nil, &SignatureError{MalformedBody}
	}
	verified := VerifiedEvent{ID: id, Type: event.Type, CreatedAt: event.CreatedAt, Data: event.Data, Timestamp: signedAt}
	return &verified, nil
}
