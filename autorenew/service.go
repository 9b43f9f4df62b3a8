package autorenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

const infosSuffix = "/serviceInfos"

// service is what the account's list tells of renewing.
// API: services.expanded.Service
type service struct {
	ServiceID       ovhrenew.ServiceID `json:"serviceId"`
	ParentServiceID ovhrenew.ServiceID `json:"parentServiceId"`
	Billing         struct {
		ExpirationDate  ovhrenew.Date `json:"expirationDate"`
		NextBillingDate ovhrenew.Date `json:"nextBillingDate"`
		Lifecycle       struct {
			Current struct {
				PendingActions []string `json:"pendingActions"`
			} `json:"current"`
		} `json:"lifecycle"`
		Renew struct {
			Current struct {
				Mode     ovhrenew.RenewMode `json:"mode"`
				NextDate ovhrenew.Date      `json:"nextDate"`
				Period   ovhrenew.Period    `json:"period"`
			} `json:"current"`
			Capacities struct {
				Mode []ovhrenew.RenewMode `json:"mode"`
			} `json:"capacities"`
		} `json:"renew"`
	} `json:"billing"`
	Resource struct {
		Name string `json:"name"`
	} `json:"resource"`
	Route struct {
		URL string `json:"url"`
	} `json:"route"`
}

func (s service) due() ovhrenew.Date {
	return cmp.Or(s.Billing.Renew.Current.NextDate, s.Billing.NextBillingDate, s.Billing.ExpirationDate)
}

func readService(ctx context.Context, r Reader, id ovhrenew.ServiceID) (service, error) {
	route := fmt.Sprintf("/services/%d", id)
	var s service
	if err := r.Read(ctx, route, &s); err != nil {
		return service{}, err
	}
	if s.ServiceID != 0 && s.ServiceID != id {
		return service{}, fmt.Errorf("GET %s: %w: it is about %d", route, ovhrenew.ErrMalformed, s.ServiceID)
	}
	s.ServiceID = id
	return s, nil
}

// state asks both of the account's lists: which of them tells a deletion that was
// planned through a product's own route is not known.
func (s service) state(ctx context.Context, r Reader) (State, error) {
	current := s.Billing.Renew.Current
	state := State{Mode: current.Mode, Period: current.Period, Ending: slices.ContainsFunc(s.Billing.Lifecycle.Current.PendingActions, terminates)}
	listed, err := r.ListedService(ctx, s.ServiceID)
	if err == nil {
		state.Ending = state.Ending || listed.Type == "deleteAtExpiration" || listed.Type == "deleteAtEndEngagement"
	} else if errors.Is(err, ovhrenew.ErrExpired) || errors.Is(err, ovhrenew.ErrNotFound) || errors.Is(err, ovhrenew.ErrUnsupported) {
		err = nil // the other list has answered
	}
	return state, err
}

// terminates reports whether an action ends a service: terminate,
// terminateAtExpirationDate, terminateAtEngagementDate and deleteAtExpiration do.
func terminates(action string) bool {
	return strings.HasPrefix(action, "terminate") || action == "deleteAtExpiration"
}

// infos is what a product tells of renewing.
// API: services.Service
type infos struct {
	ServiceID   ovhrenew.ServiceID   `json:"serviceId"`
	Domain      string               `json:"domain"`
	Expiration  ovhrenew.Date        `json:"expiration"`
	RenewalType ovhrenew.RenewalType `json:"renewalType"`
	Renew       struct {
		Automatic          *bool `json:"automatic"`
		DeleteAtExpiration bool  `json:"deleteAtExpiration"`
		Forced             bool  `json:"forced"`
		ManualPayment      *bool `json:"manualPayment"`
		Period             int64 `json:"period"` // months; 0: none
	} `json:"renew"`
	PossibleRenewPeriod []int64 `json:"possibleRenewPeriod"` // months
}

func (i infos) state() State {
	state := State{Mode: ovhrenew.ModeManual, Ending: i.Renew.DeleteAtExpiration}
	if i.Renew.Automatic != nil && *i.Renew.Automatic || i.Renew.Forced {
		state.Mode, state.Period = ovhrenew.ModeAutomatic, ofMonths(int(i.Renew.Period))
	}
	if state.Mode == ovhrenew.ModeAutomatic && i.Renew.ManualPayment != nil && *i.Renew.ManualPayment {
		state.Mode = "" // it contradicts itself
	}
	return state
}

func readInfos(ctx context.Context, r Reader, route string, id ovhrenew.ServiceID) (infos, error) {
	var product infos
	if err := r.Read(ctx, route+infosSuffix, &product); err != nil {
		return infos{}, err
	}
	return product, product.check(route, id)
}

func (i infos) check(route string, id ovhrenew.ServiceID) error {
	if i.ServiceID != 0 && i.ServiceID != id {
		return fmt.Errorf("GET %s%s: %w: it is about %d, not %d", route, infosSuffix, ovhrenew.ErrMalformed, i.ServiceID, id)
	}
	return nil
}

func ofMonths(n int) ovhrenew.Period {
	if n <= 0 {
		return ""
	}
	return ovhrenew.Period(fmt.Sprintf("P%dM", n))
}
