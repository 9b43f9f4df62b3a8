package autorenew

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// setInfos sets how a product renews by itself. What is written replaces the whole
// object, and what is left out is switched off: so it is read, changed where it has
// to be, and sent back with everything else as it came, known here or not.
//
// API: GET {route}/serviceInfos, PUT {route}/serviceInfos
func setInfos(ctx context.Context, client Client, change Change, setting Setting) error {
	route := change.Route + infosSuffix
	var raw json.RawMessage
	if err := client.Read(ctx, route, &raw); err != nil {
		return err
	}
	var product infos
	var members map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, &product), json.Unmarshal(raw, &members)); err != nil {
		return fmt.Errorf("GET %s: %w: %s", route, ovhrenew.ErrMalformed, words.Clean(err.Error()))
	}
	if members == nil {
		return fmt.Errorf("GET %s: %w: the answer is no object", route, ovhrenew.ErrMalformed)
	}
	if err := product.check(change.Route, change.ServiceID); err != nil {
		return err
	}
	if err := change.same(product.state()); err != nil {
		return err
	}
	changed, err := changeInfos(members, product.RenewalType, setting)
	if err != nil {
		return fmt.Errorf("GET %s: %w: %s", route, ovhrenew.ErrMalformed, words.Clean(err.Error()))
	}
	return client.Put(ctx, route, changed)
}

// changeInfos returns the object with the setting in it.
func changeInfos(members map[string]json.RawMessage, was ovhrenew.RenewalType, setting Setting) (map[string]json.RawMessage, error) {
	members = maps.Clone(members)
	renew := map[string]json.RawMessage{}
	if raw := members["renew"]; len(raw) > 0 && string(raw) != "null" {
		if err := json.Unmarshal(raw, &renew); err != nil {
			return nil, fmt.Errorf("renew: %w", err)
		}
	}
	set := func(name string, value any) {
		renew[name], _ = json.Marshal(value) // a bool or an int
	}
	automatic := setting.Mode == ovhrenew.ModeAutomatic
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
		if !strings.HasPrefix(string(was), "automatic") {
			members["renewalType"], _ = json.Marshal("automaticV2012")
		}
	case strings.HasPrefix(string(was), "automatic"):
		members["renewalType"], _ = json.Marshal("manual")
	}
	var err error
	members["renew"], err = json.Marshal(renew)
	return members, err
}
