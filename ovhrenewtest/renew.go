package ovhrenewtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

type strategy struct {
	period   string
	every    period
	price    Amount
	services []int64
	// option marks those that cover a child service; they are only listed with
	// includeOptions.
	option bool
}

// Offer lets the services be renewed together, for the period and at the price
// before tax, such as "12.99". It is listed under each of them.
func (s *Server) Offer(period, price string, services ...int64) {
	defer s.lock()()
	add := &strategy{period: period, price: s.amount("Offer", price), services: services}
	var err error
	if add.every, err = parsePeriod(period); err != nil {
		s.fail("Offer: %v", err)
	}
	if len(services) == 0 {
		s.fail("Offer(%s, %s): it covers no service", period, price)
	}
	for _, id := range services {
		if svc := s.service("Offer", id); svc != nil {
			add.option = add.option || svc.Parent != 0
			svc.offers = append(svc.offers, add)
		}
	}
}

// offers lets a service be renewed by itself, for a period and at a price, and another.
func (s *Server) offers(service int64, periodsAndPrices ...string) {
	for pair := range slices.Chunk(periodsAndPrices, 2) {
		s.Offer(pair[0], pair[1], service)
	}
}

// SetPrice changes the price before tax of what [Server.Offer] offered for the
// period and exactly these services.
func (s *Server) SetPrice(period, price string, services ...int64) {
	defer s.lock()()
	amount := s.amount("SetPrice", price)
	for _, id := range services {
		if svc := s.service("SetPrice", id); svc != nil {
			if offered := svc.offer(period, services); offered != nil {
				offered.price = amount
				return
			}
		}
	}
	s.fail("SetPrice(%s, %s, %v): nothing like it is offered", period, price, services)
}

// Withdraw takes back every offer that covers the service.
func (s *Server) Withdraw(service int64) {
	defer s.lock()()
	for _, v := range s.services.all {
		v.offers = slices.DeleteFunc(v.offers, func(o *strategy) bool { return slices.Contains(o.services, service) })
	}
}

// offer finds a strategy by its period, to the letter, and its services, in any order.
func (v *service) offer(period string, services []int64) *strategy {
	wanted := slices.Sorted(slices.Values(services))
	return first(v.offers, func(offered *strategy) bool {
		return offered.period == period && slices.Equal(wanted, slices.Sorted(slices.Values(offered.services)))
	})
}

// periods are those in which a service can be renewed, as they were first offered.
func (v *service) periods() []string {
	return distinct(each(v.offers, func(o *strategy) string { return o.period }))
}

func (v *service) capacities() []string {
	if periods := v.periods(); len(periods) > 0 {
		return periods
	}
	return []string{"P1M", "P3M", "P6M", "P1Y"}
}

// possibleMonths are the periods on offer in the unit of serviceInfos.
func (v *service) possibleMonths() []int {
	months := distinct(each(v.offers, func(o *strategy) int { return o.every.months }))
	return slices.DeleteFunc(months, func(n int) bool { return n == 0 })
}

// getRenew answers service.renew.RenewDescription[].
func (s *Server) getRenew(c *call, v *service) any {
	text := c.query.Get("includeOptions")
	options, err := strconv.ParseBool(cmp.Or(text, "false"))
	if err != nil {
		return c.notOfType("includeOptions", text, "boolean")
	}
	if status := s.behaviour.OffersRefused; status != 0 && (v.Parent != 0 || v.RenewalType == "oneShot") {
		class := "Client::" + strings.ReplaceAll(http.StatusText(status), " ", "")
		return c.refuse(problem(status, class, "This service can not be renewed"))
	}
	offers := []object{}
	for _, period := range v.periods() {
		strategies := filter(v.offers, func(o *strategy) bool { return o.period == period && (options || !o.option) })
		if len(strategies) > 0 {
			offers = append(offers, object{"renewPeriod": period, "strategies": each(strategies, s.renewStrategy)})
		}
	}
	return offers
}

// renewStrategy is service.renew.RenewStrategy.
func (s *Server) renewStrategy(offered *strategy) object {
	return object{
		"price":         s.price(offered.price, s.currency()),
		"priceInUcents": offered.price,
		"services":      offered.services,
		"servicesDetails": each(offered.services, func(id int64) object {
			v := s.services.byID[id]
			return object{"serviceId": id, "serviceName": v.Name, "serviceType": v.Type}
		}),
	}
}

// dryRun is what the body says. What it means if it is missing is up to the server.
func (c *call) dryRun() bool {
	var body struct{ DryRun *bool }
	return json.Unmarshal(c.body, &body) == nil && body.DryRun != nil && *body.DryRun
}

func (s *Server) postRenew(c *call, v *service) any {
	var duration string
	var services []int64
	dry := s.behaviour.DryRunDefault
	m := c.members()
	m.need("duration", "duration", &duration)
	m.need("services", "long[]", &services)
	m.read("dryRun", "boolean", &dry)
	if dry && len(services) == 0 {
		services = []int64{v.ID} // the manager asks so for the price of one
	}
	offered := v.offer(duration, services)
	if offered == nil {
		c.badRequest("No renew strategy of service %d covers services %v for %s", v.ID, services, duration)
	}
	if c.refusal != nil {
		return nil
	}
	if dry {
		return s.quote(offered)
	}
	return s.order(c, offered)
}

// order answers a new order, unless there is an open one and that is what counts.
func (s *Server) order(c *call, offered *strategy) any {
	if open := s.openOrder(offered.services); open != nil {
		switch s.behaviour.SecondOrder {
		case SecondOrderRefused:
			return c.refuse(problem(http.StatusConflict, "Client::Conflict::ResourceBusy",
				fmt.Sprintf("Order %d for this service is waiting for its payment", open.ID)))
		case SecondOrderSame:
			return s.orderObject(open)
		}
	}
	o := s.newOrder(offered)
	s.enter(o)
	if s.behaviour.PayOnOrder && s.affords("ovhAccount", o) {
		s.charge(o, Payment{Mean: "ovhAccount", Type: "ovhAccount"})
	}
	return s.orderObject(o)
}

// quote is what an order of the strategy would be, without there being one.
func (s *Server) quote(offered *strategy) any {
	o := s.newOrder(offered)
	o.ID, o.password = s.orders.nextID+7_000_000, "dRyRuN"
	body := s.orderObject(o)
	for _, field := range []string{"orderId", "date", "expirationDate", "password", "url", "pdfUrl"} {
		switch s.behaviour.DryRun {
		case DryRunNull:
			body[field] = nil
		case DryRunZero:
			body[field] = map[string]any{"orderId": 0, "password": "", "url": "", "pdfUrl": ""}[field]
		case DryRunAbsent:
			delete(body, field)
		}
	}
	return body
}
