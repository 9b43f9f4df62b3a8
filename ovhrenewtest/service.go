package ovhrenewtest

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"
)

// Service is one service of the account. Only its name has to be given.
type Service struct {
	ID int64 // assigned if zero
	// Name is the resource's: a domain, vps112233.ovh.net …
	Name        string
	DisplayName string // the name if empty
	// Route is the product's path, such as /vps/vps112233.ovh.net, with names escaped
	// as in /ip/1.2.3.0%2F24; empty for what has none, such as a component of a server.
	Route         string
	RouteTemplate string // derived from Route if empty: /vps/{serviceName}
	Product       string // the name of what was sold; derived from Type if empty
	Type          string // a strategy's serviceType, such as VPS or Domain .ovh

	// Expiry and Creation are in a month and a year ago if zero.
	Expiry, Creation time.Time
	// Anchor is the day of the month, from 1 to 31, to which a renewal moves the
	// expiry after it added the period, or to the month's last day if that is
	// earlier. Zero leaves the day as it is.
	Anchor   int
	NoExpiry bool // it never ends; Expiry is ignored

	Mode     string    // how it is renewed, manual (if empty) or automatic
	NextDate time.Time // when it renews itself; the expiry if zero and Mode is automatic
	// Period is the automatic renewal's; P1M if empty and Mode is automatic. Of a
	// manual service only serviceInfos tells it.
	Period string
	// RenewalType is of serviceInfos; if empty, automaticV2012 or, as seen for what is
	// renewed by hand, automaticV2016.
	RenewalType        string
	DeleteAtExpiration bool // ends the service when it expires

	// Parent is the service that this is a component or an option of. It has no
	// renewal of its own then.
	Parent int64
	Tags   []string // any texts

	State         string // the lifecycle's of /services; active if empty, unrenewed once expired
	BillingState  string // the state of /service; ok if empty, expired once expired
	Status        string // that of serviceInfos; ok if empty, expired once expired
	ResourceState string // that of the resource in /services; active if empty
}

type service struct {
	Service

	shown   time.Time // the expiry that the API tells, which lags behind Expiry
	before  time.Time // was shown until changed; a stale list still tells it
	changed time.Time

	route  json.RawMessage
	offers []*strategy
	orders []*order
}

type serviceBook struct {
	all       []*service
	byID      map[int64]*service
	byRoute   map[string]*service // by routeKeyOf
	templates map[string]bool     // those of products, known or brought along by services
	nextID    int64
}

func newServiceBook() serviceBook {
	book := serviceBook{byID: map[int64]*service{}, byRoute: map[string]*service{}, templates: map[string]bool{}, nextID: 134_043_784}
	for _, known := range productTemplates {
		book.templates["/"+strings.Join(known, "/")] = true
	}
	return book
}

// AddService puts a service into the account and returns its id. It is a mistake
// to use an id or a route twice.
func (s *Server) AddService(add Service) int64 {
	defer s.lock()()
	book := &s.services
	for ; add.ID == 0; book.nextID++ {
		if book.byID[book.nextID] == nil {
			add.ID = book.nextID
		}
	}
	svc := &service{Service: add.complete(s.now)}
	svc.shown, svc.route = svc.Expiry, routeOf(svc.Service)
	routeKey := routeKeyOf(segmentsOf(add.Route))
	switch {
	case add.Name == "":
		s.fail("AddService(%d): it has no name", add.ID)
	case add.Anchor < 0 || add.Anchor > 31:
		s.fail("AddService(%d): Anchor %d is not a day of a month", add.ID, add.Anchor)
	case book.byID[add.ID] != nil, add.Route != "" && book.byRoute[routeKey] != nil:
		s.fail("AddService(%d, %q): there is such a service already", add.ID, add.Route)
	case add.Parent != 0 && book.byID[add.Parent] == nil:
		s.fail("AddService(%d): its parent %d does not exist", add.ID, add.Parent)
	default:
		book.all = append(book.all, svc)
		book.byID[svc.ID] = svc
		if svc.Route != "" {
			book.byRoute[routeKey] = svc
			book.templates[svc.RouteTemplate] = true
		}
	}
	return add.ID
}

