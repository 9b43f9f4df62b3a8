package ovhrenewtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Order is an order of the account.
type Order struct {
	ID int64 // assigned if zero
	// Status is what the API tells: notPaid, checking, delivered … An order that is
	// added with any but notPaid keeps it until [Server.SetStatus].
	Status string
	// Date is now if zero, Expiration when the server's validity ends.
	Date, Expiration time.Time
	Services         []int64 // those that it renews; none for an order of something new
	Domain           string  // stands in the details of an order of something new; "*" if empty
	Period           string  // for how long it renews, such as P1Y
	Price            string  // before tax, such as "12.99"; only read by [Server.AddOrder]
	Currency         string  // the server's if empty

	// WithoutTax, Tax and WithTax are what it costs. AddOrder works them out from
	// Price unless WithTax is given.
	WithoutTax, Tax, WithTax Amount
	Elsewhere                bool // an order that did not come through the API: it was added
	Payments                 int  // how often it was paid
}

type order struct {
	Order
	password  string
	details   []detail
	placed    time.Time // when it came into the book
	told      int       // how often its date was
	pinned    string    // a status that stays
	paidAt    time.Time // when the first payment was accepted
	under     Behaviour // how the server answered then
	delivered bool
	payment   Payment
	bill      *bill
}

type orderBook struct {
	all          []*order
	byID         map[int64]*order
	nextID       int64
	nextDetailID int64
}

// newOrder makes an order of a strategy; it is not in the book yet.
func (s *Server) newOrder(offered *strategy) *order {
	o := &order{placed: s.now, Order: Order{
		ID:         s.orders.nextID,
		Date:       s.now.Truncate(time.Second),
		Services:   slices.Clone(offered.services),
		Period:     offered.period,
		WithoutTax: offered.price,
	}}
	s.completeOrder(&o.Order)
	return o
}

func (s *Server) completeOrder(o *Order) {
	if o.Expiration.IsZero() {
		o.Expiration = o.Date.Add(cmp.Or(s.behaviour.OrderValidity, 7*24*time.Hour))
	}
	o.Currency = cmp.Or(o.Currency, s.currency())
	if o.WithTax != 0 {
		return
	}
	o.Tax = percentOf(o.WithoutTax, s.amount("Behaviour.TaxPercent", cmp.Or(s.behaviour.TaxPercent, "20")))
	o.WithTax = o.WithoutTax + o.Tax
}

func (s *Server) enter(o *order) {
	book := &s.orders
	if s.behaviour.FallingIDs {
		book.nextID = min(book.nextID, o.ID-1)
	} else {
		book.nextID = max(book.nextID, o.ID+1)
	}
	book.all = append(book.all, o)
	book.byID[o.ID] = o
	o.password = fmt.Sprintf("p%07x", uint32(o.ID)*2_654_435_761>>4)
	if o.ID == GuideOrderID {
		o.password = "aBcD" // as the guide prints it
	}
	o.details = s.newDetails(o)
	for _, id := range o.Services {
		svc := s.services.byID[id]
		svc.orders = append(svc.orders, o)
	}
}

// AddOrder puts an order into the account that was made elsewhere, in the web
// console for one, and returns its id.
func (s *Server) AddOrder(add Order) int64 {
	defer s.lock()()
	add.ID = cmp.Or(add.ID, s.orders.nextID)
	if s.orders.byID[add.ID] != nil {
		s.fail("AddOrder(%d): there is such an order already", add.ID)
		return add.ID
	}
	for _, id := range add.Services {
		if s.service("AddOrder", id) == nil {
			return add.ID
		}
	}
	if add.Date.IsZero() {
		add.Date = s.now.Truncate(time.Second)
	}
	if add.Price != "" {
		add.WithoutTax = s.amount("AddOrder", add.Price)
	}
	s.completeOrder(&add)
	add.Elsewhere = true
	o := &order{Order: add, placed: add.Date, delivered: add.Status == "delivered"}
	if add.Status != "notPaid" {
		o.pinned = add.Status
	}
	s.enter(o)
	return o.ID
}

