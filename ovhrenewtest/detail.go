package ovhrenewtest

import (
	"fmt"
	"strconv"
)

// detail is one line of an order.
type detail struct {
	id      int64
	service int64 // 0 for something new
	amount  Amount
}

// newDetails writes one line for each service, with an even share of the price.
func (s *Server) newDetails(o *order) []detail {
	lines := max(1, len(o.Services))
	shares := split(o.WithoutTax, lines)
	details := make([]detail, lines)
	for i := range details {
		details[i] = detail{id: s.orders.nextDetailID, amount: shares[i]}
		if i < len(o.Services) {
			details[i].service = o.Services[i]
		}
		s.orders.nextDetailID++
	}
	return details
}

// detailObject is billing.OrderDetail.
func (s *Server) detailObject(o *order, d detail) object {
	domain, description, kind := or(o.Domain, "*"), "New service", "CREATION"
	if v := s.services.byID[d.service]; v != nil {
		domain = or(s.behaviour.DetailDomain, v.Name)
		description = fmt.Sprintf("Renewal of %s for %s", v.Name, o.Period)
		kind = or(s.behaviour.DetailType, "DURATION")
	}
	return object{
		"orderDetailId": d.id,
		"cancelled":     false,
		"description":   description,
		"detailType":    kind,
		"domain":        domain,
		"quantity":      "1",
		"totalPrice":    s.price(d.amount, o.Currency),
		"unitPrice":     s.price(d.amount, o.Currency),
	}
}

// listDetails answers nothing for an order that is too new to have them.
func (s *Server) listDetails(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	return list(s, c, s.visibleDetails(o, c),
		func(d detail) int64 { return d.id },
		func(d detail) any { return s.detailObject(o, d) })
}

func (s *Server) visibleDetails(o *order, c *call) []detail {
	if c.now.Sub(o.Date) < s.behaviour.DetailsDelay {
		return nil
	}
	return o.details
}

// detailOf finds the line that a path's arguments name.
func (s *Server) detailOf(c *call) (*order, detail, answer, bool) {
	o, a, good := s.orderOf(c)
	if !good {
		return nil, detail{}, a, false
	}
	id, err := strconv.ParseInt(c.args[1], 10, 64)
	if err != nil {
		return nil, detail{}, badRequest("[orderDetailId] Given data (%s) is not valid for type long", c.args[1]), false
	}
	for _, d := range s.visibleDetails(o, c) {
		if d.id == id {
			return o, d, answer{}, true
		}
	}
	return nil, detail{}, noObject(c.args[1]), false
}

func (s *Server) getDetail(c *call) answer {
	o, d, a, good := s.detailOf(c)
	if !good {
		return a
	}
	return ok(s.detailObject(o, d))
}

// getFollowUp answers four steps that are all still to do, as it was seen even for
// orders that were delivered.
func (s *Server) getFollowUp(c *call) answer {
	_, a, good := s.orderOf(c)
	if !good {
		return a
	}
	steps := []object{}
	for _, step := range []string{"VALIDATING", "VALIDATED", "DELIVERING", "AVAILABLE"} {
		steps = append(steps, object{"step": step, "status": "TODO", "history": []object{}})
	}
	return ok(steps)
}
