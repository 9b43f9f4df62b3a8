package ovhrenew

import "time"

// Patience is how long a renewal looks for what came of it.
type Patience struct {
	// Poll is the first pause between two looks. If zero, it is 2 seconds. The pauses
	// grow to a minute.
	Poll time.Duration `json:"poll,omitempty"`
	// Settle is how long after a spending call its effect may still appear. If nothing is
	// seen until then, it had none. If zero, it is 10 minutes: OVHcloud says that such
	// calls may take 5. A shorter time can pay twice against a slow API.
	Settle time.Duration `json:"settle,omitempty"`
	// Delivery is how long to wait for a paid order to be delivered, and as long again for
	// the expiry to move; and how long for what cannot be read. If zero, it is 30 minutes.
	Delivery time.Duration `json:"delivery,omitempty"`
}

const (
	defaultPoll     = 2 * time.Second
	defaultSettle   = 10 * time.Minute
	defaultDelivery = 30 * time.Minute
	maxPoll         = time.Minute
)

// until is how long to wait in a phase.
func (p Patience) until(phase Phase) time.Duration {
	if phase == PhasePaid {
		return 2 * p.Delivery
	}
	return p.Delivery
}

func (p Patience) check(call string) error {
	for _, field := range []struct {
		name string
		d    time.Duration
	}{{"Poll", p.Poll}, {"Settle", p.Settle}, {"Delivery", p.Delivery}} {
		if field.d < 0 {
			return badInput(call, "Patience."+field.name, field.d, "is negative")
		}
	}
	return nil
}
