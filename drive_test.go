package ovhrenew

import "testing"

// A payment that was paid by two ways that cannot be told apart says so.
func TestPaidByOther(t *testing.T) {
	t.Parallel()
	for tried, want := range map[string]string{"": "somebody else", "payment method 7": "payment method 7 or somebody else"} {
		if got := paidByOther(tried); got != want {
			t.Errorf("%q: %q, want %q", tried, got, want)
		}
	}
}
