package ovhrenew

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

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
