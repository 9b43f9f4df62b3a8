package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// What list shows of the demo account.
func TestShowList(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "list", exitDone, "list")
		shows(t, "list-all", exitDone, "list", "--within", "all", "--only", "product:vps-*", "--only", "12345")
		shows(t, "list-json", exitDone, "list", "--within", "10", "--json")
	})
}

// What ends soonest stands first, what never ends last, and of the same day the smaller
// number.
func TestCompareEnds(t *testing.T) {
	t.Parallel()
	service := func(id ovhrenew.ServiceID, day string) portfolio.Surveyed {
		s := portfolio.Surveyed{Service: ovhrenew.Service{ID: id}}
		if day != "" {
			s.Expiry = ovhrenew.MustDate(day)
		}
		return s
	}
	all := []portfolio.Surveyed{service(1, ""), service(1<<40+3, "2026-06-15"), service(4, "2026-06-16"), service(2, "2026-06-15"), service(0, ""), service(5, "9999-12-31")}
	slices.SortFunc(all, compareEnds)
	var got []ovhrenew.ServiceID
	for _, s := range all {
		got = append(got, s.ID)
	}
	if want := []ovhrenew.ServiceID{2, 1<<40 + 3, 4, 5, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("sorted to %v, want %v", got, want)
	}
}

func TestParseWithin(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0": 0, "30": 30, "30d": 30, "all": everything} {
		if got, err := parseWithin(text); err != nil || got != want {
			t.Errorf("%s is read as %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "-1", "30dd", "d30", "All", "1.5", "9999999999999999999"} {
		if got, err := parseWithin(text); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}

// What ends outside the days asked for is not listed, and how to see it is said.
func TestListWithin(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		w.server.AddService(ovhrenewtest.Service{ID: 7, Name: "soon.example", Expiry: time.Now().AddDate(0, 0, 2)})
		w.server.AddService(ovhrenewtest.Service{ID: 8, Name: "later.example", Expiry: time.Now().AddDate(0, 0, 50)})
		w.server.AddService(ovhrenewtest.Service{ID: 9, Name: "forever.example", NoExpiry: true})
		for _, c := range []struct {
			args       []string
			with, lack []string
		}{
			{[]string{"list", "--within", "5"}, []string{"soon.example", "within 5 days; --within all lists the others too"}, []string{"later.example", "forever.example"}},
			{[]string{"list", "--within", "60"}, []string{"soon.example", "later.example"}, []string{"forever.example"}},
			{[]string{"list", "--within", "all"}, []string{"soon.example", "later.example", "forever.example"}, []string{"--within"}},
			{[]string{"list", "--within", "all", "--only", "later.example"}, []string{"later.example", "1 service."}, []string{"soon.example"}},
		} {
			r := run(t, w, c.args...)
			if r.status != exitDone {
				t.Errorf("%v: status %d\n%s", c.args, r.status, r.err)
			}
			for _, text := range c.with {
				if !strings.Contains(r.out, text) {
					t.Errorf("%v lacks %q:\n%s", c.args, text, r.out)
				}
			}
			for _, text := range c.lack {
				if strings.Contains(r.out, text) {
					t.Errorf("%v has %q:\n%s", c.args, text, r.out)
				}
			}
		}
	})
}

// Where one service cannot be read the others are listed, and the run has failed; a flag
// that selects nothing is named as it was typed, whichever it is.
func TestListFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		r := run(t, w, "list", "--within", "all", "--only", ovhrenewtest.GuideVPS, "--only", "gone.example", "--only", "example.ovh", "--only", "vps112234.ovh.net")
		said := oneLine(r.err)
		for _, want := range []string{`--only "gone.example" selects no service`, `--only "vps112234.ovh.net" selects no service`} {
			if !strings.Contains(said, want) {
				t.Errorf("it is not said that %s:\n%s", want, r.err)
			}
		}
		if r.status != exitFailed || !strings.Contains(r.out, ovhrenewtest.GuideVPS) || strings.Contains(said, `"example.ovh"`) {
			t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: "GET /services", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		r = run(t, w, "list", "--json")
		var none []listed
		if err := json.Unmarshal([]byte(r.out), &none); err != nil || len(none) > 0 || r.status != exitFailed || !strings.Contains(r.err, "403") {
			t.Errorf("without the right to read: status %d, %v\n%s%s", r.status, err, r.out, r.err)
		}
	})
}
