package ovhrenewtest

import (
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// expire lets the claims of a handle pass to whoever asks next, while its process may be
// alive; a journal that cannot do so has no leases to be tested.
func expire(t *testing.T, j ovhrenew.Journal) {
	t.Helper()
	leases, ok := j.(interface{ ExpireLeases() })
	if !ok {
		t.Skip("the journal has no leases that can be made to expire")
	}
	leases.ExpireLeases()
}

func testInherited(t *testing.T, a, b ovhrenew.Journal) {
	s := state("r", "paying", 0, 1)
	first := claim(t, a, 1, 2)
	if err := first.Append(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	expire(t, a)
	heir := claim(t, b, 2, 3)
	if !heir.Inherited() {
		t.Error("Inherited of a claim whose holder may be alive = false")
	}
	if err := first.Append(t.Context(), state("r", "paid", 1, 1)); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Append when part of the claim has passed to another = %v, want %v", err, ovhrenew.ErrJournal)
	}
	release(t, first) // must not let go what is another's
	if c, err := a.Claim(t.Context(), account, 2); !errors.Is(err, ovhrenew.ErrBusy) {
		t.Errorf("Claim of what was inherited = %v, %v, want %v", c, err, ovhrenew.ErrBusy)
	}
	release(t, heir)
	next := claim(t, a, 1, 2)
	defer release(t, next)
	if next.Inherited() {
		t.Error("Inherited of a claim whose holder has released it = true")
	}
	sameStates(t, "States", []ovhrenew.State{s}, next.States())
}

// testInheritedUnused: a claim that was taken over and let go without a word does not make
// the payment that its former holder had begun safe to repeat.
func testInheritedUnused(t *testing.T, a, b ovhrenew.Journal) {
	paying := state("r", "paying", 0, 1)
	first := claim(t, a, 1, 2)
	if err := first.Append(t.Context(), paying); err != nil {
		t.Fatal(err)
	}
	expire(t, a)
	for range 2 {
		heir := claim(t, b, 1)
		if !heir.Inherited() {
			t.Error("Inherited of a claim with a payment that its former holder may still send = false")
		}
		sameStates(t, "States", []ovhrenew.State{paying}, heir.States())
		release(t, heir)
	}
	release(t, claim(t, b, 2))
	if other := claim(t, b, 2); other.Inherited() {
		t.Error("Inherited of a claim without a payment that was begun = true, after it was let go once")
	} else {
		release(t, other)
	}
	// A state that still has it under way keeps it so; one that has not ends it.
	heir := claim(t, b, 1)
	doubted := paying
	doubted.Doubt = true
	if err := heir.Append(t.Context(), doubted); err != nil {
		t.Fatal(err)
	}
	release(t, heir)
	heir = claim(t, b, 1)
	if !heir.Inherited() {
		t.Error("Inherited after a state that says paying = false")
	}
	if err := heir.Append(t.Context(), state("r", "paid", 1, 1)); err != nil {
		t.Fatal(err)
	}
	release(t, heir)
	next := claim(t, b, 1)
	defer release(t, next)
	if next.Inherited() {
		t.Error("Inherited after the payment was seen = true")
	}
}
