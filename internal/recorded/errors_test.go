// What becomes of the refusals that people have recorded, in any call.

package recorded_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

var sentinels = map[string]error{
	"ErrDenied": ovhrenew.ErrDenied, "ErrCredentialInvalid": ovhrenew.ErrCredential, "ErrNotGranted": ovhrenew.ErrNotGranted,
	"ErrIAM": ovhrenew.ErrIAM, "ErrCannotPay": ovhrenew.ErrCannotPay, "ErrNotFound": ovhrenew.ErrNotFound, "ErrUnsure": ovhrenew.ErrUnsure,
	"ErrUnsupported": ovhrenew.ErrUnsupported, "ErrServer": ovhrenew.ErrServer, "ErrRateLimited": ovhrenew.ErrRateLimited, "ErrExpired": ovhrenew.ErrExpired,
}

// TestRecordedErrors reads the refusals that people have recorded, as answers to a
// payment, and compares each with the errors that it is and is not.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, r := range records(t) {
		if !strings.HasPrefix(r.Route, "error") {
			continue
		}
		seen++
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			t.Logf("%s: %s, %s", r.Kind, r.Source, r.Date)
			client, server := answering(t, map[string]record{"POST /me/order/1/pay": r, "GET /me/order/1": r})
			err := client.Pay(t.Context(), 1, ovhrenew.Method(1))
			for _, expect := range r.Expect {
				if expect == "ClockRefreshed" {
					checkClock(t, client, server)
					continue
				}
				if r.name == "error-404-url-eu" {
					expect = "ErrNotFound" // every region has this route
				}
				sentinel, not := strings.CutPrefix(expect, "!")
				if want := sentinels[sentinel]; want == nil || errors.Is(err, want) == not {
					t.Errorf("%v, want %s", err, expect)
				}
			}
			answer, ok := errors.AsType[*ovhrenew.Error](err)
			if !ok {
				t.Fatalf("%v is no *Error", err)
			}
			checkFacts(t, r, *answer)
		})
	}
	if seen < 25 {
		t.Errorf("%d recorded errors", seen)
	}
}

// checkFacts compares an Error with the answer: nothing of it is lost.
func checkFacts(t *testing.T, r record, e ovhrenew.Error) {
	t.Helper()
	if e.Status != r.Status || e.QueryID != r.Headers["X-Ovh-Queryid"] {
		t.Errorf("status %d, query id %q", e.Status, e.QueryID)
	}
	body, ok := generic(t, r.Body).(map[string]any)
	if !ok {
		return
	}
	for member, read := range map[string]string{"class": e.Class, "errorCode": e.Code, "message": e.Message} {
		if text, ok := body[member].(string); ok && read != text {
			t.Errorf("%s: read %q, answered %q", member, read, text)
		}
	}
	details, _ := body["details"].(map[string]any)
	for name, detail := range details {
		if text, ok := detail.(string); ok && e.Details[name] != text {
			t.Errorf("details.%s: read %q, answered %q", name, e.Details[name], text)
		}
	}
}

// checkClock checks that a Read that is answered so asks the time again, once, and is
// signed anew.
func checkClock(t *testing.T, client *ovhrenew.API, s *server) {
	t.Helper()
	before := len(s.asked)
	_, err := client.Order(t.Context(), 1)
	// The payment was not sent again, but made the clock doubtful: it is read twice, before
	// the first attempt and after it.
	want := []string{"GET /auth/time", "GET /me/order/1", "GET /auth/time", "GET /me/order/1"}
	if got := s.asked[before:]; !errors.Is(err, ovhrenew.ErrDenied) || !slices.Equal(got, want) {
		t.Errorf("asked %q, want %q: %v", got, want, err)
	}
}
