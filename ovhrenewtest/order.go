package ovhrenewtest

import (
	"fmt"
	"net/url"
	"slices"
	"time"
)

// Order is an order of the account.
type Order struct {
	// ID is assigned if zero.
	ID int64
	// Status is what the API tells: notPaid, checking, delivered … An order that is
	// added with any but notPaid keeps it until [Server.SetStatus].
	Status string
	// Date is now if zero, Expiration when the server's validity ends.
	Date, Expiration time.Time
	// Services are those that it renews; none for an order of something new.
	Services []int64
	// Domain stands in the details of an order of something new; "*" if empty.
	Domain string
	// Period is for how long it renews, such as P1Y.
	Period string
	// Price is before tax, such as "12.99"; only read by [Server.AddOrder].
	Price string
	// Currency is the server's if empty.
	Currency string

	// WithoutTax, Tax and WithTax are what it costs. AddOrder works them out from
	// Price unless WithTax is given.
	WithoutTax, Tax, WithTax Amount
	// Elsewhere is an order that did not come through the API: it was added.
	Elsewhere bool
	// Payments is how often it was paid.
	Payments int
}

// order is an Order as the server keeps it.
type order struct {
	Order
	password  string
	details   []detail
	placed    time.Time // when it came into the book
	told      int       // how often its date was
	pinned    string    // a status that stays
	paidAt    time.Time // when the first payment was accepted
	lag       time.Duration
	delay     time.Duration
	cancel    time.Duration // how long after that it is cancelled; never if zero
	afterPay  string
	delivered bool
	payment   Payment
	bill      *bill
}

type orderBook struct {
	all          []*order
	byID         map[int64]*order
	nextID       int64
	nextDetailID int64
	// guideID has the password that the guide prints.
	guideID int64
}

func newOrderBook() orderBook {
	return orderBook{byID: map[int64]*order{}, nextID: 256_729_207, nextDetailID: 105_339_987}
}

// newOrder makes an order of a strategy; it is not in the book yet.
func (s *Server) newOrder(now time.Time, offered *strategy) *order {
	o := &order{placed: now, Order: Order{
		ID:         s.orders.nextID,
		Date:       now.Truncate(time.Second),
		Expiration: now.Truncate(time.Second).Add(s.behaviour.orderValidity()),
		Services:   slices.Clone(offered.services),
		Period:     offered.period,
		Currency:   s.behaviour.currency(),
		WithoutTax: offered.price,
	}}
	s.addTax(&o.Order)
	return o
}

func (s *Server) addTax(o *Order) {
	percent, err := s.behaviour.taxPercent()
	if err != nil {
		s.failLocked("Behaviour.TaxPercent: %v", err)
	}
	o.Tax = percentOf(o.WithoutTax, percent)
	o.WithTax = o.WithoutTax + o.Tax
}

// place makes an order of a strategy and puts it into the book.
func (s *Server) place(now time.Time, offered *strategy) *order {
	o := s.newOrder(now, offered)
	s.enter(o)
	return o
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
	if o.ID == book.guideID {
		o.password = "aBcD"
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
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	if add.ID == 0 {
		add.ID = s.orders.nextID
	}
	if s.orders.byID[add.ID] != nil {
		s.failLocked("AddOrder(%d): there is such an order already", add.ID)
		return add.ID
	}
	for _, id := range add.Services {
		if s.service("AddOrder", id) == nil {
			return add.ID
		}
	}
	if add.Date.IsZero() {
		add.Date = now.Truncate(time.Second)
	}
	if add.Expiration.IsZero() {
		add.Expiration = add.Date.Add(s.behaviour.orderValidity())
	}
	add.Currency = or(add.Currency, s.behaviour.currency())
	if add.Price != "" {
		amount, err := parseAmount(add.Price)
		if err != nil {
			s.failLocked("AddOrder: %v", err)
		}
		add.WithoutTax = amount
	}
	if add.WithTax == 0 {
		s.addTax(&add)
	}
	add.Elsewhere = true
	o := &order{Order: add, placed: add.Date}
	if add.Status != "notPaid" {
		o.pinned = add.Status
	}
	o.delivered = add.Status == "delivered"
	s.enter(o)
	return o.ID
}

// Pay pays an order elsewhere, in the web console for one.
func (s *Server) Pay(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	o := s.orders.byID[id]
	if o == nil {
		s.failLocked("Pay(%d): no such order", id)
		return
	}
	s.charge(o, now, Payment{Type: "creditCard", Elsewhere: true})
}

// Orders are all orders, as they stand now.
func (s *Server) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	all := make([]Order, len(s.orders.all))
	for i, o := range s.orders.all {
		all[i] = o.Order
		all[i].Status = s.status(o, now)
		all[i].Services = slices.Clone(o.Services)
	}
	return all
}

// orderObject is what service.renew.RenewOrder and billing.Order have in common.
func (s *Server) orderObject(o *order) object {
	link := "https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=" + fmt.Sprint(o.ID) +
		"&orderPassword=" + url.QueryEscape(o.password)
	date := o.Date
	if o.told%2 == 1 {
		date = date.Add(s.behaviour.DateSkew)
	}
	o.told++
	return object{
		"orderId":         o.ID,
		"date":            timestamp(date),
		"expirationDate":  timestamp(o.Expiration),
		"retractionDate":  nil,
		"password":        o.password,
		"priceWithTax":    s.price(o.WithTax, o.Currency),
		"priceWithoutTax": s.price(o.WithoutTax, o.Currency),
		"tax":             s.price(o.Tax, o.Currency),
		"url":             link,
		"pdfUrl":          link,
	}
}

func (s *Server) renewOrder(o *order) object { return s.orderObject(o) }

func (s *Server) billingOrder(o *order) object {
	body := s.orderObject(o)
	body["metadatas"] = []string{}
	return body
}

// orderOf finds the order that a path's first argument names.
func (s *Server) orderOf(c *call) (*order, answer, bool) {
	id, a, good := c.long(0, "orderId")
	if !good {
		return nil, a, false
	}
	o := s.orders.byID[id]
	if o == nil || c.now.Sub(o.placed) < s.behaviour.OrderLag {
		return nil, noObject(c.args[0]), false
	}
	return o, answer{}, true
}

func (s *Server) getOrder(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	return ok(s.billingOrder(o))
}
