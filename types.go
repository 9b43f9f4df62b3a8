package ovhrenew

import (
	"fmt"
	"slices"
	"strconv"
)

// ServiceID numbers a service of the account.
type ServiceID int64

// String returns the number in decimal.
func (id ServiceID) String() string { return strconv.FormatInt(int64(id), 10) }

// OrderID numbers an order. Zero is no order.
type OrderID int64

// String returns the number in decimal.
func (id OrderID) String() string { return strconv.FormatInt(int64(id), 10) }

// RenewDescription is one period for which a service can be renewed, and the ways to do
// it.
// API: service.renew.RenewDescription
type RenewDescription struct {
	RenewPeriod Period          `json:"renewPeriod"`
	Strategies  []RenewStrategy `json:"strategies"`
}

// RenewStrategy is one way to renew: exactly these services together, at this price.
// API: service.renew.RenewStrategy
type RenewStrategy struct {
	Price           Money          `json:"price"` // before tax
	PriceInUcents   int64          `json:"priceInUcents"`
	Services        []ServiceID    `json:"services"` // the one asked about is not always the first
	ServicesDetails []RenewService `json:"servicesDetails"`
}

// RenewService names a service of a strategy.
// API: service.renew.Service
type RenewService struct {
	ServiceID   ServiceID `json:"serviceId"`
	ServiceName string    `json:"serviceName"`
	ServiceType string    `json:"serviceType"` // such as "Domain .ovh"
}

// Offer is one strategy for one period, as a service was offered it.
type Offer struct {
	Service  ServiceID     `json:"service"` // the one asked about
	Period   Period        `json:"period"`
	Strategy RenewStrategy `json:"strategy"`
}

// Offers returns the offers in what [Reader.Renewals] answered for a service, in its
// order.
func Offers(id ServiceID, descriptions []RenewDescription) []Offer {
	var offers []Offer
	for _, description := range descriptions {
		for _, strategy := range description.Strategies {
			offers = append(offers, Offer{Service: id, Period: description.RenewPeriod, Strategy: strategy})
		}
	}
	return offers
}

// Price returns the price before tax.
func (o Offer) Price() Money { return o.Strategy.Price }

// Services returns the services renewed, in ascending order and each once.
func (o Offer) Services() []ServiceID { return sortedIDs(o.Strategy.Services) }

// Covers reports whether the offer renews the service.
func (o Offer) Covers(id ServiceID) bool { return slices.Contains(o.Strategy.Services, id) }

// String returns a line such as "P1Y of example.ovh (12345) for 1.99 EUR before tax".
func (o Offer) String() string {
	return fmt.Sprintf("%s of %s for %s before tax", o.Period, callAll(o.Name, o.Strategy.Services), o.Price())
}

// Name returns the name that the offer has for a service, or its number.
func (o Offer) Name(id ServiceID) string {
	for _, detail := range o.Strategy.ServicesDetails {
		if detail.ServiceID == id && detail.ServiceName != "" {
			return detail.ServiceName
		}
	}
	return id.String()
}

func (o Offer) check(call string) error {
	switch {
	case o.Service <= 0:
		return badInput(call, "Offer.Service", o.Service, "is not a service id")
	case o.Period == "":
		return badInput(call, "Offer.Period", o.Period, "is missing")
	case len(o.Strategy.Services) == 0:
		return badInput(call, "Offer.Strategy.Services", nil, "names no service")
	}
	for _, id := range o.Strategy.Services {
		if id <= 0 {
			return badInput(call, "Offer.Strategy.Services", id, "is not a service id")
		}
	}
	return nil
}

func sortedIDs(ids []ServiceID) []ServiceID {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// sameServices reports whether two lists name the same services, in any order.
func sameServices(a, b []ServiceID) bool {
	return slices.Equal(sortedIDs(a), sortedIDs(b))
}
