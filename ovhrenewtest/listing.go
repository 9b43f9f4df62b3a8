package ovhrenewtest

import (
	"strings"
	"time"
)

// listedService is serviceList.Service.
type listedService struct {
	CreationDate    any          `json:"creationDate"`
	Details         []object     `json:"details"`
	EngagementDate  any          `json:"engagementDate"`
	ExpirationDate  any          `json:"expirationDate"`
	NextBillingDate any          `json:"nextBillingDate"`
	Plan            object       `json:"plan"`
	Quantity        int          `json:"quantity"`
	Renew           *listedRenew `json:"renew"`
	Resource        object       `json:"resource"`
	Route           serviceRoute `json:"route"`
	State           string       `json:"state"`
}

// listedRenew is service.Renew.
type listedRenew struct {
	DayOfMonth        *int     `json:"dayOfMonth"`
	Interval          any      `json:"interval"`
	Mode              string   `json:"mode"`
	PossibleIntervals []string `json:"possibleIntervals"`
	PossibleModes     []string `json:"possibleModes"`
}

// serviceRoute is service.Route and services.expanded.Route.
type serviceRoute struct {
	Path *string    `json:"path"`
	URL  *string    `json:"url"`
	Vars []routeVar `json:"vars"`
}

type routeVar struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func routeOf(v *service) serviceRoute {
	r := serviceRoute{Vars: []routeVar{}}
	if v.Route == "" {
		return r
	}
	r.Path, r.URL = &v.RouteTemplate, &v.Route
	values := segmentsOf(v.Route)
	for i, segment := range segmentsOf(v.RouteTemplate) {
		if strings.HasPrefix(segment, "{") && i < len(values) {
			r.Vars = append(r.Vars, routeVar{strings.Trim(segment, "{}"), values[i]})
		}
	}
	return r
}

// listService answers every id. Nothing says that this list can be expanded.
func (s *Server) listService(*call) answer {
	ids := make([]int64, len(s.services.all))
	for i, svc := range s.services.all {
		ids[i] = svc.ID
	}
	return ok(ids)
}

// serviceOf finds the service that a path's first argument names.
func (s *Server) serviceOf(c *call) (*service, answer, bool) {
	id, a, good := c.long(0, "serviceId")
	if !good {
		return nil, a, false
	}
	svc := s.services.byID[id]
	switch {
	case svc == nil:
		return nil, noService(), false
	case svc.expired(c.now) && s.behaviour.Expired == ExpiredEverywhere:
		return nil, expired460(), false
	}
	return svc, answer{}, true
}

func (s *Server) getService(c *call) answer {
	v, a, good := s.serviceOf(c)
	if !good {
		return a
	}
	state := v.BillingState
	if state == "" {
		state = "ok"
		if v.expired(c.now) {
			state = "expired"
		}
	}
	listed := listedService{
		CreationDate:    dateOf(v.Creation),
		Details:         []object{},
		ExpirationDate:  dateOf(v.shown),
		NextBillingDate: dateOf(v.nextBilling()),
		Plan:            object{"code": v.Product, "product": object{"name": v.Type}},
		Quantity:        1,
		Resource:        object{"displayName": v.DisplayName, "name": v.Name, "state": listedState(v.ResourceState)},
		Route:           routeOf(v),
		State:           state,
	}
	if v.Parent == 0 && !v.NoExpiry {
		listed.Renew = &listedRenew{
			Mode:              v.RenewalType,
			PossibleIntervals: s.capacities(v),
			PossibleModes:     []string{"automaticV2016", "deleteAtExpiration"},
		}
		if v.byHand() {
			listed.Renew.Mode = "manual"
		}
		if v.Mode == "automatic" {
			listed.Renew.Interval = v.Period
		}
		if v.DeleteAtExpiration {
			listed.Renew.Mode = "deleteAtExpiration"
		}
	}
	return ok(listed)
}

// listedState is a resource's state in the words of service.ResourceStateEnum.
func listedState(state string) string {
	switch state {
	case "", "active":
		return "ok"
	case "toActivate":
		return "toOpen"
	}
	return state
}

func (v *service) nextBilling() (t time.Time) {
	if v.Mode == "automatic" {
		return v.NextDate
	}
	return t
}
