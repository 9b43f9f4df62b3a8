package ovhrenewtest

import (
	"cmp"
	"fmt"
)

// SetStatus makes an order show a status until it is set to another; empty gives
// it back its own. One that turns to delivered is delivered: expiries move.
func (s *Server) SetStatus(id int64, status string) {
	defer s.lock()()
	if o := s.orderNamed("SetStatus", id); o != nil {
		o.pinned = status
		if status == "delivered" {
			s.deliver(o)
		}
	}
}

func (s *Server) status(o *order) string {
	since := s.now.Sub(o.paidAt) - o.under.StatusLag // that the payment shows
	checkedFirst := s.now.Sub(o.placed) < s.behaviour.CheckFirst
	switch {
	case o.pinned != "":
		return o.pinned
	case s.cancelledAfterPay(o):
		return "cancelled"
	case !o.paid() && s.lapsed(o):
		return cmp.Or(s.behaviour.LapsedStatus, "cancelled")
	case (!o.paid() || since < 0) && checkedFirst:
		return "checking"
	case !o.paid() || since < 0:
		return "notPaid"
	case o.under.AfterPay != "":
		return o.under.AfterPay
	case since < o.under.DeliveryDelay/2:
		return "checking"
	case since < o.under.DeliveryDelay || o.under.CancelAfterPay > 0:
		return "delivering"
	}
	return "delivered"
}

func (o *order) paid() bool { return !o.paidAt.IsZero() }

func (s *Server) cancelledAfterPay(o *order) bool {
	after := o.under.CancelAfterPay
	return after > 0 && s.now.Sub(o.paidAt) >= after
}

func (s *Server) lapsed(o *order) bool { return !s.now.Before(o.Expiration) }

// openOrder covers any of the services and could still be paid, now or when it is checked.
func (s *Server) openOrder(services []int64) *order {
	for _, id := range services {
		for _, o := range s.services.byID[id].orders {
			if (o.pinned == "notPaid" || o.pinned == "") && !o.paid() && !s.lapsed(o) {
				return o
			}
		}
	}
	return nil
}

func (s *Server) deliver(o *order) {
	if o.delivered {
		return
	}
	o.delivered = true
	o.bill = &bill{id: fmt.Sprintf("FR%08d", 61_200_001+len(s.bills)), order: o, date: s.now}
	s.bills = append(s.bills, o.bill)
	p, err := parsePeriod(o.Period)
	if err != nil {
		return // an order of something new
	}
	for _, id := range o.Services {
		svc := s.services.byID[id]
		if svc.NoExpiry {
			continue
		}
		svc.Expiry = onDay(p.after(svc.Expiry), svc.Anchor)
		if svc.Mode == "automatic" {
			svc.NextDate = onDay(p.after(svc.NextDate), svc.Anchor)
		}
		expiry := svc.Expiry
		s.later(s.now.Add(s.behaviour.ExpiryLag), func() { s.show(svc, expiry) })
	}
}

func (s *Server) getStatus(_ *call, o *order) any { return s.status(o) }
