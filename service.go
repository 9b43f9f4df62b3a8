package ovhrenew

import (
	"context"
	"iter"
	"net/url"
	"strings"
)

// Service is a service with its billing, as GET /services/{serviceId} knows it.
// API: services.expanded.Service
type Service struct {
	ServiceID       ServiceID       `json:"serviceId"`
	ParentServiceID ServiceID       `json:"parentServiceId"` // 0: none
	Billing         ServiceBilling  `json:"billing"`
	Customer        ServiceCustomer `json:"customer"`
	Resource        ServiceResource `json:"resource"`
	Route           ServiceRoute    `json:"route"` // empty for components and options
	Tags            []string        `json:"tags"`
}

// ServiceBilling is when a service ends and how it goes on.
// API: services.expanded.Billing
type ServiceBilling struct {
	ExpirationDate    Timestamp         `json:"expirationDate"`
	NextBillingDate   Timestamp         `json:"nextBillingDate"`
	Lifecycle         ServiceLifecycle  `json:"lifecycle"`
	Renew             ServiceRenew      `json:"renew"`
	Plan              ServicePlan       `json:"plan"`
	Pricing           ServicePricing    `json:"pricing"`
	Group             ServiceGroup      `json:"group"`
	Engagement        Engagement        `json:"engagement"`
	EngagementRequest EngagementRequest `json:"engagementRequest"`
}

// ServiceLifecycle is the state of a service and what can be done with it.
// API: services.expanded.Lifecycle
type ServiceLifecycle struct {
	Current struct {
		State           LifecycleState    `json:"state"`
		PendingActions  []LifecycleAction `json:"pendingActions"`
		CreationDate    Timestamp         `json:"creationDate"`
		TerminationDate Timestamp         `json:"terminationDate"`
	} `json:"current"`
	Capacities struct {
		Actions []LifecycleAction `json:"actions"`
	} `json:"capacities"`
}

// ServiceRenew is how a service renews by itself.
// API: services.expanded.Renew
type ServiceRenew struct {
	Current struct {
		Mode     RenewMode `json:"mode"`
		NextDate Timestamp `json:"nextDate"`
		Period   Period    `json:"period"`
	} `json:"current"`
	Capacities struct {
		Mode []RenewMode `json:"mode"`
	} `json:"capacities"`
}

// ServicePlan is the commercial plan of a service.
// API: services.expanded.Plan
type ServicePlan struct {
	Code        string `json:"code"`
	InvoiceName string `json:"invoiceName"`
}

// ServicePricing is what a service costs by itself, before tax.
// API: services.billing.Pricing
type ServicePricing struct {
	Capacities              []PricingCapacity       `json:"capacities"`
	Description             string                  `json:"description"`
	Duration                Period                  `json:"duration"`
	EngagementConfiguration EngagementConfiguration `json:"engagementConfiguration"`
	Interval                int64                   `json:"interval"`
	MaximumQuantity         int64                   `json:"maximumQuantity"`
	MaximumRepeat           int64                   `json:"maximumRepeat"`
	MinimumQuantity         int64                   `json:"minimumQuantity"`
	MinimumRepeat           int64                   `json:"minimumRepeat"`
	Price                   Money                   `json:"price"`
	PriceInUcents           int64                   `json:"priceInUcents"`
	PricingMode             string                  `json:"pricingMode"`
	PricingType             PricingType             `json:"pricingType"`
}

// EngagementConfiguration is the commitment that a price comes with.
// API: services.billing.Pricing.EngagementConfiguration
type EngagementConfiguration struct {
	DefaultEndAction EngagementEnd  `json:"defaultEndAction"`
	Duration         Period         `json:"duration"`
	Type             EngagementType `json:"type"`
}

// Engagement is a commitment in force.
// API: services.expanded.EngagementSummary
type Engagement struct {
	EndDate Date `json:"endDate"`
	EndRule struct {
		PossibleStrategies []EngagementEnd `json:"possibleStrategies"`
		Strategy           EngagementEnd   `json:"strategy"`
	} `json:"endRule"`
}

// EngagementRequest is a commitment that has been asked for.
// API: services.expanded.EngagementRequestSummary
type EngagementRequest struct {
	PricingMode string `json:"pricingMode"`
	RequestDate Date   `json:"requestDate"`
}

// ServiceGroup is the billing group of a service.
// API: services.expanded.Group
type ServiceGroup struct {
	ID int64 `json:"id"`
}

// ServiceCustomer names the contacts of a service.
// API: services.expanded.Customer
type ServiceCustomer struct {
	Contacts []Contact `json:"contacts"`
}

// Contact is an account with a role for a service.
// API: services.expanded.Customer.Contact
type Contact struct {
	CustomerCode string      `json:"customerCode"`
	Type         ContactType `json:"type"`
}

// ServiceResource is the thing itself.
// API: services.expanded.Resource
type ServiceResource struct {
	Name              string            `json:"name"`
	DisplayName       string            `json:"displayName"`
	State             ResourceState     `json:"state"`
	Product           ServiceProduct    `json:"product"`
	ResellingProvider ResellingProvider `json:"resellingProvider"`
}

// ServiceProduct is what kind of thing it is.
// API: services.expanded.Product
type ServiceProduct struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// ServiceRoute is where the product's own API has the service.
// API: services.expanded.Route
type ServiceRoute struct {
	// Path is the template, such as /vps/{serviceName}.
	Path string `json:"path"`
	// URL is the filled path, such as /vps/vps112233.ovh.net.
	URL  string     `json:"url"`
	Vars []KeyValue `json:"vars"`
}

