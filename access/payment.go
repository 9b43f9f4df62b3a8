package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

func (d *Diagnosis) payment(ctx context.Context, client Client) {
	const name = "payment"
	count, now := 0, time.Now()
	var able []ovhrenew.PaymentMethod // without a person, the default first
	byDefault := ""
	for m, err := range client.PaymentMethods(ctx) {
		if err != nil {
			d.fail(name, err)
			return
		}
		count++
		why := attended(m, now)
		switch {
		case m.Default && why != "":
			byDefault = fmt.Sprintf("the default, %v, cannot pay unattended: %s", m.PaymentMethodID, why)
		case m.Default:
			byDefault = fmt.Sprintf("the default, %v (%s), can pay unattended", m.PaymentMethodID, m.PaymentType)
			able = slices.Insert(able, 0, m)
		case why == "":
			able = append(able, m)
		}
		if why == "" && !m.ExpirationDate.IsZero() && m.ExpirationDate.Sub(now) < ending {
			d.note(name, Warning, "%v ends on %s", m.PaymentMethodID, m.ExpirationDate)
		}
	}
	byDefault = cmp.Or(byDefault, fmt.Sprintf("there is no default among %d payment methods", count))
	for _, m := range able {
		d.Unattended = append(d.Unattended, m.PaymentMethodID)
	}
	switch {
	case len(able) == 0:
		d.note(name, Problem, "%s, and no other can: register a card, or pay with a Mean", byDefault)
	case !able[0].Default:
		d.note(name, Warning, "%s; others can: %s", byDefault, words.Listed(d.Unattended))
	case able[0].OneClick != nil && !*able[0].OneClick:
		d.note(name, Warning, "%s, if an order lists it: it is not marked for one click, as many a valid card is not", byDefault)
	default:
		d.note(name, OK, "%s; whether an order takes it, only the order tells", byDefault)
	}
}

// attended is why a payment method cannot pay without a person; empty if it can.
func attended(m ovhrenew.PaymentMethod, now time.Time) string {
	switch {
	case m.Status != "VALID":
		return "its status is " + cmp.Or(m.Status, "not said")
	case !m.ExpirationDate.IsZero() && now.After(m.ExpirationDate.Time):
		return "it ended on " + m.ExpirationDate.String()
	}
	return ""
}
