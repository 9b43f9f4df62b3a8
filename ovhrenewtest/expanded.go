package ovhrenewtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// expandedService is services.expanded.Service.
type expandedService struct {
	Billing         expandedBilling `json:"billing"`
	Customer        customer        `json:"customer"`
	ParentServiceID *int64          `json:"parentServiceId"`
	Resource        expandedObject  `json:"resource"`
	Route           *serviceRoute   `json:"route"`
	ServiceID       int64           `json:"serviceId"`
	Tags            []string        `json:"tags"`
}

type expandedBilling struct {
	Engagement        any            `json:"engagement"`
	EngagementRequest any            `json:"engagementRequest"`
	ExpirationDate    any            `json:"expirationDate"`
	Group             any            `json:"group"`
	Lifecycle         lifecycle      `json:"lifecycle"`
	NextBillingDate   any            `json:"nextBillingDate"`
	Plan              plan           `json:"plan"`
	Pricing           any            `json:"pricing"`
	Renew             *expandedRenew `json:"renew"`
}

type plan struct {
	Code        string `json:"code"`
	InvoiceName string `json:"invoiceName"`
}

type lifecycle struct {
	Capacities struct {
		Actions []string `json:"actions"`
	} `json:"capacities"`
	Current struct {
		CreationDate    any      `json:"creationDate"`
		PendingActions  []string `json:"pendingActions"`
		State           string   `json:"state"`
		TerminationDate any      `json:"terminationDate"`
	} `json:"current"`
}

type expandedRenew struct {
	Capacities struct {
		Mode []string `json:"mode"`
	} `json:"capacities"`
	Current struct {
		Mode     *string `json:"mode"`
		NextDate any     `json:"nextDate"`
		Period   *string `json:"period"`
	} `json:"current"`
}

type expandedObject struct {
	DisplayName       string  `json:"displayName"`
	Name              string  `json:"name"`
	Product           product `json:"product"`
	ResellingProvider any     `json:"resellingProvider"`
	State             string  `json:"state"`
}

type product struct {
	Description string `json:"description"`
	Name        string `json:"name"`
}

type customer struct {
	Contacts []contact `json:"contacts"`
}

type contact struct {
	CustomerCode string `json:"customerCode"`
	Type         string `json:"type"`
}

// contacts are the same for every service of the account.
var contacts = []contact{{nichandle, "administrator"}, {nichandle, "technical"}, {nichandle, "billing"}}

// expanded is a service with its billing, the expiry as old as a list tells it.
func (s *Server) expanded(v *service, now, expiry time.Time) expandedService {
	e := expandedService{
		Customer:  customer{contacts},
		ServiceID: v.ID,
		Tags:      append([]string{}, v.Tags...),
		Resource: expandedObject{
			DisplayName: v.DisplayName,
			Name:        v.Name,
			Product:     product{v.Type, v.Product},
			State:       or(v.ResourceState, "active"),
		},
	}
	if v.Parent != 0 {
		e.ParentServiceID = &v.Parent
	}
	if v.Route != "" {
		r := routeOf(v)
		e.Route = &r
	}
	b := &e.Billing
	b.ExpirationDate, b.NextBillingDate = timestamp(expiry), timestamp(expiry)
	if v.Mode == "automatic" {
		b.NextBillingDate = timestamp(v.NextDate)
	}
	if p := s.pricing(v); p != nil {
		b.Pricing = p
	}
	b.Plan = plan{Code: v.Product, InvoiceName: v.Type}
	b.Lifecycle.Capacities.Actions = []string{"earlyRenewal", "terminateAtExpirationDate"}
	b.Lifecycle.Current.CreationDate = timestamp(v.Creation)
	b.Lifecycle.Current.PendingActions = []string{}
	if v.DeleteAtExpiration {
		b.Lifecycle.Current.PendingActions = []string{"terminateAtExpirationDate"}
	}
	if v.byHand() || v.DeleteAtExpiration {
		b.Lifecycle.Current.TerminationDate = timestamp(expiry)
	}
	b.Lifecycle.Current.State = v.State
	if v.State == "" {
		b.Lifecycle.Current.State = "active"
		if v.expired(now) {
			b.Lifecycle.Current.State = "unrenewed"
			b.Lifecycle.Capacities.Actions = []string{"earlyRenewal"}
		}
	}
	if v.Parent == 0 && !v.NoExpiry {
		b.Renew = v.expandedRenew()
	}
	return e
}

