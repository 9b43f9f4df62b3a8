package ovhrenew_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

func TestRenewalMode(t *testing.T) {
	t.Parallel()
	yes, no := new(bool), new(bool)
	*yes = true
	type service = ovhrenew.Service
	const manual, automatic = ovhrenew.ModeManual, ovhrenew.ModeAutomatic
	for name, tt := range map[string]struct {
		in   service
		want ovhrenew.RenewMode // empty: refused
	}{
		"manual, nothing else read":             {service{Mode: manual}, manual},
		"manual and manualPayment":              {service{Mode: manual, ManualPayment: yes, Automatic: no}, manual},
		"manual and type manual":                {service{Mode: manual, Type: "manual"}, manual},
		"manual and automatic false":            {service{Mode: manual, Automatic: no, ManualPayment: no}, manual},
		"manual of an automatic type":           {service{Mode: manual, Type: "automaticV2016"}, manual},
		"manual, paid by hand though on":        {service{Mode: manual, Automatic: yes, ManualPayment: yes}, manual},
		"automatic":                             {service{Mode: automatic}, automatic},
		"automatic whatever the product says":   {service{Mode: automatic, Automatic: no, ManualPayment: yes}, automatic},
		"absent, manualPayment":                 {service{ManualPayment: yes}, manual},
		"absent, type manual":                   {service{Type: "manual"}, manual},
		"absent, automatic false":               {service{Automatic: no}, manual},
		"absent, oneShot, automatic false":      {service{Type: "oneShot", Automatic: no, ManualPayment: no}, manual},
		"absent, V2016 with manualPayment":      {service{Type: "automaticV2016", Automatic: no, ManualPayment: yes}, manual},
		"absent, automatic true":                {service{Automatic: yes}, automatic},
		"absent, automatic true, by itself":     {service{Automatic: yes, ManualPayment: no, Type: "automaticV2016"}, automatic},
		"absent, nothing read":                  {service{}, ""},
		"absent, only an automatic type":        {service{Type: "automaticV2016"}, ""},
		"absent, only a forced type":            {service{Type: "automaticForcedProduct"}, ""},
		"absent, forced and automatic false":    {service{Type: "automaticForcedProduct", Automatic: no}, ""},
		"unknown":                               {service{Mode: "ofTomorrow"}, ""},
		"unknown, automatic false":              {service{Mode: "ofTomorrow", Automatic: no}, ""},
		"in other letters":                      {service{Mode: "Manual", Automatic: no}, ""},
		"in capitals":                           {service{Mode: "AUTOMATIC"}, ""},
		"with a space":                          {service{Mode: "manual ", ManualPayment: yes}, ""},
		"manual against automatic true":         {service{Mode: manual, Automatic: yes}, ""},
		"manual against automatic, not by hand": {service{Mode: manual, Automatic: yes, ManualPayment: no}, ""},
		"manual against a forced type":          {service{Mode: manual, Type: "automaticForcedProduct"}, ""},
		"manual of an unknown type":             {service{Mode: manual, Type: "ofTomorrow"}, ""},
		"automatic of an unknown type":          {service{Mode: automatic, Type: "ofTomorrow"}, ""},
	} {
		tt.in.ID, tt.in.Name = vps, "vps"
		got, err := ovhrenew.RenewalMode(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got, err, tt.want)
		}
		if err == nil {
			continue
		}
		for _, fact := range []string{"renew.current.mode", "renewal type", "automatic", "manualPayment", strings.TrimSpace(string(tt.in.Mode))} {
			if !errors.Is(err, ovhrenew.ErrAutoRenew) || !strings.Contains(err.Error(), fact) {
				t.Errorf("%s: %v, want ErrAutoRenew with %s", name, err, fact)
			}
		}
		today := ovhrenew.MustDate("2026-12-01")
		if err := (ovhrenew.Guards{AllowAutomatic: true}).Automatic(tt.in, today); err != nil {
			t.Errorf("%s, allowed: %v", name, err)
		}
	}
}

// What is being renewed at this moment is refused, whatever is allowed.
func TestRenewing(t *testing.T) {
	t.Parallel()
	today := ovhrenew.MustDate("2026-12-01")
	for _, s := range []ovhrenew.Service{
		{PendingActions: []string{"earlyRenewal", "autorenewInProgress"}},
		{PendingActions: []string{"RenewalOfTomorrow"}},
		{Billing: "autorenewInProgress"},
		{Billing: "AutorenewInProgress"}, // as nobody writes it
		{Billing: "renewalOfTomorrow"},
	} {
		s.Mode, s.Expiry = ovhrenew.ModeManual, today.AddDays(10)
		for _, allow := range []bool{false, true} {
			if err := (ovhrenew.Guards{AllowAutomatic: allow, AnyState: true}).Automatic(s, today); !errors.Is(err, ovhrenew.ErrAutoRenew) {
				t.Errorf("Automatic(%+v), allowed %t, = %v, want ErrAutoRenew", s, allow, err)
			}
		}
	}
}

// An automatic renewal that did not come is a refusal of its own.
func TestAutomaticDays(t *testing.T) {
	t.Parallel()
	today := ovhrenew.MustDate("2026-12-01")
	for _, tt := range []struct {
		next, expiry int // days from today; 1000: none
		refused      bool
		failed       bool
	}{
		{next: 10, expiry: 10, refused: true},
		{next: 90, expiry: 90, refused: true},
		{next: 91, expiry: 91},
		{next: 200, expiry: 10, refused: true},
		{next: 1000, expiry: 10, refused: true},
		{next: -7, expiry: -7, refused: true},
		{next: -8, expiry: -8, refused: true, failed: true},
		{next: -60, expiry: 10, refused: true, failed: true},
		{next: 1000, expiry: -60, refused: true, failed: true},
	} {
		s := ovhrenew.Service{ID: vps, Mode: ovhrenew.ModeAutomatic, Expiry: today.AddDays(tt.expiry)}
		if tt.next != 1000 {
			s.NextDate = today.AddDays(tt.next)
		}
		err := ovhrenew.Guards{}.Automatic(s, today)
		if errors.Is(err, ovhrenew.ErrAutoRenew) != tt.refused || tt.failed != (err != nil && strings.Contains(err.Error(), "it was due on")) {
			t.Errorf("Automatic, next in %d days, expiry in %d: %v, want refused %t, failed %t", tt.next, tt.expiry, err, tt.refused, tt.failed)
		}
	}
}
