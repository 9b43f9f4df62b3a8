package autorenew

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	var members, renew map[string]json.RawMessage
	err := errors.Join(json.Unmarshal(raw, &product), json.Unmarshal(raw, &members))
	switch {
	case err == nil && members == nil:
		err = errors.New("the answer is no object")
	case err == nil && members["renew"] != nil:
		err = json.Unmarshal(members["renew"], &renew)
	}
	if err != nil {
		return fmt.Errorf("GET %s: %w: %s", route, ovhrenew.ErrMalformed, words.Clean(err.Error()))
	}
	if err := cmp.Or(product.check(change.Route, change.ServiceID), change.same(product.state())); err != nil {
		return err
	}
	if renew == nil {
		renew = map[string]json.RawMessage{}
	}
	changeInfos(members, renew, product.RenewalType, setting)
	return client.Put(ctx, route, members)
}

func changeInfos(members, renew map[string]json.RawMessage, was ovhrenew.RenewalType, setting Setting) {
	set := func(in map[string]json.RawMessage, name string, value any) {
		in[name], _ = json.Marshal(value) // of what has just been decoded, or a bool, a number or a text
	}
	automatic := setting.Mode == ovhrenew.ModeAutomatic
	set(renew, "automatic", automatic)
	if raw := renew["manualPayment"]; len(raw) > 0 && string(raw) != "null" {
		set(renew, "manualPayment", !automatic)
	}
	if setting.KeepService || automatic {
		set(renew, "deleteAtExpiration", false)
	}
	// A planned deletion turns the type to manual, and automatic alone does not undo
	// that: the type has to be sent with it, though the schema calls it read-only.
	wasAutomatic := strings.HasPrefix(string(was), "automatic")
	if automatic {
		months, _ := setting.Period.Months()
		set(renew, "period", months)
	}
	if automatic && !wasAutomatic {
		set(members, "renewalType", "automaticV2012")
	} else if !automatic && wasAutomatic {
		set(members, "renewalType", "manual")
	}
	set(members, "renew", renew)
}
