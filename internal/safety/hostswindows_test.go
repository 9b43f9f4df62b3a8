// The windows of the package's documentation, as the random schedules of several programs tell
// them.

package safety_test

import (
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// window names the window of the package's documentation in which a service was paid for
// twice, or returns nothing if it is none of them.
func (s *hosts) window(id ovhrenew.ServiceID, first, second ovhrenewtest.Payment) string {
	shows := s.b.StatusLag + time.Minute
	one, two := s.order(first.Order), s.order(second.Order)
	apart := two.Date.Sub(one.Date).Abs()
	several := s.sharing != ovhrenew.OnlyJournal
	listed := s.lateOrder + s.b.ListLag + time.Minute // from the call on
	if s.b.StalePages {
		listed += s.b.StaleCache
	}
	sent := second.Time // which may have been later than its call
	if sender, ok := s.senderOf(second); ok {
		sent = sender.at
	}
	itself := func(p ovhrenewtest.Payment) bool { return s.b.PayOnOrder && p.Mean == "ovhAccount" }
	switch {
	case second.Elsewhere:
		return "a person pays what is paid"
	case first.Elsewhere && sent.Sub(first.Time) <= shows && first.Order == second.Order:
		return "a person, and a run that pays the same order"
	case first.Elsewhere && sent.Sub(first.Time) <= shows:
		return "a person, and a run that pays another order"
	case first.Order == second.Order && itself(first) && !several:
		return "the only journal pays what the API had paid by itself"
	case first.Order != second.Order && (itself(first) || itself(second)) && several && apart <= listed:
		return "two orders that the API pays by itself"
	case first.Order == second.Order && several && s.b.SecondOrder == ovhrenewtest.SecondOrderSame && s.bothPlaced(first.Order):
		return "the second order answered with the first"
	case first.Order == second.Order && s.named[ovhrenew.OrderID(first.Order)] == "taken over" && sent.Sub(first.Time) <= shows:
		return "an order that is named to another run"
	case first.Order != second.Order && several && !s.repriced.IsZero() && s.b.AfterPay != "" && two.Date.Sub(one.Expiration) > 15*days && s.unread(second):
		return "an order that is under way long after its time, at an old price"
	case first.Order != second.Order && several && s.b.DetailDomain == "*" && !s.repriced.IsZero() && (one.Date.Before(s.repriced) != s.decided(second).Before(s.repriced) || s.keepsTask(first) || s.keepsTask(second)):
		return "orders that do not say what for, on either side of a new price"
	case first.Order != second.Order && s.later(id, first, second):
		return "another expiry"
	}
	return ""
}

// bothPlaced reports whether two journals' calls were answered with the order, within the time
// that it takes to be listed and half a minute more.
func (s *hosts) bothPlaced(order int64) bool {
	for _, a := range s.sends {
		for _, b := range s.sends {
			if !a.pays && !b.pays && a.order == order && b.order == order && a.journal != b.journal && b.at.Sub(a.at).Abs() <= s.b.ListLag+30*time.Second {
				return true
			}
		}
	}
	return false
}

// later reports whether an order was placed, or named to be taken over and paid, when the
// service was seen renewed by the first payment, along with another that was to be renewed.
func (s *hosts) later(id ovhrenew.ServiceID, first, second ovhrenewtest.Payment) bool {
	order := s.order(second.Order)
	if s.decided(second).Before(first.Time.Add(s.b.StatusLag + s.b.DeliveryDelay + s.b.ExpiryLag)) {
		return false
	}
	return len(order.Services) > 1 && !slices.ContainsFunc(s.sends, func(one sending) bool {
		return one.order == order.ID && one.p.target == id
	})
}

// decided is when the order of a payment was placed, or named to be taken over and paid.
func (s *hosts) decided(p ovhrenewtest.Payment) time.Time {
	if s.named[ovhrenew.OrderID(p.Order)] == "taken over" {
		return p.Time
	}
	return s.order(p.Order).Date
}

// unread reports whether the run that paid, or whose order the API has paid, had a journal that
// may not have read what earlier orders are for.
func (s *hosts) unread(p ovhrenewtest.Payment) bool {
	return slices.ContainsFunc(s.sends, func(one sending) bool {
		return one.order == p.Order && (one.p.journal == nil || one.p.loses)
	})
}

// keepsTask reports whether the run that made a payment may have gone by a task of an earlier
// night, and by the prices of that time.
func (s *hosts) keepsTask(p ovhrenewtest.Payment) bool {
	sent, ok := s.senderOf(p)
	return ok && sent.p.form == byAdvance
}