func (a Service) complete(now time.Time) Service {
	now = now.UTC().Truncate(time.Second)
	a.DisplayName = cmp.Or(a.DisplayName, a.Name)
	if a.Route != "" && a.RouteTemplate == "" {
		a.RouteTemplate = templateOf(segmentsOf(a.Route))
	}
	a.Type = cmp.Or(a.Type, "Service")
	a.Product = cmp.Or(a.Product, strings.ReplaceAll(strings.ToLower(a.Type), " ", "-"))
	if a.Creation.IsZero() {
		a.Creation = now.AddDate(-1, 0, 0)
	}
	if a.Expiry.IsZero() {
		a.Expiry = period{months: 1}.after(now)
	}
	if a.NoExpiry {
		a.Expiry = time.Time{}
	}
	a.Mode = cmp.Or(a.Mode, "manual")
	if a.Mode != "automatic" {
		a.RenewalType, a.NextDate = cmp.Or(a.RenewalType, "automaticV2016"), time.Time{}
		return a
	}
	a.Period = cmp.Or(a.Period, "P1M")
	a.RenewalType = cmp.Or(a.RenewalType, "automaticV2012")
	if a.NextDate.IsZero() {
		a.NextDate = a.Expiry
	}
	return a
}

// expired says whether the service ended. A oneShot may tell an expiry before its
// creation and still be fine.
func (s *Server) expired(v *service) bool {
	return !v.shown.IsZero() && v.shown.Before(s.now) && v.RenewalType != "oneShot"
}

// show lets the API tell another expiry from now on.
func (s *Server) show(v *service, expiry time.Time) {
	v.before, v.shown, v.changed = v.shown, expiry, s.now
}

// service finds a service, or says so and that it is a mistake. The caller holds
// the lock.
func (s *Server) service(call string, id int64) *service {
	svc := s.services.byID[id]
	if svc == nil {
		s.fail("%s(%d): no such service", call, id)
	}
	return svc
}

// Expiry returns when a service really ends, whether the API tells it already or not;
// zero if never.
func (s *Server) Expiry(id int64) time.Time {
	defer s.lock()()
	if svc := s.service("Expiry", id); svc != nil {
		return svc.Expiry
	}
	return time.Time{}
}

// SetExpiry moves the end of a service, as if somebody had renewed it elsewhere.
func (s *Server) SetExpiry(id int64, expiry time.Time) {
	defer s.lock()()
	if svc := s.service("SetExpiry", id); svc != nil {
		svc.Expiry = expiry
		s.show(svc, expiry)
	}
}

// SetMode changes how a service is renewed: manual, or automatic at its expiry.
func (s *Server) SetMode(id int64, mode string) {
	s.ChangeService(id, func(v *Service) {
		v.Mode, v.NextDate, v.RenewalType = mode, time.Time{}, ""
	})
}

// ChangeService changes anything else of a service. Its ID, Name, Route and Parent
// stay what they are.
func (s *Server) ChangeService(id int64, change func(*Service)) {
	defer s.lock()()
	svc := s.service("ChangeService", id)
	if svc == nil {
		return
	}
	changed := svc.Service
	change(&changed)
	changed.ID, changed.Name, changed.Parent = svc.ID, svc.Name, svc.Parent
	changed.Route, changed.RouteTemplate = svc.Route, svc.RouteTemplate
	changed = changed.complete(s.now)
	if !changed.Expiry.Equal(svc.Expiry) {
		s.show(svc, changed.Expiry)
	}
	svc.Service = changed
}

// Services returns the account's services as they are now.
func (s *Server) Services() []Service {
	defer s.lock()()
	return each(s.services.all, func(v *service) Service { return v.Service })
}

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
		"resource":        object{"displayName": v.DisplayName, "name": v.Name, "state": cmp.Or(resourceState[v.ResourceState], v.ResourceState)},
		"route":           v.route,
		"state":           s.stateOf(v, v.BillingState, "ok", "expired"),
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

func (v *service) renewable() bool { return v.Parent == 0 && !v.NoExpiry }

// stateOf is what a service's state was set to, or else what it is by itself.
func (s *Server) stateOf(v *service, set, fine, expired string) string {
	if s.expired(v) {
		fine = expired
	}
	return cmp.Or(set, fine)
}
