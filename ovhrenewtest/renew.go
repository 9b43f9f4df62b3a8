package ovhrenewtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// strategy is one way to renew: a period, a price before tax, and the services
// that it covers.
type strategy struct {
	period   string
	price    Amount
	services []int64
	// option marks those that cover a child service; they are only listed with
	// includeOptions.
	option bool
}

// Offer lets the services be renewed together, for the period and at the price
// before tax, such as "12.99". It is listed under each of them.
func (s *Server) Offer(period, price string, services ...int64) {
	amount, err := parseAmount(price)
	_, periodErr := parsePeriod(period)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	switch {
	case err != nil:
		s.failLocked("Offer: %v", err)
	case periodErr != nil:
		s.failLocked("Offer: %v", periodErr)
	case len(services) == 0:
		s.failLocked("Offer(%s, %s): it covers no service", period, price)
	default:
		s.offer(&strategy{period: period, price: amount, services: services})
	}
}

func (s *Server) offer(add *strategy) {
	for _, id := range add.services {
		svc := s.service("Offer", id)
		if svc == nil {
			return
		}
		add.option = add.option || svc.Parent != 0
	}
	for _, id := range add.services {
		s.strategies[id] = append(s.strategies[id], add)
	}
}

// SetPrice changes the price before tax of what [Server.Offer] offered for the
// period and exactly these services.
func (s *Server) SetPrice(period, price string, services ...int64) {
	amount, err := parseAmount(price)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.failLocked("SetPrice: %v", err)
		return
	}
	if len(services) > 0 {
		if offered := s.strategy(services[0], period, services); offered != nil {
			offered.price = amount
			return
		}
	}
	s.failLocked("SetPrice(%s, %s, %v): nothing like it is offered", period, price, services)
}

// Withdraw takes back every offer that covers the service.
func (s *Server) Withdraw(service int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, gone := range s.strategies[service] {
		for _, id := range gone.services {
			if id != service {
				s.strategies[id] = slices.DeleteFunc(s.strategies[id], func(o *strategy) bool { return o == gone })
			}
		}
	}
	delete(s.strategies, service)
}

// strategy finds what is offered under a service for the period, to the letter,
// and the services, in any order.
func (s *Server) strategy(under int64, period string, services []int64) *strategy {
	wanted := slices.Sorted(slices.Values(services))
	for _, offered := range s.strategies[under] {
		if offered.period == period && slices.Equal(wanted, slices.Sorted(slices.Values(offered.services))) {
			return offered
		}
	}
	return nil
}

// periods are those in which a service can be renewed, as they were first offered.
func (s *Server) periods(v *service) []string {
	var periods []string
	for _, offered := range s.strategies[v.ID] {
		if !slices.Contains(periods, offered.period) {
			periods = append(periods, offered.period)
		}
	}
	return periods
}

// capacities are the periods of an automatic renewal: those on offer, or the usual.
func (s *Server) capacities(v *service) []string {
	if periods := s.periods(v); len(periods) > 0 {
		return periods
	}
	return []string{"P1M", "P3M", "P6M", "P1Y"}
}

// possibleMonths are the periods on offer in the unit of serviceInfos.
func (s *Server) possibleMonths(v *service) []int {
	months := []int{}
	for _, text := range s.periods(v) {
		if p, err := parsePeriod(text); err == nil && p.months > 0 && !slices.Contains(months, p.months) {
			months = append(months, p.months)
		}
	}
	return months
}

// renewDescription is service.renew.RenewDescription.
type renewDescription struct {
	RenewPeriod string          `json:"renewPeriod"`
	Strategies  []renewStrategy `json:"strategies"`
}

// renewStrategy is service.renew.RenewStrategy.
type renewStrategy struct {
	Price         price          `json:"price"`
	PriceInUcents Amount         `json:"priceInUcents"`
	Services      []int64        `json:"services"`
	Details       []renewService `json:"servicesDetails"`
}

// renewService is service.renew.Service.
type renewService struct {
	ServiceID   int64  `json:"serviceId"`
	ServiceName string `json:"serviceName"`
	ServiceType string `json:"serviceType"`
}

