package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// TestRecordedErrors reads the refusals that people have recorded, and holds each
// against the errors that it is and is not.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	sentinels := map[string]error{
		"ErrDenied": ovhrenew.ErrDenied, "ErrCredentialInvalid": ovhrenew.ErrCredential, "ErrNotGranted": ovhrenew.ErrNotGranted,
		"ErrIAM": ovhrenew.ErrIAM, "ErrCannotPay": ovhrenew.ErrCannotPay, "ErrNotFound": ovhrenew.ErrNotFound, "ErrUnsure": ovhrenew.ErrUnsure,
		"ErrUnsupported": ovhrenew.ErrUnsupported, "ErrServer": ovhrenew.ErrServer, "ErrRateLimited": ovhrenew.ErrRateLimited, "ErrExpired": ovhrenew.ErrExpired,
	}
	names, err := filepath.Glob("testdata/recorded/error-*.json")
	if err != nil || len(names) < 20 {
		t.Fatalf("found %d recorded errors, %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var recorded struct {
			Status int
			Expect []string
			Body   json.RawMessage
		}
		if err := json.Unmarshal(data, &recorded); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body := string(recorded.Body)
		var text string
		if json.Unmarshal(recorded.Body, &text) == nil { // a page
			body = text
		}
		answer := answering(t, "POST /me/order/1/pay", recorded.Status, body).Pay(t.Context(), 1, ovhrenew.Method(1))
		for _, expect := range recorded.Expect {
			sentinel, not := strings.CutPrefix(expect, "!")
			if want := sentinels[sentinel]; want == nil || errors.Is(answer, want) == not {
				t.Errorf("%s: %v, want %s", name, answer, expect)
			}
		}
	}
}