// Pay pays an order elsewhere, in the web console for one.
func (s *Server) Pay(id int64) {
	defer s.lock()()
	if o := s.orderNamed("Pay", id); o != nil {
		s.charge(o, Payment{Type: "creditCard", Elsewhere: true})
	}
}

// orderNamed finds an order; none is a mistake. The caller holds the lock.
func (s *Server) orderNamed(call string, id int64) *order {
	o := s.orders.byID[id]
	if o == nil {
		s.fail("%s(%d): no such order", call, id)
	}
	return o
}

// Orders returns all orders, as they stand now.
func (s *Server) Orders() []Order {
	defer s.lock()()
	return each(s.orders.all, func(o *order) Order {
		told := o.Order
		told.Status, told.Services = s.status(o), slices.Clone(o.Services)
		return told
	})
}

func (s *Server) prices(o *order) object {
	return object{
		"priceWithTax":    s.price(o.WithTax, o.Currency),
		"priceWithoutTax": s.price(o.WithoutTax, o.Currency),
		"tax":             s.price(o.Tax, o.Currency),
	}
}

// orderObject is service.renew.RenewOrder.
func (s *Server) orderObject(o *order) object {
	date := o.Date
	if o.told%2 == 1 {
		date = date.Add(s.behaviour.DateSkew)
	}
	o.told++
	body := s.prices(o)
	body["orderId"] = o.ID
	body["date"], body["expirationDate"], body["retractionDate"] = timestamp(date), timestamp(o.Expiration), nil
	body["password"] = o.password
	body["url"] = fmt.Sprintf("https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=%d&orderPassword=%s", o.ID, o.password)
	body["pdfUrl"] = body["url"]
	return body
}

// billingOrder is billing.Order.
func (s *Server) billingOrder(o *order) any {
	body := s.orderObject(o)
	body["metadatas"] = []string{}
	return body
}

func (s *Server) getOrder(_ *call, o *order) any { return s.billingOrder(o) }

func (s *Server) orderOf(c *call) *order {
	o := s.orders.byID[c.long(0, "orderId")]
	if o == nil || s.now.Sub(o.placed) < s.behaviour.OrderLag {
		c.noObject(c.args[0])
		return nil
	}
	return o
}

func (s *Server) listOrders(c *call) any {
	from, to := c.moment("date.from"), c.moment("date.to")
	if s.behaviour.WholeList {
		from, to = time.Time{}, time.Time{}
	}
	orders := slices.DeleteFunc(slices.Clone(s.orders.all), func(o *order) bool {
		return !within(o.Date, from, to) || s.hidden(c, o.Date) || s.now.Sub(o.placed) < s.listLag(o)
	})
	return list(s, c, orders, func(o *order) int64 { return o.ID }, s.billingOrder)
}

// listLag is how long after it was placed an order shows in the list. Shuffled,
// it is a share of the longest that is spread evenly over neighbouring ids.
func (s *Server) listLag(o *order) time.Duration {
	lag := s.behaviour.ListLag
	if s.behaviour.ListShuffle {
		const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio
		share := float64(uint64(o.ID)*golden) / (1 << 64)
		lag = time.Duration(share * float64(lag))
	}
	return lag
}

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
	id, details := c.long(1, "orderDetailId"), s.visibleDetails(o)
	i := slices.IndexFunc(details, func(d detail) bool { return d.id == id })
	if i < 0 {
		return c.noObject(c.args[1])
	}
	return s.detailObject(o, details[i])
}

// getFollowUp answers four steps that are all still to do, as it was seen even for
// orders that were delivered.
func (s *Server) getFollowUp(*call, *order) any {
	return each([]string{"VALIDATING", "VALIDATED", "DELIVERING", "AVAILABLE"}, func(step string) object {
		return object{"step": step, "status": "TODO", "history": []object{}}
	})
}
