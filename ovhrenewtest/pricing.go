package ovhrenewtest

import "fmt"

// pricing is services.expanded.Service's billing.pricing: what the service costs by
// itself, for the period of its automatic renewal or the first on offer. It is nil
// for a service that is not offered alone.
func (s *Server) pricing(v *service) object {
	var of *strategy
	for _, offered := range s.strategies[v.ID] {
		alone := len(offered.services) == 1
		if alone && (of == nil || v.Mode == "automatic" && offered.period == v.Period) {
			of = offered
		}
	}
	if of == nil {
		return nil
	}
	// The period was read when it was offered.
	p, _ := parsePeriod(of.period)
	months, description := p.months, fmt.Sprintf("rental for %d months", p.months)
	if months == 1 {
		description = "rental for 1 month"
	}
	return object{
		"capacities":              []string{"renew"},
		"description":             description,
		"duration":                of.period,
		"engagementConfiguration": nil,
		"interval":                months,
		"maximumQuantity":         100,
		"maximumRepeat":           nil,
		"minimumQuantity":         1,
		"minimumRepeat":           1,
		"price":                   s.price(of.price, s.behaviour.currency()),
		"priceInUcents":           of.price,
		"pricingMode":             "default",
		"pricingType":             "rental",
	}
}
