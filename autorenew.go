package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// SettingReader reads how services renew by themselves. It can neither write nor
// spend. [API] is one.
type SettingReader interface {
	Reader
	// Read reads any route of the API.
	Read(ctx context.Context, route string, v any) error
}

var _ SettingReader = (*API)(nil)

// PreviewSetting says what [API.SetRenewal] would change, without being able to
// write. The error is [ErrSettingNotOffered] if a service lacks the mode or period,
// [ErrState] if the setting makes no sense for it: for an option, which goes with
// its service, and for automatic renewal of what is to be deleted.
//
// API: GET /services/{serviceId}, GET /service/{serviceId},
// GET /services/{serviceId}/renewPeriodCapacities, GET /services/{serviceId}/options,
// GET {route}/serviceInfos
func PreviewSetting(ctx context.Context, r SettingReader, target Target, setting RenewSetting) (*SettingPlan, error) {
	return previewSetting(ctx, "PreviewSetting", r, target, setting)
}

// previewSetting is PreviewSetting for the call that errors are to name.
func previewSetting(ctx context.Context, call string, r SettingReader, target Target, setting RenewSetting) (*SettingPlan, error) {
	if err := setting.check(call); err != nil {
		return nil, err
	}
	id, err := Find(ctx, r, target)
	if err != nil {
		return nil, err
	}
	service, err := readExpanded(ctx, r, id)
	if errors.Is(err, ErrUnsupported) && target.route != "" {
		service, err = expandedService{ServiceID: id, Route: serviceRoute{URL: target.route}}, nil
	}
	if err != nil {
		return nil, err
	}
	change, err := previewChange(ctx, r, service, setting)
	if err != nil {
		return nil, err
	}
	plan := &SettingPlan{Setting: setting, Changes: []SettingChange{change}}
	if !setting.Options {
		return plan, nil
	}
	var options []expandedService
	err = r.Read(ctx, fmt.Sprintf("/services/%d/options", id), &options)
	var errs []error
	for _, option := range options {
		change := SettingChange{ServiceID: option.ServiceID, Name: option.Resource.Name, Parent: id, Expiry: option.Billing.ExpirationDate, Follows: true}
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

// readExpanded reads a service with the modes that it offers.
func readExpanded(ctx context.Context, r SettingReader, id ServiceID) (expandedService, error) {
	route := fmt.Sprintf("/services/%d", id)
	var service expandedService
	if err := r.Read(ctx, route, &service); err != nil {
		return expandedService{}, err
	}
	if service.ServiceID != 0 && service.ServiceID != id {
		return expandedService{}, otherID("GET "+route, service.ServiceID.String(), id.String())
	}
	service.ServiceID = id
	return service, nil
}

// previewChange asks the account's list, and where that says nothing about renewing,
// the product.
func previewChange(ctx context.Context, r SettingReader, service expandedService, setting RenewSetting) (SettingChange, error) {
	change := SettingChange{
		ServiceID: service.ServiceID, Name: service.Resource.Name, Expiry: service.Billing.ExpirationDate, Route: service.Route.URL,
		Parent: service.ParentServiceID,
	}
	var err error
	switch modes := service.Billing.Renew.Capacities.Mode; {
	case len(modes) > 0:
		change.From, err = readRenewState(ctx, r, service)
		if err == nil {
			err = offered(ctx, r, change, setting, modes)
		}
	case change.Parent != 0:
		err = change.refuse(ErrState, "it is an option of service %d: set that one", change.Parent)
	case change.Route == "":
		err = change.refuse(ErrSettingNotOffered, "the service cannot be set to renew by itself")
	default:
		var infos infosService
		err = r.Read(ctx, change.Route+infosSuffix, &infos)
		if err == nil {
			change.ByProduct, change.From, change.Expiry = true, infos.renewState(), infos.Expiration
			if change.Name == "" {
				change.Name = infos.Domain
			}
			err = offeredByProduct(change, setting, infos)
		}
	}
	if err != nil {
		return change, err
	}
	change.To = change.From.after(setting)
	if setting.Mode == ModeAutomatic && change.To.Ending {
		err = change.refuse(ErrState, "it is to be deleted: set KeepService to take that back")
	}
	return change, err
}

// readRenewState asks both of the account's lists: which of them tells a deletion
// that was planned through a product's own route is not known.
func readRenewState(ctx context.Context, r Reader, service expandedService) (RenewState, error) {
	state := service.flat(service.ServiceID).RenewState()
	listed, err := r.ListedService(ctx, service.ServiceID)
	if err == nil {
		state.Ending = state.Ending || listed.Type == RenewalDeleteAtExpiration || listed.Type == RenewalDeleteAtEndEngagement
	} else if errors.Is(err, ErrExpired) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnsupported) {
		err = nil // the other list has answered
	}
	return state, err
}

func (c SettingChange) refuse(why error, format string, args ...any) error {
	return &GuardError{Guard: why, Service: c.ServiceID, Name: c.Name, Saw: fmt.Sprintf(format, args...)}
}

func offered(ctx context.Context, r SettingReader, c SettingChange, setting RenewSetting, modes []RenewMode) error {
	if setting.Mode != "" && !slices.Contains(modes, setting.Mode) {
		return c.refuse(ErrSettingNotOffered, "mode %s (offered: %s)", setting.Mode, listed(modes))
	}
	if setting.Mode != ModeAutomatic {
		return nil
	}
	var periods []Period
	err := r.Read(ctx, fmt.Sprintf("/services/%d/renewPeriodCapacities", c.ServiceID), &periods)
	if err == nil && !slices.ContainsFunc(periods, setting.Period.Equal) {
		err = c.refuse(ErrSettingNotOffered, "period %s (offered: %s)", setting.Period, listed(periods))
	}
	return err
}

func offeredByProduct(c SettingChange, setting RenewSetting, infos infosService) error {
	months, _ := setting.Period.Months()
	switch {
	case infos.RenewalType == RenewalOneShot || infos.RenewalType == RenewalOption:
		return c.refuse(ErrState, "its renewal type is %s", infos.RenewalType)
	case setting.Mode == "":
		return c.refuse(ErrSettingNotOffered, "its product takes back a deletion only together with a mode")
	case setting.Mode == ModeManual && (infos.Renew.Forced || infos.RenewalType == RenewalAutomaticForcedProduct):
		return c.refuse(ErrSettingNotOffered, "mode manual: its renewal is always automatic")
	// Some products list no period at all, though they have one set.
	case setting.Mode == ModeAutomatic && len(infos.PossibleRenewPeriod) > 0 && !slices.Contains(infos.PossibleRenewPeriod, int64(months)):
		return c.refuse(ErrSettingNotOffered, "period %s (offered, in months: %s)", setting.Period, listed(infos.PossibleRenewPeriod))
	}
	return nil
}

// SetRenewal makes a service renew by itself, or not, takes back a planned deletion,
// and reads again what was set. It is the only way to renew in regions without
// GET /service/{serviceId}/renew.
//
// It spends, only later: an automatic renewal is charged to the account's default
// payment method when its day comes, at the price of that day, with no limit.
//
// Everything is checked before anything is written; what is so already is not
// written. The plan says, with the error too, which changes were Done: each service
// is a request of its own. It can be run again. The error is that of
// [PreviewSetting], or [ErrSettingNotTaken].
//
// API: PUT /services/{serviceId} with the calls of [PreviewSetting]: GET /services/{serviceId},
// GET /service/{serviceId}, GET /services/{serviceId}/renewPeriodCapacities,
// GET /services/{serviceId}/options. Where the region or the service lacks those:
// GET {route}/serviceInfos, PUT {route}/serviceInfos
//
// IAM: account:apiovh:service/get, account:apiovh:services/get, account:apiovh:services/edit,
// account:apiovh:services/options/get, account:apiovh:services/renewPeriodCapacities/get
func (a *API) SetRenewal(ctx context.Context, target Target, setting RenewSetting) (*SettingPlan, error) {
	plan, err := previewSetting(ctx, "SetRenewal", a, target, setting)
	if err != nil {
		return plan, err
	}
	for i := range plan.Changes {
		change := &plan.Changes[i]
		if change.None() {
			continue
		}
		if err := a.setOne(ctx, change, setting); err != nil {
			return plan, fmt.Errorf("%s: %w", called(change.Name, change.ServiceID), err)
		}
		change.Done = true
	}
	return plan, nil
}

// setOne writes one change and looks at what came of it. A lost answer needs no
// guessing: the look tells.
func (a *API) setOne(ctx context.Context, change *SettingChange, setting RenewSetting) error {
	var err error
	if !change.ByProduct {
		_, _, err = a.send(ctx, request{
			route: "PUT /services/{serviceId}", args: []string{change.ServiceID.String()},
			body: servicesUpdateOf(setting), kind: transport.Write,
		})
		change.ByProduct = errors.Is(err, ErrUnsupported) && change.Route != ""
	}
	if change.ByProduct {
		err = a.setInfos(ctx, change.Route, setting)
	}
	if err != nil && notExecuted(err) {
		return err
	}
	if seen := a.seeSetting(ctx, *change, setting.Patience); seen != nil {
		return errors.Join(seen, err)
	}
	return nil
}

// settingLooks is how often a setting is read again until it shows: products have
// been seen to answer contradictory states one after the other.
const settingLooks = 5

func (a *API) seeSetting(ctx context.Context, change SettingChange, patience Patience) error {
	pause := patience.pauses()
	for look := 1; ; look++ {
		state, err := a.renewState(ctx, change)
		if err == nil && state.equal(change.To) {
			return nil
		}
		if look == settingLooks {
			if err != nil {
				return err
			}
			return fmt.Errorf("%w: it is %q, not %q", ErrSettingNotTaken, state, change.To)
		}
		if paused := pause(ctx); paused != nil {
			return errors.Join(fmt.Errorf("%w: it was last seen %q", ErrSettingNotTaken, state), err, paused)
		}
	}
}

func (a *API) renewState(ctx context.Context, change SettingChange) (RenewState, error) {
	if change.ByProduct {
		var infos infosService
		err := a.Read(ctx, change.Route+infosSuffix, &infos)
		return infos.renewState(), err
	}
	service, err := readExpanded(ctx, a, change.ServiceID)
	if err != nil {
		return RenewState{}, err
	}
	return readRenewState(ctx, a, service)
}

type servicesUpdate struct {
	Renew             *renewUpdate      `json:"renew,omitempty"`
	TerminationPolicy TerminationPolicy `json:"terminationPolicy,omitempty"`
}

type renewUpdate struct {
	Mode   RenewMode `json:"mode"`
	Period Period    `json:"period,omitempty"`
}

// servicesUpdateOf is the body to send. OVHcloud's own manager writes a year as P12M
// there, and leaves the period out for the manual mode.
func servicesUpdateOf(setting RenewSetting) servicesUpdate {
	var update servicesUpdate
	if setting.Mode != "" {
		update.Renew = &renewUpdate{Mode: setting.Mode}
	}
	if months, ok := setting.Period.Months(); ok && setting.Mode == ModeAutomatic {
		update.Renew.Period = PeriodOfMonths(months)
	}
	if setting.KeepService {
		update.TerminationPolicy = TerminationEmpty
	}
	return update
}
