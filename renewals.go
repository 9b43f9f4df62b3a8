package ovhrenew

// A list of offers is the largest answer that a renewal reads, and an agency reads it
// by the hundred: it is scanned, which takes less than half the time of encoding/json.

var (
	descriptionNames = []string{"renewPeriod", "strategies"}
	strategyNames    = []string{"price", "priceInUcents", "services", "servicesDetails"}
	detailNames      = []string{"serviceId", "serviceName", "serviceType"}
)

// scanRenewals reads what GET /service/{serviceId}/renew answers. Where it is not as
// expected, ok is false, and [decode] reads it, or says what is wrong.
func scanRenewals(body []byte) (descriptions []RenewDescription, ok bool) {
	s := renewalScanner{scanner: scanner{rest: body}}
	descriptions = []RenewDescription{}
	s.list('[', ']', func() { descriptions = append(descriptions, s.description()) })
	return descriptions, s.done()
}

// renewalScanner has, besides, the lists of the strategy at hand, so that each is
// allocated once, at its length.
type renewalScanner struct {
	scanner
	ids     []ServiceID
	details []RenewService
}

func (s *renewalScanner) description() (d RenewDescription) {
	s.object(descriptionNames, func(name string) {
		if name == "renewPeriod" {
			d.RenewPeriod = Period(s.text())
			return
		}
		d.Strategies = []RenewStrategy{}
		s.list('[', ']', func() { d.Strategies = append(d.Strategies, s.strategy()) })
	})
	return d
}

func (s *renewalScanner) strategy() (r RenewStrategy) {
	s.object(strategyNames, func(name string) {
		switch name {
		case "price":
			r.Price = s.price()
		case "priceInUcents":
			r.PriceInUcents = s.integer()
		case "services":
			s.ids = s.ids[:0]
			s.list('[', ']', func() { s.ids = append(s.ids, ServiceID(s.integer())) })
			r.Services = append(make([]ServiceID, 0, len(s.ids)), s.ids...)
		case "servicesDetails":
			s.details = s.details[:0]
			s.list('[', ']', func() { s.details = append(s.details, s.detail()) })
			r.ServicesDetails = append(make([]RenewService, 0, len(s.details)), s.details...)
		}
	})
	return r
}

func (s *renewalScanner) detail() (d RenewService) {
	s.object(detailNames, func(name string) {
		switch name {
		case "serviceId":
			d.ServiceID = ServiceID(s.integer())
		case "serviceName":
			d.ServiceName = s.text()
		case "serviceType":
			d.ServiceType = s.repeated()
		}
	})
	return d
}