func (v *service) expandedRenew() *expandedRenew {
	var r expandedRenew
	r.Capacities.Mode = []string{"automatic", "manual"}
	r.Current.Mode = &v.Mode
	if v.Mode == "automatic" {
		r.Current.NextDate, r.Current.Period = timestamp(v.NextDate), &v.Period
	}
	return &r
}

// listServices answers ids or objects, filtered by name and by route.
func (s *Server) listServices(c *call) answer {
	found := s.services.all
	if name := c.query.Get("resourceName"); name != "" {
		found = s.services.byName[name]
	}
	if routes := c.query.Get("routes"); routes != "" {
		wanted := strings.Split(routes, ",")
		found = slices.DeleteFunc(slices.Clone(found), func(v *service) bool { return !v.under(wanted) })
	}
	sort, a, good := c.enum("sort", "SortEnum", "ASC", "DESC", "asc", "desc")
	if !good {
		return a
	}
	if strings.EqualFold(sort, "DESC") {
		found = slices.Clone(found)
		slices.Reverse(found)
	}
	stale := s.stale(c)
	return list(s, c, found,
		func(v *service) int64 { return v.ID },
		func(v *service) any { return s.expanded(v, c.now, v.expiry(c.now, stale)) })
}

// under says whether one of the templates or prefixes of templates is the service's.
func (v *service) under(routes []string) bool {
	return v.Route != "" && slices.ContainsFunc(routes, func(r string) bool {
		return v.RouteTemplate == r || strings.HasPrefix(v.RouteTemplate, strings.TrimSuffix(r, "/")+"/")
	})
}

func (s *Server) getServices(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	return ok(s.expanded(v, c.now, v.shown))
}

func (s *Server) getOptions(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	options := []expandedService{}
	for _, child := range v.children {
		options = append(options, s.expanded(child, c.now, child.shown))
	}
	return ok(options)
}

func (s *Server) getCapacities(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	return ok(s.capacities(v))
}

// putServices changes name, renewal and end of a service.
func (s *Server) putServices(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	m, a, good := c.members()
	if !good {
		return a
	}
	var name, policy string
	var renew *struct{ Mode, Period string }
	for _, field := range []struct {
		name, kind string
		into       any
	}{
		{"displayName", "string", &name},
		{"terminationPolicy", "services.expanded.terminationPolicyEnum", &policy},
		{"renew", "services.update.Service.Renew", &renew},
	} {
		if a, good := m.readIf(field.name, field.kind, field.into); !good {
			return a
		}
	}
	if renew != nil {
		if a, good := s.setRenew(v, renew.Mode, renew.Period); !good {
			return a
		}
	}
	switch policy {
	case "":
	case "empty":
		v.DeleteAtExpiration = false
	case "terminateAtExpirationDate", "terminateAtEngagementDate":
		v.DeleteAtExpiration = true
	default:
		return notInEnum("terminationPolicy", policy, "terminationPolicyEnum")
	}
	v.DisplayName = or(name, v.DisplayName)
	return ok(nil)
}

// setRenew sets the mode, and for the automatic one a period that must be among
// the capacities, in whatever spelling.
func (s *Server) setRenew(v *service, mode, every string) (answer, bool) {
	switch mode {
	case "manual":
		v.manual()
		return answer{}, true
	case "automatic":
		wanted, err := parsePeriod(every)
		possible := slices.ContainsFunc(s.capacities(v), func(p string) bool {
			have, _ := parsePeriod(p)
			return have == wanted
		})
		if err != nil || !possible {
			return badRequest("[renew.period] Given data (%s) is not possible for this service", every), false
		}
		v.automatic(every, "automaticV2012")
		return answer{}, true
	}
	return notInEnum("renew.mode", mode, "ModeEnum"), false
}

func monthsPeriod(n int) string { return fmt.Sprintf("P%dM", n) }
