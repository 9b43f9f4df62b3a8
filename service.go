package ovhrenew

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Service is a service of the account.
// API: services.expanded.Service, serviceList.Service, services.Service
type Service struct {
	ID          ServiceID `json:"id"`
	Parent      ServiceID `json:"parent,omitempty"` // of an option
	Name        string    `json:"name,omitempty"`   // such as vps112233.ovh.net
	DisplayName string    `json:"displayName,omitempty"`
	Product     string    `json:"product,omitempty"`
	Plan        string    `json:"plan,omitempty"`
	// Route is the product's path, such as /vps/NAME, and RouteTemplate its form, such
	// as /vps/{serviceName}. Both are empty for components.
	Route         string   `json:"route,omitempty"`
	RouteTemplate string   `json:"routeTemplate,omitempty"`
	Tags          []string `json:"tags,omitempty"`
	Created       Date     `json:"created,omitzero"`

	Expiry      Date      `json:"expiry,omitzero"`
	Mode        RenewMode `json:"mode,omitempty"`
	NextDate    Date      `json:"nextDate,omitzero"` // of an automatic renewal, as is Period
	Period      Period    `json:"period,omitempty"`
	Price       Money     `json:"price,omitzero"` // by itself, before tax, for PricePeriod
	PricePeriod Period    `json:"pricePeriod,omitempty"`

	State          string   `json:"state,omitempty"`
	Lifecycle      string   `json:"lifecycle,omitempty"`
	PendingActions []string `json:"pendingActions,omitempty"`

	// Billing and Type are known from [API.ListedService] and [API.ServiceInfos] only,
	// Automatic and ManualPayment from the latter.
	Billing       string      `json:"billing,omitempty"`
	Type          RenewalType `json:"type,omitempty"`
	Automatic     *bool       `json:"automatic,omitempty"`
	ManualPayment *bool       `json:"manualPayment,omitempty"`
}

// expandedService is what GET /services/{serviceId} answers.
type expandedService struct {
	ServiceID       ServiceID        `json:"serviceId"`
	ParentServiceID ServiceID        `json:"parentServiceId"`
	Billing         expandedBilling  `json:"billing"`
	Resource        expandedResource `json:"resource"`
	Route           serviceRoute     `json:"route"`
	Tags            []string         `json:"tags"`
}

type expandedBilling struct {
	ExpirationDate  Date `json:"expirationDate"`
	NextBillingDate Date `json:"nextBillingDate"`
	Lifecycle       struct {
		Current struct {
			State          string   `json:"state"`
			PendingActions []string `json:"pendingActions"`
			CreationDate   Date     `json:"creationDate"`
		} `json:"current"`
	} `json:"lifecycle"`
	Renew struct {
		Current struct {
			Mode     RenewMode `json:"mode"`
			NextDate Date      `json:"nextDate"`
			Period   Period    `json:"period"`
		} `json:"current"`
	} `json:"renew"`
	Plan struct {
		Code string `json:"code"`
	} `json:"plan"`
	Pricing servicePricing `json:"pricing"`
}

type expandedResource struct {
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	State       string `json:"state"`
	Product     struct {
		Name string `json:"name"`
	} `json:"product"`
}

type serviceRoute struct {
	Path string `json:"path"`
	URL  string `json:"url"`
}

// servicePricing is a price that nothing is decided by: one that cannot be read is
// none, and does not cost the service.
type servicePricing struct {
	Price    Money  `json:"price"`
	Duration Period `json:"duration"`
}

func (p *servicePricing) UnmarshalJSON(data []byte) error {
	type plain servicePricing
	*p = servicePricing{}
	if json.Unmarshal(data, (*plain)(p)) != nil {
		*p = servicePricing{}
	}
	return nil
}

func (w expandedService) identity() string { return identity(w.ServiceID) }

// flat is the service; id is the one that was asked for.
func (w expandedService) flat(id ServiceID) Service {
	life, renew := w.Billing.Lifecycle.Current, w.Billing.Renew.Current
	return Service{
		ID: id, Parent: w.ParentServiceID,
		Name: w.Resource.Name, DisplayName: w.Resource.DisplayName, Product: w.Resource.Product.Name, Plan: w.Billing.Plan.Code,
		Route: w.Route.URL, RouteTemplate: w.Route.Path, Tags: w.Tags,
		Created: life.CreationDate, Expiry: w.Billing.ExpirationDate,
		Mode: renew.Mode, NextDate: cmp.Or(renew.NextDate, w.Billing.NextBillingDate), Period: renew.Period,
		Price: w.Billing.Pricing.Price, PricePeriod: w.Billing.Pricing.Duration,
		State: w.Resource.State, Lifecycle: life.State, PendingActions: life.PendingActions,
	}
}

// listedService is what GET /service/{serviceId} answers.
type listedService struct {
	CreationDate    Date `json:"creationDate"`
	ExpirationDate  Date `json:"expirationDate"`
	NextBillingDate Date `json:"nextBillingDate"`
	Plan            struct {
		Code    string `json:"code"`
		Product struct {
			Name string `json:"name"`
		} `json:"product"`
	} `json:"plan"`
	Renew struct {
		Interval Period      `json:"interval"`
		Mode     RenewalType `json:"mode"`
	} `json:"renew"`
	Resource struct {
		DisplayName string `json:"displayName"`
		Name        string `json:"name"`
		State       string `json:"state"`
	} `json:"resource"`
	Route serviceRoute `json:"route"`
	State string       `json:"state"`
}

