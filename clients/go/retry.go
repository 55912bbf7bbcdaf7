package opensend

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	// The first delay; each further one is twice as long, up to the longest.
	firstDelay   = 250 * time.Millisecond
	longestDelay = 8 * time.Second
	// If the server asks for a longer wait, the call fails and the caller decides.
	retryAfterMax = 30 * time.Second
)

var delaySeconds = regexp.MustCompile(`^[0-9]{1,10}$`)

// readRetryAfter reads a Retry-After header (RFC 9110, section 10.2.3). It returns nil if the header is missing or
// malformed.
func readRetryAfter(value string, now time.Time) *time.Duration {
	text := strings.TrimSpace(value)
	if delaySeconds.MatchString(text) {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds > math.MaxInt64/int64(time.Second) {
			return nil
		}
		wait := time.Duration(seconds) * time.Second
		return &wait
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return nil
	}
	wait := max(0, at.Sub(now))
	return &wait
}

// failedAttempt describes a failed attempt; its status is 0 if there was no response.
type failedAttempt struct {
	status     int
	code       ErrorCode
	retryAfter *time.Duration
}

// retryDelay returns the time to wait before the next attempt, and false to give up. Every call is safe to repeat:
// events have IDs, actions have idempotency keys, and all other calls lead to the same state. failures counts the
// attempts so far; random is from 0 to 1.
func retryDelay(failed failedAttempt, failures, retriesMax int, random float64) (time.Duration, bool) {
	if failures > retriesMax || !isTransient(failed) {
		return 0, false
	}
	backoff := min(longestDelay, firstDelay<<min(failures-1, 10))
	if failed.retryAfter == nil {
		return time.Duration(float64(backoff) * (0.5 + 0.5*random)), true
	}
	if *failed.retryAfter > retryAfterMax {
		return 0, false
	}
	// Random, so that clients refused at the same time do not all retry at the same time.
	return *failed.retryAfter + time.Duration(float64(backoff)*random), true
}

func isTransient(failed failedAttempt) bool {
	switch failed.status {
	case 0, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return false
	}
	return failed.status >= 500 || failed.code == ErrorCodeIdempotencyKeyInUse
}
