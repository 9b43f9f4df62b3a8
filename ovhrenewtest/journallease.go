package ovhrenewtest

import (
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

func wantInherited(t *testing.T, c ovhrenew.Claim, want bool, why string) {
	t.Helper()
	if c.Inherited() != want {
		t.Errorf("Inherited %s = %t, want %t", why, !want, want)
	}
}

func testInherited(t *testing.T, a, b ovhrenew.Journal) {
	s := state("r", "paying", 0, 1)
	first := claim(t, a, 1, 2)
	add(t, first, s)
	expire(t, a)
	heir := claim(t, b, 2, 3)
	wantInherited(t, heir, true, "of a claim whose holder may be alive")
	wantError(t, "Append when part of the claim has passed to another", first.Append(t.Context(), state("r", "paid", 1, 1)), ovhrenew.ErrBusy)
	release(t, first) // must not let go what is another's
	wantRefused(t, a, ovhrenew.ErrBusy, 2)
	release(t, heir)
	next := claim(t, a, 1, 2)
	defer release(t, next)
	wantInherited(t, next, false, "of a claim whose holder has released it")
	sameStates(t, "States", []ovhrenew.State{s}, next.States())
}

// testInheritedUnused: a claim that was taken over and let go without a word does not make
// the payment that its former holder had begun safe to repeat.
func testInheritedUnused(t *testing.T, a, b ovhrenew.Journal) {
	paying, paid := state("r", "paying", 0, 1), state("r", "paid", 1, 1)
	doubted := paying
	doubted.Doubt = true
	add(t, claim(t, a, 1, 2), paying)
	expire(t, a)
	next := func(service ovhrenew.ServiceID, inherited bool, why string, keep ...ovhrenew.State) {
		t.Helper()
		heir := claim(t, b, service)
		wantInherited(t, heir, inherited, "of a claim "+why)
		add(t, heir, keep...)
		release(t, heir)
	}
	next(1, true, "with a payment that its former holder may still send")
	next(1, true, "with such a payment, after it was let go once")
	release(t, claim(t, b, 2))
	next(2, false, "without a payment that was begun, after it was let go once")
	next(1, true, "with such a payment, once more", doubted)
	next(1, true, "after a state that says paying", paid)
	next(1, false, "after the payment was seen")
}
