package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What auto shows of the demo account.
func TestShowAuto(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "auto", exitDone, "auto", "vps112233.ovh.net", "--mode", "automatic", "--every", "P1M")
		shows(t, "auto-json", exitDone, "auto", "vps112233.ovh.net", "--mode", "automatic", "--every", "P1M", "--preview", "--json")
	})
}

// A yes sets it, and is asked for once the change has been shown; what is so already is
// neither asked about nor sent. A preview changes nothing.
func TestAuto(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		w.terminal = true
		mode := func() string { return w.server.Services()[0].Mode }
		puts := func() int { return w.server.Count("PUT /services/{serviceId}") }
		automatic := []string{"auto", ovhrenewtest.GuideVPS, "--mode", "automatic", "--every", "P1M"}
		if r := run(t, w, append(automatic, "--preview")...); r.status != exitDone || puts() > 0 || strings.Contains(r.err, "[y/N]") || !strings.Contains(r.out, "automatic") {
			t.Errorf("preview: status %d, %d changes\n%s---\n%s", r.status, puts(), r.out, r.err)
		}
		w.answers = "yes\n"
		r := run(t, w, automatic...)
		if r.status != exitDone || mode() != "automatic" || !strings.Contains(r.err, "Set this?") || !strings.Contains(r.err, "done: ") || !strings.Contains(r.out, ovhrenewtest.GuideVPS) {
			t.Errorf("status %d, it renews %s\n%s---\n%s", r.status, mode(), r.out, r.err)
		}
		sent := puts()
		w.answers = ""
		if r := run(t, w, automatic...); r.status != exitDone || puts() != sent || strings.Contains(r.err, "[y/N]") {
			t.Errorf("again: status %d, %d changes more\n%s---\n%s", r.status, puts()-sent, r.out, r.err)
		}
		w.answers = "y\n"
		r = run(t, w, "auto", ovhrenewtest.GuideVPS, "--mode", "manual", "--json")
		if r.status != exitDone || mode() == "automatic" || !json.Valid([]byte(r.out)) {
			t.Errorf("back, in JSON: status %d, it renews %s\n%s---\n%s", r.status, mode(), r.out, r.err)
		}
	})
}

// What the API does not do is not said to be done.
func TestAutoFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		w.terminal, w.answers = true, "y\n"
		w.server.Inject(ovhrenewtest.Fault{Route: "PUT /services/{serviceId}", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		r := run(t, w, "auto", ovhrenewtest.GuideVPS, "--mode", "automatic", "--every", "P1M")
		if r.status != exitFailed || strings.Contains(r.err, "done: ") || !strings.Contains(r.err, "403") {
			t.Errorf("status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		if r := run(t, w, "auto", "gone.example", "--mode", "manual"); r.status != exitFailed || r.out != "" {
			t.Errorf("of nothing that is there: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
	})
}

func TestParseMode(t *testing.T) {
	t.Parallel()
	for _, want := range []ovhrenew.RenewMode{ovhrenew.ModeAutomatic, ovhrenew.ModeManual} {
		if got, err := parseMode(string(want)); err != nil || got != want {
			t.Errorf("%s is read as %q, %v", want, got, err)
		}
	}
	for _, text := range []string{"", "Automatic", "auto", "automaticForcedProduct"} {
		if got, err := parseMode(text); err == nil {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
