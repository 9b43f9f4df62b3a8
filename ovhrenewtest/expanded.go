package ovhrenewtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is the same for every service, written once: a page has a thousand of them.
var (
	customer = json.RawMessage(`{"contacts":[{"customerCode":"` + nichandle + `","type":"administrator"},` +
		`{"customerCode":"` + nichandle + `","type":"technical"},{"customerCode":"` + nichandle + `","type":"billing"}]}`)
	renewModes = json.RawMessage(`{"mode":["automatic","manual"]}`)
)

// expanded is services.expanded.Service, with the expiry as old as a list tells it.
func (s *Server) expanded(v *service, expiry time.Time) object {
	pending, actions, ends := []string{}, []string{"earlyRenewal", "terminateAtExpirationDate"}, any(nil)
	if v.DeleteAtExpiration {
		pending = actions[1:]
	}
	if v.byHand() || v.DeleteAtExpiration {
		ends = timestamp(expiry)
	}
	if v.State == "" && s.expired(v) {
		actions = actions[:1]
	}
	next, renew, route := expiry, any(nil), any(nil)
	current := object{"mode": v.Mode, "nextDate": nil, "period": nil}
	if v.Mode == "automatic" {
		next = v.NextDate
		current["nextDate"], current["period"] = timestamp(next), v.Period
	}
	if v.renewable() {
		renew = object{"capacities": renewModes, "current": current}
	}
	if v.Route != "" {
		route = v.route
	}
	return object{
		"billing": object{
			"engagement":        nil,
			"engagementRequest": nil,
			"expirationDate":    timestamp(expiry),
			"group":             nil,
			"lifecycle": object{
				"capacities": object{"actions": actions},
				"current": object{
					"creationDate":    timestamp(v.Creation),
					"pendingActions":  pending,
					"state":           s.stateOf(v, v.State, "active", "unrenewed"),
					"terminationDate": ends,
				},
			},
			"nextBillingDate": timestamp(next),
			"plan":            object{"code": v.Product, "invoiceName": v.Type},
			"pricing":         s.pricing(v),
			"renew":           renew,
		},
		"customer":        customer,
		"parentServiceId": orNull(v.Parent),
		"resource": object{
			"displayName":       v.DisplayName,
			"name":              v.Name,
			"product":           object{"description": v.Type, "name": v.Product},
			"resellingProvider": nil,
			"state":             cmp.Or(v.ResourceState, "active"),
		},
		"route":     route,
		"serviceId": v.ID,
		"tags":      append([]string{}, v.Tags...),
	}
}

// pricing is billing.pricing: what the service costs by itself, for the period of its
// automatic renewal or the first on offer; null for one that is not offered alone.
func (s *Server) pricing(v *service) any {
	var of *strategy
	for _, offered := range v.offers {
		alone := len(offered.services) == 1
		if alone && (of == nil || v.Mode == "automatic" && offered.period == v.Period) {
			of = offered
		}
	}
	if of == nil {
		return nil
	}
	months, plural := of.every.months, "s"
	if months == 1 {
		plural = ""
	}
	return object{
		"capacities":              []string{"renew"},
		"description":             fmt.Sprintf("rental for %d month%s", months, plural),
		"duration":                of.period,
		"engagementConfiguration": nil,
		"interval":                months,
		"maximumQuantity":         100,
		"maximumRepeat":           nil,
		"minimumQuantity":         1,
		"minimumRepeat":           1,
		"price":                   s.price(of.price, s.currency()),
		"priceInUcents":           of.price,
		"pricingMode":             "default",
		"pricingType":             "rental",
	}
}

func (s *Server) listServices(c *call) any {
	name, routes := c.query.Get("resourceName"), c.query.Get("routes")
	found := slices.DeleteFunc(slices.Clone(s.services.all), func(v *service) bool {
		return name != "" && v.Name != name || routes != "" && !v.under(strings.Split(routes, ","))
	})
	if strings.EqualFold(c.enum("sort", "SortEnum", "ASC", "DESC", "asc", "desc"), "DESC") {
		slices.Reverse(found)
	}
	return list(s, c, found, func(v *service) int64 { return v.ID }, func(v *service) any {
		if s.hidden(c, v.changed) {
			return s.expanded(v, v.before)
		}
		return s.expanded(v, v.shown)
	})
}

// under says whether one of the templates or prefixes of templates is the service's.
func (v *service) under(routes []string) bool {
	return v.Route != "" && slices.ContainsFunc(routes, func(r string) bool {
		return v.RouteTemplate == r || strings.HasPrefix(v.RouteTemplate, strings.TrimSuffix(r, "/")+"/")
	})
}

func (s *Server) getServices(_ *call, v *service) any { return s.expanded(v, v.shown) }

func (s *Server) getOptions(_ *call, v *service) any {
	options := filter(s.services.all, func(child *service) bool { return child.Parent == v.ID })
	return each(options, func(child *service) object { return s.expanded(child, child.shown) })
}

func (s *Server) getCapacities(_ *call, v *service) any { return v.capacities() }

func (s *Server) putServices(c *call, v *service) any {
	var name, policy string
	var renew struct{ Mode, Period string }
	m := c.members()
	m.read("displayName", "string", &name)
	m.read("terminationPolicy", "services.expanded.terminationPolicyEnum", &policy)
	m.read("renew", "services.update.Service.Renew", &renew)
	if policy != "" {
		c.oneOf("terminationPolicy", policy, "terminationPolicyEnum", "empty", "terminateAtExpirationDate", "terminateAtEngagementDate")
	}
	if m.has("renew") {
		c.oneOf("renew.mode", renew.Mode, "ModeEnum", "automatic", "manual")
	}
	if renew.Mode == "automatic" && !s.renewsEvery(v, renew.Period) {
		c.badRequest("[renew.period] Given data (%s) is not possible for this service", renew.Period)
	}
	if c.refusal != nil {
		return nil
	}
	switch renew.Mode {
	case "automatic":
		v.automatic(renew.Period, "automaticV2012")
	case "manual":
		v.manual()
	}
	if policy != "" {
		v.DeleteAtExpiration = policy != "empty"
	}
	v.DisplayName = cmp.Or(name, v.DisplayName)
	return nil
}

// renewsEvery says whether a service renews itself in a period, in whatever spelling.
func (s *Server) renewsEvery(v *service, text string) bool {
	wanted, err := parsePeriod(text)
	return err == nil && slices.ContainsFunc(v.capacities(), func(possible string) bool {
		have, _ := parsePeriod(possible)
		return have == wanted
	})
}