// Name is the resource's name, such as vps112233.ovh.net.
func (s Service) Name() string { return s.Resource.Name }

// Expiry is the day on which the service ends; none for what does not expire.
func (s Service) Expiry() Date { return s.Billing.ExpirationDate.Day() }

// ListedService is a service as GET /service/{serviceId} knows it.
// API: serviceList.Service
type ListedService struct {
	CreationDate    Date         `json:"creationDate"`
	Details         []KeyValue   `json:"details"`
	EngagementDate  Date         `json:"engagementDate"`
	ExpirationDate  Date         `json:"expirationDate"`
	NextBillingDate Date         `json:"nextBillingDate"`
	Plan            ListedPlan   `json:"plan"`
	Quantity        int64        `json:"quantity"`
	Renew           ListedRenew  `json:"renew"`
	Resource        Resource     `json:"resource"`
	Route           ServiceRoute `json:"route"`
	State           BillingState `json:"state"`
}

// ListedPlan is the plan of a ListedService.
// API: service.Plan
type ListedPlan struct {
	Code    string `json:"code"`
	Product struct {
		Name string `json:"name"`
	} `json:"product"`
}

// ListedRenew is how a ListedService renews.
// API: service.Renew
type ListedRenew struct {
	DayOfMonth        int64         `json:"dayOfMonth"`
	Interval          Period        `json:"interval"`
	Mode              RenewalType   `json:"mode"`
	PossibleIntervals []Period      `json:"possibleIntervals"`
	PossibleModes     []RenewalType `json:"possibleModes"`
}

// Resource is the thing behind a ListedService.
// API: service.Resource
type Resource struct {
	DisplayName string        `json:"displayName"`
	Name        string        `json:"name"`
	State       ResourceState `json:"state"`
}

// ServiceInfos is a product's own view of its billing.
// API: services.Service
type ServiceInfos struct {
	ServiceID             ServiceID    `json:"serviceId"`
	Domain                string       `json:"domain"`
	Status                ServiceState `json:"status"`
	Creation              Date         `json:"creation"`
	Expiration            Date         `json:"expiration"`
	EngagedUpTo           Date         `json:"engagedUpTo"`
	Renew                 RenewType    `json:"renew"`
	RenewalType           RenewalType  `json:"renewalType"`
	PossibleRenewPeriod   []int64      `json:"possibleRenewPeriod"` // months
	CanDeleteAtExpiration bool         `json:"canDeleteAtExpiration"`
	ContactAdmin          string       `json:"contactAdmin"`
	ContactBilling        string       `json:"contactBilling"`
	ContactTech           string       `json:"contactTech"`
}

// RenewType is how a product renews by itself.
// API: service.RenewType
type RenewType struct {
	Automatic          bool  `json:"automatic"`
	DeleteAtExpiration bool  `json:"deleteAtExpiration"`
	Forced             bool  `json:"forced"`
	ManualPayment      bool  `json:"manualPayment"`
	Period             int64 `json:"period"` // months; 0: none
}

// ServiceQuery narrows a list of services. Its zero value lists them all.
type ServiceQuery struct {
	// ResourceName keeps services of this name: a domain's is its DNS zone's too.
	ResourceName string
	// Routes keeps services at these route templates, such as /vps/{serviceName}.
	Routes []string
}

func (q ServiceQuery) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"resourceName": q.ResourceName, "routes": strings.Join(q.Routes, ","),
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// ListedService reads one service as the account's list knows it. The error is
// [ErrNotFound] if the account has no such service.
//
// API: GET /service/{serviceId}
//
// IAM: account:apiovh:service/get
func (a *API) ListedService(ctx context.Context, id ServiceID) (ListedService, error) {
	if err := checkID("ListedService", "id", id); err != nil {
		return ListedService{}, err
	}
	return get[ListedService](ctx, a, "GET /service/{serviceId}", id.String())
}

// FindServices lists the services that the query lets through. A name can be that
// of several: see [Find].
//
// API: GET /services
//
// IAM: account:apiovh:services/get
func (a *API) FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error) {
	return fetch[[]ServiceID](ctx, a, request{route: "GET /services", query: query.values(), head: fresh})
}

// Services streams the services that the query lets through, in pages of whole
// objects where the API has them, which may be as old as the API's cache: for a
// survey, not for deciding about money. An error that concerns one service does
// not end the stream.
//
// API: GET /services, expanded
//
// IAM: account:apiovh:services/get
func (a *API) Services(ctx context.Context, query ServiceQuery) iter.Seq2[Service, error] {
	return list[Service](ctx, a, listing{
		request: request{route: "GET /services", query: query.values()},
		item:    "GET /services/{serviceId}",
	})
}

// Service reads one service with its billing. The error is [ErrNotFound] if the
// account has no such service.
//
// API: GET /services/{serviceId}
//
// IAM: account:apiovh:services/get
func (a *API) Service(ctx context.Context, id ServiceID) (Service, error) {
	if err := checkID("Service", "id", id); err != nil {
		return Service{}, err
	}
	return get[Service](ctx, a, "GET /services/{serviceId}", id.String())
}

// ServiceInfos reads the billing of the product at route, such as
// /vps/vps112233.ovh.net. A name with a slash in it is written with %2F. The error
// is [ErrExpired] for many an expired service, although it may be renewable.
//
// API: GET {route}/serviceInfos
func (a *API) ServiceInfos(ctx context.Context, route string) (ServiceInfos, error) {
	if err := checkRoute("ServiceInfos", route); err != nil {
		return ServiceInfos{}, err
	}
	return fetch[ServiceInfos](ctx, a, request{route: "GET " + route + "/serviceInfos", head: fresh})
}
