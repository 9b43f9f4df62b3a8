package autorenew

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// longPast is how many days late an automatic renewal may be before it has failed.
const longPast = 7

// Preview returns what [Set] would change, without being able to write. The error is
// [ErrNotOffered] if a service lacks the mode or period, [ovhrenew.ErrState] if the
// setting makes no sense for it: for an option, which goes with its service, and for
// automatic renewal of what is to be deleted. A failed automatic renewal is no error:
// see [Change].
//
// API: GET /services/{serviceId}, GET /service/{serviceId},
// GET /services/{serviceId}/renewPeriodCapacities, GET /services/{serviceId}/options,
// GET {route}/serviceInfos
//
// IAM: account:apiovh:service/get, account:apiovh:services/get,
// account:apiovh:services/options/get, account:apiovh:services/renewPeriodCapacities/get
func Preview(ctx context.Context, r Reader, target ovhrenew.Target, setting Setting) (*Plan, error) {
	return preview(ctx, "autorenew.Preview", r, target, setting)
}

// preview is Preview for the call that errors are to name.
func preview(ctx context.Context, call string, r Reader, target ovhrenew.Target, setting Setting) (*Plan, error) {
	if r == nil {
		return nil, &ovhrenew.InputError{Call: call, Field: "client", Why: "is nil"}
	}
	if err := setting.check(call); err != nil {
		return nil, err
	}
	id, err := ovhrenew.Find(ctx, r, target)
	if err != nil {
		return nil, err
	}
	s, err := readService(ctx, r, id)
	if route := target.String(); errors.Is(err, ovhrenew.ErrUnsupported) && target == ovhrenew.Route(route) {
		s, err = service{ServiceID: id}, nil
		s.Route.URL = route
	}
	if at, odd := ovhrenew.ParseTarget(s.Route.URL); err == nil && odd == nil && at != target && strings.HasPrefix(target.String(), "/") {
		err = fmt.Errorf("GET %s%s: %w: it is about %s", target, infosSuffix, ovhrenew.ErrMalformed, at)
	}
	if err != nil {
		return nil, err
	}
	change, err := previewChange(ctx, r, s, setting)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Setting: setting, Changes: []Change{change}}
	if !setting.Options {
		return plan, nil
	}
	var options []service
	err = r.Read(ctx, fmt.Sprintf("/services/%d/options", id), &options)
	if change.ByProduct && errors.Is(err, ovhrenew.ErrUnsupported) {
		err = nil // no list of services, no options in it
	}
	var errs []error
	for _, option := range options {
		if option.ParentServiceID != id {
			return nil, fmt.Errorf("GET /services/%d/options: %w: %d is of %d", id, ovhrenew.ErrMalformed, option.ServiceID, option.ParentServiceID)
		}
		change := Change{ServiceID: option.ServiceID, Name: option.Resource.Name, Parent: id, Expiry: option.Billing.ExpirationDate, Follows: true}
		if len(option.Billing.Renew.Capacities.Mode) > 0 {
			var err error
			change, err = previewChange(ctx, r, option, setting)
			errs = append(errs, err)
			change.Parent = id
		}
		plan.Changes = append(plan.Changes, change)
	}
	return plan, errors.Join(append(errs, err)...)
}

// previewChange asks the account's list, and where that says nothing about renewing,
// the product.
func previewChange(ctx context.Context, r Reader, s service, setting Setting) (Change, error) {
	change := Change{ServiceID: s.ServiceID, Name: s.Resource.Name, Expiry: s.Billing.ExpirationDate, Route: s.Route.URL, Parent: s.ParentServiceID}
	due := s.due()
	var err error
	switch modes := s.Billing.Renew.Capacities.Mode; {
	case len(modes) > 0:
		change.From, err = s.state(ctx, r)
		if err == nil {
			err = offered(ctx, r, change, setting, modes)
		}
	case change.Parent != 0:
		err = change.refuse(ovhrenew.ErrState, "it is an option of service %d: set that one", change.Parent)
	case change.Route == "":
		err = change.refuse(ErrNotOffered, "the service cannot be set to renew by itself")
	case strings.Contains(change.Route, "?"):
		err = change.refuse(ovhrenew.ErrMalformed, "its route %q is not a path", change.Route)
	default:
		var product infos
		if product, err = readInfos(ctx, r, change.Route, change.ServiceID); err != nil {
			break
		}
		change.ByProduct, change.From, change.Expiry, due = true, product.state(), product.Expiration, product.Expiration
		if change.Name == "" {
			change.Name = product.Domain
		}
		err = offeredByProduct(change, setting, product)
	}
	if err == nil {
		change.Failed, err = failed(ctx, r, change.From, due)
	}
	if err != nil {
		return change, err
	}
	change.To = change.From.after(setting)
	if setting.Mode == ovhrenew.ModeAutomatic && change.To.Ending {
		err = change.refuse(ovhrenew.ErrState, "it is to be deleted: set KeepService to take that back")
	}
	return change, err
}

// failed returns the day on which a renewal was due, if it was automatic and should have
// come long ago.
func failed(ctx context.Context, r Reader, state State, due ovhrenew.Date) (ovhrenew.Date, error) {
	if state.Mode != ovhrenew.ModeAutomatic || state.Ending || due.IsZero() {
		return ovhrenew.Date{}, nil
	}
	now, err := r.Time(ctx)
	if err != nil || due.DaysUntil(ovhrenew.DateOf(now)) <= longPast {
		return ovhrenew.Date{}, err
	}
	return due, nil
}

func offered(ctx context.Context, r Reader, c Change, setting Setting, modes []ovhrenew.RenewMode) error {
	if setting.Mode != "" && !slices.Contains(modes, setting.Mode) {
		return c.refuse(ErrNotOffered, "mode %s (offered: %s)", setting.Mode, words.Listed(modes))
	}
	if setting.Mode != ovhrenew.ModeAutomatic {
		return nil
	}
	var periods []ovhrenew.Period
	err := r.Read(ctx, fmt.Sprintf("/services/%d/renewPeriodCapacities", c.ServiceID), &periods)
	if err == nil && !slices.ContainsFunc(periods, setting.Period.Equal) {
		err = c.refuse(ErrNotOffered, "period %s (offered: %s)", setting.Period, words.Listed(periods))
	}
	return err
}

func offeredByProduct(c Change, setting Setting, product infos) error {
	months, _ := setting.Period.Months()
	switch {
	case product.RenewalType == "oneShot" || product.RenewalType == "option":
		return c.refuse(ovhrenew.ErrState, "its renewal type is %s", product.RenewalType)
	case setting.Mode == "":
		return c.refuse(ErrNotOffered, "its product takes back a deletion only together with a mode")
	case setting.Mode == ovhrenew.ModeManual && (product.Renew.Forced || product.RenewalType == "automaticForcedProduct"):
		return c.refuse(ErrNotOffered, "mode manual: its renewal is always automatic")
	// Some products list no period at all, though they have one set.
	case setting.Mode == ovhrenew.ModeAutomatic && len(product.PossibleRenewPeriod) > 0 && !slices.Contains(product.PossibleRenewPeriod, int64(months)):
		return c.refuse(ErrNotOffered, "period %s (offered, in months: %s)", setting.Period, words.Listed(product.PossibleRenewPeriod))
	}
	return nil
}
