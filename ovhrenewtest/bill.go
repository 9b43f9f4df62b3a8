package ovhrenewtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// bill is what an order leaves behind when it was delivered.
type bill struct {
	id    string
	order *order
	date  time.Time
}

// renewalCategory is that of every bill: orders of the API are early renewals.
const renewalCategory = "earlyrenewal"

// billCategories is billing.CategoryEnum.
var billCategories = []string{
	"autorenew", "earlyrenewal", "purchase", "purchase-cloud", "purchase-servers", "purchase-telecom", "purchase-web",
}

func (s *Server) addBill(o *order, at time.Time) {
	o.bill = &bill{id: fmt.Sprintf("FR%08d", 61_200_001+len(s.bills)), order: o, date: at}
	s.bills = append(s.bills, o.bill)
}

// billObject is billing.Bill.
func (s *Server) billObject(b *bill) object {
	link := "https://www.ovh.com/cgi-bin/order/facture.cgi?reference=" + b.id + "&passwd=" + b.order.password
	return object{
		"billId":           b.id,
		"category":         renewalCategory,
		"date":             timestamp(b.date),
		"eInvoicingId":     nil,
		"eInvoicingStatus": nil,
		"orderId":          b.order.ID,
		"password":         b.order.password,
		"pdfUrl":           "https://www.ovh.com/cgi-bin/order/facture.pdf?esign=" + b.order.password + b.id,
		"priceWithTax":     s.price(b.order.WithTax, b.order.Currency),
		"priceWithoutTax":  s.price(b.order.WithoutTax, b.order.Currency),
		"tax":              s.price(b.order.Tax, b.order.Currency),
		"url":              link,
	}
}

func (s *Server) listBills(c *call) answer {
	from, a, good := c.moment("date.from")
	if !good {
		return a
	}
	to, a, good := c.moment("date.to")
	if !good {
		return a
	}
	orderID := c.query.Get("orderId")
	if _, err := strconv.ParseInt(orderID, 10, 64); orderID != "" && err != nil {
		return badRequest("[orderId] Given data (%s) is not valid for type long", orderID)
	}
	category, a, good := c.enum("category", "CategoryEnum", billCategories...)
	if !good {
		return a
	}
	stale := s.stale(c)
	bills := slices.DeleteFunc(slices.Clone(s.bills), func(b *bill) bool {
		return category != "" && category != renewalCategory || orderID != "" && strconv.FormatInt(b.order.ID, 10) != orderID ||
			!from.IsZero() && b.date.Before(from) || !to.IsZero() && b.date.After(to) ||
			stale > 0 && c.now.Sub(b.date) < stale
	})
	return list(s, c, bills,
		func(b *bill) string { return b.id },
		func(b *bill) any { return s.billObject(b) })
}

func (s *Server) getBill(c *call) answer {
	for _, b := range s.bills {
		if b.id == c.args[0] {
			return ok(s.billObject(b))
		}
	}
	return noObject(c.args[0])
}

// getAssociatedObject answers the bill of an order, once there is one.
func (s *Server) getAssociatedObject(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	if o.bill == nil {
		return noObject(c.args[0])
	}
	return ok(object{"id": o.bill.id, "type": "Bill"})
}
