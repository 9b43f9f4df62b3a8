package ovhrenew

import "time"

// Patience is how long a renewal looks for what came of it.
type Patience struct {
	Poll time.Duration `json:"poll,omitempty"` // first pause, grows to a minute; if zero, 2 seconds
	// Settle is how long after a spending call its effect may still appear. If zero, it is
	// 10 minutes. A shorter time can pay twice against a slow API: OVHcloud says that
	// such calls may take 5.
	Settle time.Duration `json:"settle,omitempty"`
	// Delivery is how long to wait for a delivery, for a moved expiry, and for what
	// cannot be read. If zero, it is 30 minutes.
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
	for name, d := range map[string]time.Duration{"Poll": p.Poll, "Settle": p.Settle, "Delivery": p.Delivery} {
		if d < 0 {
			return badInput(call, "Patience."+name, d, "is negative")
		}
	}
	return nil
}
