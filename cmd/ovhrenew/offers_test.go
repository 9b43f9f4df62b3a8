package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What offers shows of the demo account.
func TestShowOffers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "offers", exitDone, "offers", "vps112233.ovh.net", "/domain/example.ovh")
		shows(t, "offers-json", exitDone, "offers", "12345", "--json")
	})
}

// An argument that cannot be a service is refused before any is read, wherever it stands.
func TestOffersUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"/vps//x"}, {"12345", "/vps//x"}, {"", "12345"}} {
		if said := usage(t, append([]string{"offers"}, args...)...); !strings.Contains(said, `SERVICE "`) {
			t.Errorf("offers %v is refused by %s", args, said)
		}
	}
}

// What cannot be read does not hide the offers of the others; a service without offers has
// nothing, in the table and in JSON.
func TestOffersOfSome(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		w.server.AddService(ovhrenewtest.Service{ID: 7, Name: "alone.example"})
		r := run(t, w, "offers", "gone.example", ovhrenewtest.GuideVPS, "7", "8")
		if r.status != exitFailed || strings.Count(r.out, ovhrenewtest.GuideVPS) < 2 || !strings.Contains(r.err, "gone.example") || !strings.Contains(r.err, "8: ") {
			t.Errorf("status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		if alone := line(r.out, "alone.example"); !strings.Contains(alone, "nothing") {
			t.Errorf("of a service without offers it says %q", alone)
		}
		r = run(t, w, "offers", "7", "gone.example", "--json")
		var all []offered
		if err := json.Unmarshal([]byte(r.out), &all); err != nil || len(all) != 1 || all[0].Name != "alone.example" || all[0].Offers == nil || r.status != exitFailed {
			t.Errorf("status %d, %v, %+v", r.status, err, all)
		}
		if r = run(t, w, "offers", "gone.example", "--json"); r.status != exitFailed || r.out != "[]\n" {
			t.Errorf("of nothing that is there, in JSON: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		if r = run(t, w, "offers", "gone.example"); r.status != exitFailed || r.out != "" {
			t.Errorf("of nothing that is there: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
	})
}

// What is renewed along with a service is named, and an option's offers are asked for only
// with the flag.
func TestOffersAlong(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		r := run(t, w, "offers", "/domain/example.ovh")
		if !strings.Contains(line(r.out, "37.87"), "(67890)") {
			t.Errorf("it does not say what comes along:\n%s", r.out)
		}
		asked := func(args ...string) bool {
			w.server.Forget()
			run(t, w, append([]string{"offers", "12345"}, args...)...)
			for _, request := range w.server.Requests() {
				if strings.Contains(request.Path, "includeOptions=true") {
					return true
				}
			}
			return false
		}
		if asked() || !asked("--options") {
			t.Error("options are not asked for with --options alone")
		}
	})
}

// line is the first line that has a text in it.
func line(all, text string) string {
	for line := range strings.Lines(all) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}
