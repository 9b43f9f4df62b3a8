package ovhrenew

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

const infosSuffix = "/serviceInfos"

// infosService is what GET {route}/serviceInfos answers.
type infosService struct {
	ServiceID   ServiceID    `json:"serviceId"`
	Domain      string       `json:"domain"`
	Status      BillingState `json:"status"`
	Creation    Date         `json:"creation"`
	Expiration  Date         `json:"expiration"`
	RenewalType RenewalType  `json:"renewalType"`
	Renew       struct {
		Automatic          *bool `json:"automatic"`
		DeleteAtExpiration bool  `json:"deleteAtExpiration"`
		Forced             bool  `json:"forced"`
		ManualPayment      *bool `json:"manualPayment"`
		Period             int64 `json:"period"` // months; 0: none
	} `json:"renew"`
	PossibleRenewPeriod []int64 `json:"possibleRenewPeriod"` // months
}

func (w infosService) flat(route string) Service {
	s := Service{
		ID: w.ServiceID, Name: w.Domain, Route: route, Created: w.Creation, Expiry: w.Expiration,
		Period: PeriodOfMonths(int(w.Renew.Period)), Billing: w.Status, Type: w.RenewalType,
		Automatic: w.Renew.Automatic, ManualPayment: w.Renew.ManualPayment,
	}
	// The account's list writes these two in other words.
	switch w.Status {
	case "unPaid":
		s.Billing = BillingUnpaid
	case "inCreation":
		s.Billing = BillingPending
	}
	if w.Renew.DeleteAtExpiration {
		s.PendingActions = []LifecycleAction{ActionDeleteAtExpiration}
	}
	return s
}

// ServiceInfos reads the billing of the product at route, such as
// /vps/vps112233.ovh.net. A name with a slash in it is written with %2F. The error
// is [ErrExpired] for many an expired service, although it may be renewable.
//
// API: GET {route}/serviceInfos
func (a *API) ServiceInfos(ctx context.Context, route string) (Service, error) {
	if err := checkRoute("ServiceInfos", route); err != nil {
		return Service{}, err
	}
	wire, err := fetch[infosService](ctx, a, request{route: "GET " + route + infosSuffix, head: fresh})
	if err != nil {
		return Service{}, err
	}
	return wire.flat(route), nil
}

// setInfos sets how a product renews by itself. What is written replaces the whole
// object, and what is left out is switched off: so it is read, changed where it has
// to be, and sent back with everything else as it came, known here or not.
//
// API: GET {route}/serviceInfos, PUT {route}/serviceInfos
func (a *API) setInfos(ctx context.Context, route string, setting RenewSetting) error {
	if err := checkRoute("SetRenewal", route); err != nil {
		return err
	}
	infos, err := fetch[map[string]json.RawMessage](ctx, a, request{route: "GET " + route + infosSuffix, head: fresh})
	if err != nil {
		return err
	}
	changed, err := changeInfos(infos, setting)
	if err != nil {
		return fmt.Errorf("GET %s%s: %w: %w", route, infosSuffix, ErrMalformed, err)
	}
	_, _, err = a.send(ctx, request{route: "PUT " + route + infosSuffix, body: changed, kind: transport.Write})
	return err
}

// changeInfos is the object with the setting in it.
func changeInfos(infos map[string]json.RawMessage, setting RenewSetting) (map[string]json.RawMessage, error) {
	infos = maps.Clone(infos)
	renew := map[string]json.RawMessage{}
	if raw := infos["renew"]; len(raw) > 0 {
		if err := json.Unmarshal(raw, &renew); err != nil {
			return nil, fmt.Errorf("renew: %w", err)
		}
		if renew == nil { // it was null
			renew = map[string]json.RawMessage{}
		}
	}
	var renewalType RenewalType
	if raw := infos["renewalType"]; len(raw) > 0 {
		if err := json.Unmarshal(raw, &renewalType); err != nil {
			return nil, fmt.Errorf("renewalType: %w", err)
		}
	}
	set := func(name string, value any) {
		renew[name], _ = json.Marshal(value) // a bool or an int
	}
	automatic := setting.Mode == ModeAutomatic
	set("automatic", automatic)
	if raw := renew["manualPayment"]; len(raw) > 0 && string(raw) != "null" {
		set("manualPayment", !automatic)
	}
	if setting.KeepService || automatic {
		set("deleteAtExpiration", false)
	}
	// A planned deletion turns the type to manual, and automatic alone does not undo
	// that: the type has to be sent with it, though the schema calls it read-only.
	switch {
	case automatic:
		months, _ := setting.Period.Months()
		set("period", months)
		if !renewalType.Automatic() {
			infos["renewalType"], _ = json.Marshal(RenewalAutomaticV2012)
		}
	case renewalType.Automatic():
		infos["renewalType"], _ = json.Marshal(RenewalManual)
	}
	var err error
	infos["renew"], err = json.Marshal(renew)
	return infos, err
}
