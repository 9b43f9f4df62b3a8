package ovhrenew

import (
	"context"
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// RenewSetting is how a service is to renew by itself.
type RenewSetting struct {
	Mode RenewMode
	// Period is for ModeAutomatic; with ModeManual there is none.
	Period Period
	// KeepService takes back a planned deletion.
	KeepService bool
}

type servicesUpdate struct {
	Renew             *renewUpdate      `json:"renew,omitempty"`
	TerminationPolicy TerminationPolicy `json:"terminationPolicy,omitempty"`
}

type renewUpdate struct {
	Mode   RenewMode `json:"mode"`
	Period Period    `json:"period,omitempty"`
}

// SetRenewal makes a service renew by itself, or not. It is the only way to renew
// in regions without GET /service/{serviceId}/renew, and it spends: an automatic
// renewal is charged when its day comes. The error is [ErrBadInput] if the service
// does not offer the mode or the period; nothing is changed then.
//
// API: GET /services/{serviceId}, GET /services/{serviceId}/renewPeriodCapacities,
// PUT /services/{serviceId}
func (a *API) SetRenewal(ctx context.Context, id ServiceID, setting RenewSetting) error {
	const call = "SetRenewal"
	update, err := setting.update()
	if err != nil {
		return err
	}
	service, err := a.Service(ctx, id)
	if err != nil {
		return err
	}
	if modes := service.Billing.Renew.Capacities.Mode; !slices.Contains(modes, setting.Mode) {
		return badInput(call, "Mode", setting.Mode, fmt.Sprintf("is not offered: the service has %v", modes))
	}
	if setting.Mode == ModeAutomatic {
		periods, err := a.RenewPeriodCapacities(ctx, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(periods, setting.Period.Equal) {
			return badInput(call, "Period", setting.Period, fmt.Sprintf("is not offered: the service has %v", periods))
		}
	}
	_, _, err = a.send(ctx, request{
		route: "PUT /services/{serviceId}", args: []string{id.String()}, body: update, kind: transport.Write,
	})
	return err
}

// update is the body to send. OVHcloud's own manager writes a year as P12M there,
// and leaves the period out for the manual mode.
func (s RenewSetting) update() (servicesUpdate, error) {
	update := servicesUpdate{Renew: &renewUpdate{Mode: s.Mode}}
	if s.KeepService {
		update.TerminationPolicy = TerminationEmpty
	}
	switch s.Mode {
	case ModeAutomatic:
		months, ok := s.Period.Months()
		if !ok || months <= 0 {
			return update, badInput("SetRenewal", "Period", s.Period, "is not a number of months")
		}
		update.Renew.Period = PeriodOfMonths(months)
	case ModeManual:
		if s.Period != "" {
			return update, badInput("SetRenewal", "Period", s.Period, "goes with the automatic mode only")
		}
	default:
		return update, badInput("SetRenewal", "Mode", s.Mode, "is neither automatic nor manual")
	}
	return update, nil
}
