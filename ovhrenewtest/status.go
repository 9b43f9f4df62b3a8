package ovhrenewtest

import "time"

// SetStatus makes an order show a status until it is set to another; empty gives
// it back its own. One that turns to delivered is delivered: expiries move.
func (s *Server) SetStatus(id int64, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	o := s.orders.byID[id]
	if o == nil {
		s.failLocked("SetStatus(%d, %s): no such order", id, status)
		return
	}
	o.pinned = status
	if status == "delivered" {
		s.deliver(o, now)
	}
}

// status is what the API tells of an order.
func (s *Server) status(o *order, now time.Time) string {
	if o.pinned != "" {
		return o.pinned
	}
	if !o.paidAt.IsZero() {
		switch paid := now.Sub(o.paidAt) - o.lag; {
		case o.cancelledAfterPay(now):
			return "cancelled"
		case paid < 0 && s.checkedFirst(o, now):
			return "checking"
		case paid < 0:
			return "notPaid"
		case o.afterPay != "":
			return o.afterPay
		case paid < o.delay/2:
			return "checking"
		case paid < o.delay || o.cancel > 0:
			return "delivering"
		}
		return "delivered"
	}
	switch {
	case o.lapsed(now):
		return or(s.behaviour.LapsedStatus, "cancelled")
	case s.checkedFirst(o, now):
		return "checking"
	}
	return "notPaid"
}

// checkedFirst says whether an order is too new to be paid.
func (s *Server) checkedFirst(o *order, now time.Time) bool {
	return now.Sub(o.placed) < s.behaviour.CheckFirst
}

// cancelledAfterPay says whether an order was paid and then cancelled.
func (o *order) cancelledAfterPay(now time.Time) bool {
	return o.cancel > 0 && !o.paidAt.IsZero() && now.Sub(o.paidAt) >= o.cancel
}

func (o *order) lapsed(now time.Time) bool { return !now.Before(o.Expiration) }

// openOrder is one that covers any of the services and could still be paid, now or
// when it has been checked.
func (s *Server) openOrder(now time.Time, services []int64) *order {
	for _, id := range services {
		for _, o := range s.services.byID[id].orders {
			open := o.pinned == "notPaid" || o.pinned == ""
			if open && o.paidAt.IsZero() && !o.lapsed(now) {
				return o
			}
		}
	}
	return nil
}

// deliver moves the expiry of everything that an order renews by its period.
func (s *Server) deliver(o *order, at time.Time) {
	if o.delivered {
		return
	}
	o.delivered = true
	s.addBill(o, at)
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
		s.later(at, at.Add(s.behaviour.ExpiryLag), func(at time.Time) { svc.show(expiry, at) })
	}
}

// getStatus answers a bare text.
func (s *Server) getStatus(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	return ok(s.status(o, c.now))
}
