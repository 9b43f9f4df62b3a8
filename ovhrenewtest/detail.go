package ovhrenewtest

import (
	"cmp"
	"fmt"
)

// detail is one line of an order.
type detail struct {
	id      int64
	service int64 // 0 for something new
	amount  Amount
}

// newDetails writes one line for each service, with an even share of the price; what is
// left over is in the first.
func (s *Server) newDetails(o *order) []detail {
	details := make([]detail, max(1, len(o.Services)))
	share, rest := o.WithoutTax/Amount(len(details)), o.WithoutTax%Amount(len(details))
	for i := range details {
		details[i] = detail{id: s.orders.nextDetailID, amount: share}
		if i < len(o.Services) {
			details[i].service = o.Services[i]
		}
		s.orders.nextDetailID++
	}
	details[0].amount += rest
	return details
}

// detailObject is billing.OrderDetail.
func (s *Server) detailObject(o *order, d detail) object {
	domain, description, kind := cmp.Or(o.Domain, "*"), "New service", "CREATION"
	if v := s.services.byID[d.service]; v != nil {
		domain = cmp.Or(s.behaviour.DetailDomain, v.Name)
		description = fmt.Sprintf("Renewal of %s for %s", v.Name, o.Period)
		kind = cmp.Or(s.behaviour.DetailType, "DURATION")
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
func (s *Server) listDetails(c *call, o *order) any {
	return list(s, c, s.visibleDetails(o), func(d detail) int64 { return d.id }, func(d detail) any { return s.detailObject(o, d) })
}

func (s *Server) visibleDetails(o *order) []detail {
	if s.now.Sub(o.Date) < s.behaviour.DetailsDelay {
		return nil
	}
	return o.details
}

func (s *Server) getDetail(c *call, o *order) any {
	id := c.long(1, "orderDetailId")
	for _, d := range s.visibleDetails(o) {
		if d.id == id {
			return s.detailObject(o, d)
		}
	}
	return c.noObject(c.args[1])
}

// getFollowUp answers four steps that are all still to do, as it was seen even for
// orders that were delivered.
func (s *Server) getFollowUp(*call, *order) any {
	steps := []object{}
	for _, step := range []string{"VALIDATING", "VALIDATED", "DELIVERING", "AVAILABLE"} {
		steps = append(steps, object{"step": step, "status": "TODO", "history": []object{}})
	}
	return steps
}
