package autorenew_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
)

// TestChangeString: a line says what changes, what that will charge, and what has failed.
func TestChangeString(t *testing.T) {
	t.Parallel()
	manual := autorenew.State{Mode: ovhrenew.ModeManual}
	yearly := autorenew.State{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y}
	expiry, err := ovhrenew.ParseDate("2026-09-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change autorenew.Change
		none   bool
		want   string
	}{
		{autorenew.Change{From: manual, To: manual}, true, "a (1): manual, as it is"},
		{autorenew.Change{From: manual, To: yearly, Follows: true}, true, "a (1): renews with the service it belongs to"},
		{autorenew.Change{From: yearly, To: manual, Expiry: expiry}, false, "a (1): automatic, every P1Y -> manual"},
		{
			autorenew.Change{From: manual, To: yearly, Expiry: expiry},
			false,
			"a (1): manual -> automatic, every P1Y; OVHcloud will charge it by itself when it expires, 2026-09-01",
		},
		{
			autorenew.Change{From: yearly, To: yearly, Failed: expiry},
			true,
			"a (1): automatic, every P1Y, as it is; it should have renewed by itself on 2026-09-01 and did not: " +
				"look for an unpaid bill and at the default payment method",
		},
		// A period in other letters is the same one.
		{autorenew.Change{From: yearly, To: autorenew.State{Mode: ovhrenew.ModeAutomatic, Period: "P12M"}}, true, "a (1): automatic, every P1Y, as it is"},
	} {
		c.change.ServiceID, c.change.Name = 1, "a"
		plan := &autorenew.Plan{Changes: []autorenew.Change{c.change}}
		if got := plan.String(); got != c.want || plan.None() != c.none {
			t.Errorf("the plan is %q, none: %t; want %q, %t", got, plan.None(), c.want, c.none)
		}
	}
}
