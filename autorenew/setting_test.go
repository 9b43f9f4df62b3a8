package autorenew_test

import (
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestSettingRefusals(t *testing.T) {
	t.Parallel()
	automatic := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M}
	for _, c := range []struct {
		name      string
		behaviour ovhrenewtest.Behaviour
		change    func(*ovhrenewtest.Service)
		target    ovhrenew.Target
		setting   autorenew.Setting
		want      error
	}{
		{"nothing", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{}, ovhrenew.ErrBadInput},
		{"an unknown mode", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{Mode: "often"}, ovhrenew.ErrBadInput},
		{"no period", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{Mode: ovhrenew.ModeAutomatic}, ovhrenew.ErrBadInput},
		{"days", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P10D"}, ovhrenew.ErrBadInput},
		{"manual with a period", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{Mode: ovhrenew.ModeManual, Period: "P1M"}, ovhrenew.ErrBadInput},
		{"a period without a mode", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{Period: "P1M", KeepService: true}, ovhrenew.ErrBadInput},
		{"no target", ovhrenewtest.Behaviour{}, nil, ovhrenew.Target{}, automatic, ovhrenew.ErrBadInput},
		{"a period that is not offered", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(vps), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P7M"}, autorenew.ErrNotOffered},
		{"what is to be deleted", ovhrenewtest.Behaviour{}, func(s *ovhrenewtest.Service) { s.DeleteAtExpiration = true }, ovhrenew.ID(vps), automatic, ovhrenew.ErrState},
		{"an option", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(55), automatic, ovhrenew.ErrState},
		{"what never ends", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(56), automatic, autorenew.ErrNotOffered},
		{"no such service", ovhrenewtest.Behaviour{}, nil, ovhrenew.ID(1), automatic, ovhrenew.ErrNotFound},
		{
			"what is always automatic", onlyProducts, func(s *ovhrenewtest.Service) { s.Mode, s.RenewalType = "automatic", "automaticForcedProduct" },
			ovhrenew.Route(vpsRoute),
			autorenew.Setting{Mode: ovhrenew.ModeManual},
			autorenew.ErrNotOffered,
		},
		{"what was bought once", onlyProducts, func(s *ovhrenewtest.Service) { s.RenewalType = "oneShot" }, ovhrenew.Route(vpsRoute), automatic, ovhrenew.ErrState},
		{"a product's other period", onlyProducts, nil, ovhrenew.Route(vpsRoute), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P7M"}, autorenew.ErrNotOffered},
		{"a product's deletion without a mode", onlyProducts, nil, ovhrenew.Route(vpsRoute), autorenew.Setting{KeepService: true}, autorenew.ErrNotOffered},
		{"a region without any way", onlyProducts, nil, ovhrenew.ID(vps), automatic, ovhrenew.ErrUnsupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server, client := guideAccount(t, c.behaviour)
			server.AddService(ovhrenewtest.Service{ID: 55, Name: "backup", Parent: ovhrenewtest.GuideVPSID})
			server.AddService(ovhrenewtest.Service{ID: 56, Name: "vrack", NoExpiry: true})
			if c.change != nil {
				server.ChangeService(ovhrenewtest.GuideVPSID, c.change)
			}
			if _, err := autorenew.Set(t.Context(), client, c.target, c.setting); !errors.Is(err, c.want) {
				t.Errorf("Set: %v, want %v", err, c.want)
			}
			if n := written(server); n != 0 {
				t.Errorf("%d writing requests were sent, want none", n)
			}
		})
	}
}

// TestStateString: what a service does by itself, in words.
func TestStateString(t *testing.T) {
	t.Parallel()
	for want, state := range map[string]autorenew.State{
		"not said":                            {},
		"manual":                              {Mode: ovhrenew.ModeManual},
		"manual, to be deleted":               {Mode: ovhrenew.ModeManual, Ending: true},
		"automatic, every P3M":                {Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P3M},
		"automatic, every P1Y, to be deleted": {Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y, Ending: true},
	} {
		if got := state.String(); got != want {
			t.Errorf("%#v is %q, want %q", state, got, want)
		}
	}
}