func (w listedService) flat(id ServiceID) Service {
	return Service{
		ID: id, Name: w.Resource.Name, DisplayName: w.Resource.DisplayName, Product: w.Plan.Product.Name, Plan: w.Plan.Code,
		Route: w.Route.URL, RouteTemplate: w.Route.Path, Created: w.CreationDate, Expiry: w.ExpirationDate,
		NextDate: w.NextBillingDate, Period: w.Renew.Interval, State: w.Resource.State, Billing: w.State, Type: w.Renew.Mode,
	}
}

// ServiceQuery narrows a list of services. Its zero value lists them all.
type ServiceQuery struct {
	ResourceName string   // a domain and its DNS zone have the same
	Routes       []string // templates, such as /vps/{serviceName}
}

func (q ServiceQuery) values() url.Values {
	return onlyGiven(url.Values{"resourceName": {q.ResourceName}, "routes": {strings.Join(q.Routes, ",")}})
}

// FindServices lists the services that match the query. Several can have one name.
// API: GET /services
func (a *API) FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error) {
	return fetch[[]ServiceID](ctx, a, request{route: "GET /services", query: query.values(), head: fresh})
}

// Services streams the services that match the query. Its pages may be as old as the
// API's cache: they do for a survey, not for a decision about money. An error about one
// service does not end the stream.
// API: GET /services, expanded
func (a *API) Services(ctx context.Context, query ServiceQuery) iter.Seq2[Service, error] {
	return func(yield func(Service, error) bool) {
		for wire, err := range list[expandedService](ctx, a, listing{
			request: request{route: "GET /services", query: query.values()},
			item:    "GET /services/{serviceId}",
		}) {
			if !yield(wire.flat(wire.ServiceID), err) {
				return
			}
		}
	}
}

// Service reads a service. The error is [ErrNotFound] if the account has no such
// service.
// API: GET /services/{serviceId}
func (a *API) Service(ctx context.Context, id ServiceID) (Service, error) {
	wire, err := byID[expandedService](ctx, a, "Service", "GET /services/{serviceId}", id)
	if err != nil {
		return Service{}, err
	}
	return wire.flat(id), nil
}

// ListedService reads a service from the account's older list, which has Billing and
// Type but no Mode. The error is [ErrNotFound] if the account has no such service.
// API: GET /service/{serviceId}
func (a *API) ListedService(ctx context.Context, id ServiceID) (Service, error) {
	wire, err := byID[listedService](ctx, a, "ListedService", "GET /service/{serviceId}", id)
	if err != nil {
		return Service{}, err
	}
	return wire.flat(id), nil
}

// ReadService reads what a renewal has to know of a service, from up to three of the
// API's lists. A refusal by the second or the third is no error.
// API: GET /services/{serviceId}, GET /service/{serviceId}, GET {route}/serviceInfos
func ReadService(ctx context.Context, r Reader, id ServiceID) (Service, error) {
	if r == nil {
		return Service{}, badInput("ReadService", "r", nil, "is nil: want a Reader, such as New makes")
	}
	s, err := r.Service(ctx, id)
	switch {
	// Whether the account's own lists answer 460 for an expired service, as products
	// do, is not known: either of them is enough.
	case err != nil && !errors.Is(err, ErrExpired):
		return Service{ID: id}, err
	case err != nil:
		s = Service{ID: id}
	case s.Mode.known() && !s.Expiry.IsZero() && s.Lifecycle != "":
		return s, nil
	}
	listed, listErr := r.ListedService(ctx, id)
	switch {
	case listErr == nil:
		s.complete(listed)
	case err != nil:
		return s, err
	case !isFact(ctx, listErr):
		return s, listErr
	}
	if s.Mode.known() || s.Type == renewalManual || s.Route == "" {
		return s, nil
	}
	infos, err := r.ServiceInfos(ctx, s.Route)
	switch {
	case err == nil && infos.ID != 0 && infos.ID != id:
		return s, otherID("GET "+s.Route+infosSuffix, infos.ID.String(), id.String())
	case err == nil:
		s.complete(infos)
	case !isFact(ctx, err):
		return s, err
	}
	return s, nil
}

// isFact reports whether an error of a further source only says that it knows nothing.
func isFact(ctx context.Context, err error) bool {
	return ctx.Err() == nil && slices.ContainsFunc([]error{ErrExpired, ErrNotFound, ErrUnsupported, ErrDenied},
		func(target error) bool { return errors.Is(err, target) })
}

// complete fills what is not known of s from another source, and adds its pending actions.
func (s *Service) complete(more Service) {
	for _, action := range more.PendingActions {
		if !slices.Contains(s.PendingActions, action) {
			s.PendingActions = append(slices.Clip(s.PendingActions), action)
		}
	}
	if more.Type == renewalForcedAutomatic {
		s.Type = more.Type
	}
	to, from := reflect.ValueOf(s).Elem(), reflect.ValueOf(more)
	for i := range to.NumField() {
		if to.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
}