func (s *Server) getRenew(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	options := false
	if text := c.query.Get("includeOptions"); text != "" {
		var err error
		if options, err = strconv.ParseBool(text); err != nil {
			return badRequest("[includeOptions] Given data (%s) is not valid for type boolean", text)
		}
	}
	if v.Parent != 0 || v.RenewalType == "oneShot" {
		switch s.behaviour.OffersRefused {
		case OffersBadRequest:
			return badRequest("This service can not be renewed")
		case OffersForbidden:
			return problem(http.StatusForbidden, "Client::Forbidden", "This service can not be renewed")
		}
	}
	offers := []renewDescription{}
	for _, offered := range s.strategies[v.ID] {
		if offered.option && !options {
			continue
		}
		i := slices.IndexFunc(offers, func(d renewDescription) bool { return d.RenewPeriod == offered.period })
		if i < 0 {
			i = len(offers)
			offers = append(offers, renewDescription{RenewPeriod: offered.period})
		}
		offers[i].Strategies = append(offers[i].Strategies, s.renewStrategy(offered))
	}
	return ok(offers)
}

func (s *Server) renewStrategy(offered *strategy) renewStrategy {
	r := renewStrategy{
		Price:         s.price(offered.price, s.behaviour.currency()),
		PriceInUcents: offered.price,
		Services:      offered.services,
	}
	for _, id := range offered.services {
		v := s.services.byID[id]
		r.Details = append(r.Details, renewService{ServiceID: id, ServiceName: v.Name, ServiceType: v.Type})
	}
	return r
}

// dryRun says whether a renewal only asks for the price, as far as its body says
// so. What a missing dryRun means is up to the server; see postRenew.
func (c *call) dryRun() bool {
	var body struct{ DryRun *bool }
	return json.Unmarshal(c.body, &body) == nil && body.DryRun != nil && *body.DryRun
}

// postRenew quotes or orders a renewal.
func (s *Server) postRenew(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	m, a, good := c.members()
	if !good {
		return a
	}
	var duration string
	var services []int64
	dry := s.behaviour.DryRunDefault
	if a, good := m.read("duration", "duration", &duration); !good {
		return a
	}
	if a, good := m.read("services", "long[]", &services); !good {
		return a
	}
	if a, good := m.readIf("dryRun", "boolean", &dry); !good {
		return a
	}
	if dry && len(services) == 0 {
		services = []int64{v.ID} // the manager asks so for the price of one
	}
	offered := s.strategy(v.ID, duration, services)
	if offered == nil {
		return badRequest("No renew strategy of service %d covers services %v for %s", v.ID, services, duration)
	}
	if dry {
		return s.quote(c.now, offered)
	}
	return s.order(c.now, offered)
}

// order answers an order of the strategy: a new one, unless there is an open one
// and that is what counts.
func (s *Server) order(now time.Time, offered *strategy) answer {
	if open := s.openOrder(now, offered.services); open != nil {
		switch s.behaviour.SecondOrder {
		case SecondOrderRefused:
			return problem(http.StatusConflict, "Client::Conflict::ResourceBusy",
				fmt.Sprintf("Order %d for this service is waiting for its payment", open.ID))
		case SecondOrderSame:
			return ok(s.renewOrder(open))
		}
	}
	o := s.place(now, offered)
	if s.behaviour.PayOnOrder && s.affords("ovhAccount", o) {
		s.charge(o, now, Payment{Mean: "ovhAccount", Type: "ovhAccount"})
	}
	return ok(s.renewOrder(o))
}

// quote is what an order of the strategy would be, without there being one.
func (s *Server) quote(now time.Time, offered *strategy) answer {
	o := s.newOrder(now, offered)
	o.ID = 0
	body := s.renewOrder(o)
	fields := []string{"orderId", "date", "expirationDate", "password", "url", "pdfUrl"}
	switch s.behaviour.DryRun {
	case DryRunNull:
		for _, field := range fields {
			body[field] = nil
		}
	case DryRunZero:
		for _, field := range fields {
			body[field] = ""
		}
		body["orderId"], body["date"], body["expirationDate"] = 0, nil, nil
	case DryRunFilled:
		o.ID, o.password = s.orders.nextID+7_000_000, "dRyRuN"
		body = s.renewOrder(o)
	case DryRunAbsent:
		for _, field := range fields {
			delete(body, field)
		}
	}
	return ok(body)
}
