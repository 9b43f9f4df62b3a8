package ovhrenewtest

import (
	"slices"
	"strconv"
	"time"
)

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

// billObject is billing.Bill.
func (s *Server) billObject(b *bill) any {
	body := s.prices(b.order)
	body["billId"] = b.id
	body["category"] = renewalCategory
	body["date"] = timestamp(b.date)
	body["eInvoicingId"], body["eInvoicingStatus"] = nil, nil
	body["orderId"] = b.order.ID
	body["password"] = b.order.password
	body["pdfUrl"] = "https://www.ovh.com/cgi-bin/order/facture.pdf?esign=" + b.order.password + b.id
	body["url"] = "https://www.ovh.com/cgi-bin/order/facture.cgi?reference=" + b.id + "&passwd=" + b.order.password
	return body
}

func (s *Server) listBills(c *call) any {
	from, to := c.moment("date.from"), c.moment("date.to")
	category := c.enum("category", "CategoryEnum", billCategories...)
	orderID := c.query.Get("orderId")
	if _, err := strconv.ParseInt(orderID, 10, 64); orderID != "" && err != nil {
		c.notOfType("orderId", orderID, "long")
	}
	bills := slices.DeleteFunc(slices.Clone(s.bills), func(b *bill) bool {
		return category != "" && category != renewalCategory || orderID != "" && formatID(b.order.ID) != orderID ||
			!within(b.date, from, to) || s.hidden(c, b.date)
	})
	return list(s, c, bills, func(b *bill) string { return b.id }, s.billObject)
}

func (s *Server) getBill(c *call) any {
	b := first(s.bills, func(b *bill) bool { return b.id == c.args[0] })
	if b == nil {
		return c.noObject(c.args[0])
	}
	return s.billObject(b)
}

func (s *Server) getAssociatedObject(c *call, o *order) any {
	if o.bill == nil {
		return c.noObject(c.args[0])
	}
	return object{"id": o.bill.id, "type": "Bill"}
}
