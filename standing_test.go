package ovhrenew

import (
	"testing"
	"time"
)

// An unpaid order waits, is about to lapse, or has lapsed, by its own date or, where that
// could not be read, by the one that the journal has.
func TestUnpaidStands(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lapses time.Duration // after noon
		want   standing
	}{
		"days to go":        {7 * day, orderUnpaid},
		"just enough":       {defaultSettle, orderUnpaid},
		"too soon":          {defaultSettle - time.Second, orderLapsing},
		"over, and payable": {-time.Hour, orderLapsing},
		"over for a day":    {-day, orderLapsing},
		"over for good":     {-day - time.Second, orderDead},
	} {
		read, kept := lookAt(0, State{Lapses: noon.AddDate(1, 0, 0)}), lookAt(0, State{Lapses: noon.Add(tt.lapses)})
		read.l.own.ExpirationDate = Timestamp{noon.Add(tt.lapses)}
		for from, r := range map[string]reading{"the order": read, "the journal": kept} {
			if got := r.unpaid(); got != tt.want {
				t.Errorf("%s, by %s: %d, want %d", name, from, got, tt.want)
			}
		}
	}
	if got := lookAt(1000*day, State{}).unpaid(); got != orderUnpaid {
		t.Errorf("an order without an end: %d, want %d", got, orderUnpaid)
	}
}
