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
	methods, err := methodsOf(ctx, client)
	if err != nil {
		d.fail(name, err)
		return
	}
	byDefault, confirmed := "", []ovhrenew.Method(nil)
	for _, method := range methods {
		why := attended(method, time.Now())
		if why == "" && method.OneClick != nil && !*method.OneClick {
			confirmed = append(confirmed, method.PaymentMethodID)
		}
		if why == "" && method.Default {
			d.Unattended = slices.Insert(d.Unattended, 0, method.PaymentMethodID)
		} else if why == "" {
			d.Unattended = append(d.Unattended, method.PaymentMethodID)
		}
		if left := time.Until(method.ExpirationDate.Time); why == "" && !method.ExpirationDate.IsZero() && left < ending {
			d.note(name, Warning, "%v ends on %s", method.PaymentMethodID, method.ExpirationDate)
		}
		if method.Default {
			byDefault = fmt.Sprintf("the default, %v (%s), can pay unattended", method.PaymentMethodID, method.PaymentType)
			if why != "" {
				byDefault = fmt.Sprintf("the default, %v, cannot pay unattended: %s", method.PaymentMethodID, why)
			}
		}
	}
	if byDefault == "" {
		byDefault = fmt.Sprintf("there is no default among %d payment methods", len(methods))
	}
	switch {
	case len(d.Unattended) == 0:
		d.note(name, Problem, "%s, and no other can: register a card, or pay with a Mean", byDefault)
	case !slices.ContainsFunc(methods, func(m ovhrenew.PaymentMethod) bool { return m.Default && m.PaymentMethodID == d.Unattended[0] }):
		d.note(name, Warning, "%s; others can: %s", byDefault, words.Listed(d.Unattended))
	case slices.Contains(confirmed, d.Unattended[0]):
		d.note(name, Warning, "%s, if an order lists it: it is not marked for one click, as many a valid card is not", byDefault)
	default:
		d.note(name, OK, "%s; whether an order takes it, only the order tells", byDefault)
	}
}

func methodsOf(ctx context.Context, client Client) ([]ovhrenew.PaymentMethod, error) {
	var methods []ovhrenew.PaymentMethod
	for method, err := range client.PaymentMethods(ctx) {
		if err != nil {
			return nil, err
		}
		methods = append(methods, method)
	}
	return methods, nil
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
