package ovhrenew_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// A kind is itself and what it is a kind of, and no two kinds have one text.
func TestErrorKind(t *testing.T) {
	t.Parallel()
	kinds := textConstants(t)["ErrorKind"]
	if len(kinds) < 40 {
		t.Fatalf("found %d kinds in the source", len(kinds))
	}
	broader := map[ovhrenew.ErrorKind]ovhrenew.ErrorKind{
		ovhrenew.ErrAutoRenewFailed: ovhrenew.ErrAutoRenew,
		ovhrenew.ErrCredential:      ovhrenew.ErrDenied,
		ovhrenew.ErrNotGranted:      ovhrenew.ErrDenied,
		ovhrenew.ErrIAM:             ovhrenew.ErrDenied,
	}
	seen := map[string]bool{}
	for _, text := range kinds {
		if seen[text] || text == "" {
			t.Errorf("two kinds are %q", text)
		}
		seen[text] = true
		kind := ovhrenew.ErrorKind(text)
		if kind.Error() != text {
			t.Errorf("Error() = %q, want %q", kind.Error(), text)
		}
		for _, other := range kinds {
			target := ovhrenew.ErrorKind(other)
			want := other == text || broader[kind] == target
			if got := errors.Is(fmt.Errorf("call: %w", kind), target); got != want {
				t.Errorf("errors.Is(%q, %q) = %t, want %t", kind, target, got, want)
			}
		}
	}
}
