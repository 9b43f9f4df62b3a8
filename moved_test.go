package ovhrenew

import "testing"

// Before a payment one expiry that has moved is enough to stop; after it, all have to, and the
// receipt says whether one moved to another day than the period leads to.
func TestMoved(t *testing.T) {
	t.Parallel()
	from, well, odd := MustDate("2026-12-01"), MustDate("2027-12-01"), MustDate("2027-01-01")
	for name, tt := range map[string]struct {
		a, b Date
		want map[Phase]moved
	}{
		"none":           {from, from, map[Phase]moved{PhaseWanted: movedNot, PhaseOrdered: movedNot, PhasePaid: movedNot, PhaseRenewed: movedNot}},
		"both":           {well, well, map[Phase]moved{PhaseWanted: movedOn, PhaseOrdered: movedOn, PhasePaid: movedOn, PhaseRenewed: movedOn}},
		"one":            {well, from, map[Phase]moved{PhaseWanted: movedOn, PhasePaying: movedOn, PhasePaid: movedNot, PhaseRenewed: movedNot}},
		"one oddly":      {odd, from, map[Phase]moved{PhaseWanted: movedOn, PhaseOrdered: movedOn, PhasePaid: movedNot}},
		"two, one oddly": {odd, well, map[Phase]moved{PhaseWanted: movedOn, PhasePaid: movedOn, PhaseRenewed: movedOn}},
	} {
		for phase, want := range tt.want {
			r := lookAt(0, State{Phase: phase})
			r.task = Task{Offer: Offer{Period: P1Y}, Services: []Renewed{{ServiceID: 1, From: from}, {ServiceID: 2, From: from}}}
			r.move(map[ServiceID]Service{1: {Expiry: tt.a}, 2: {Expiry: tt.b}})
			if r.l.moved != want {
				t.Errorf("%s, %s: %d, want %d", name, phase, r.l.moved, want)
			}
			if (r.l.movedErr == nil) != (tt.a == from && tt.b == from) || len(r.l.renewed) != 2 {
				t.Errorf("%s, %s: says %v of %v", name, phase, r.l.movedErr, r.l.renewed)
			}
			if got := r.receipt(r.l).Unexpected; want == movedOn && phase == PhasePaid && got != (tt.a == odd || tt.b == odd) {
				t.Errorf("%s: a receipt says unexpected %t", name, got)
			}
		}
	}
}
