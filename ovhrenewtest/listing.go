package ovhrenewtest

import (
	"cmp"
	"encoding/json"
	"strings"
)

// routeOf is service.Route and services.expanded.Route.
func routeOf(v Service) json.RawMessage {
	vars := []object{}
	values := segmentsOf(v.Route)
	for i, segment := range segmentsOf(v.RouteTemplate) {
		if strings.HasPrefix(segment, "{") && i < len(values) {
			vars = append(vars, object{"key": strings.Trim(segment, "{}"), "value": values[i]})
		}
	}
	route, _ := json.Marshal(object{"path": orNull(v.RouteTemplate), "url": orNull(v.Route), "vars": vars})
	return route
}

// listService answers every id. Nothing says that this list can be expanded.
func (s *Server) listService(*call) any {
	return each(s.services.all, func(v *service) int64 { return v.ID })
}

// getService answers serviceList.Service.
func (s *Server) getService(_ *call, v *service) any {
	// A resource's state in the words of service.ResourceStateEnum.
	resourceState := map[string]string{"": "ok", "active": "ok", "toActivate": "toOpen"}
	return object{
		"creationDate":    dateOf(v.Creation),
		"details":         []object{},
		"engagementDate":  nil,
		"expirationDate":  dateOf(v.shown),
		"nextBillingDate": dateOf(v.NextDate),
		"plan":            object{"code": v.Product, "product": object{"name": v.Type}},
		"quantity":        1,
		"renew":           s.listedRenew(v),
		"resource": object{
			"displayName": v.DisplayName, "name": v.Name, "state": cmp.Or(resourceState[v.ResourceState], v.ResourceState),
		},
		"route": v.route,
		"state": s.stateOf(v, v.BillingState, "ok", "expired"),
	}
}

// listedRenew is service.Renew; null for what has no renewal of its own.
func (s *Server) listedRenew(v *service) any {
	if !v.renewable() {
		return nil
	}
	mode := v.RenewalType
	switch {
	case v.DeleteAtExpiration:
		mode = "deleteAtExpiration"
	case v.byHand():
		mode = "manual"
	}
	interval := orNull(v.Period)
	if v.Mode != "automatic" {
		interval = nil
	}
	return object{
		"dayOfMonth":        nil,
		"interval":          interval,
		"mode":              mode,
		"possibleIntervals": v.capacities(),
		"possibleModes":     []string{"automaticV2016", "deleteAtExpiration"},
	}
}

// renewable says whether a service has a renewal of its own.
func (v *service) renewable() bool { return v.Parent == 0 && !v.NoExpiry }

// stateOf is what a service's state was set to, or else what it is by itself.
func (s *Server) stateOf(v *service, set, fine, expired string) string {
	if s.expired(v) {
		fine = expired
	}
	return cmp.Or(set, fine)
}
