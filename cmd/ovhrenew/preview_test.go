package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What renew --preview shows of the demo account.
func TestShowPreview(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "renew-preview", exitDone, "renew", "vps112233.ovh.net", "--for", "P1Y", "--limit", "80 EUR", "--preview")
		shows(t, "renew-over", exitFailed, "renew", "vps112233.ovh.net", "--for", "P1Y", "--limit", "50 EUR", "--preview")
	})
}

// A preview sends nothing that orders, whatever it says, and says it in JSON too; where it
// would be refused it fails.
func TestRenewPreview(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		for _, c := range []struct {
			args   []string
			status int
			want   string
		}{
			{[]string{ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR"}, exitDone, "free     nothing stands in the way"},
			{[]string{ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "1 EUR"}, exitFailed, "refused  "},
			{[]string{ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR", "--from", "2010-01-01"}, exitFailed, ""},
			{[]string{ovhrenewtest.GuideVPS, "--for", "P2Y", "--limit", "50 EUR"}, exitFailed, "no offer was chosen"},
			{[]string{"/domain/example.ovh", "--for", "P1Y", "--limit", "80 EUR"}, exitFailed, "not      P1Y of "},
			{[]string{"/domain/example.ovh", "--for", "P1Y", "--limit", "80 EUR", "--bundle"}, exitFailed, "chosen   P1Y of "},
			{[]string{ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR", "--json"}, exitDone, `"refusals": `},
			{[]string{ovhrenewtest.GuideVPS, "--for", "P2Y", "--limit", "50 EUR", "--json"}, exitFailed, `"refusals": `},
			{[]string{"gone.example", "--for", "P3M", "--limit", "50 EUR"}, exitFailed, "gone.example"},
		} {
			args := append([]string{"renew", "--preview"}, c.args...)
			r := run(t, w, args...)
			if r.status != c.status || !strings.Contains(r.out+r.err, c.want) {
				t.Errorf("%v: status %d, want %d and %q\n%s---\n%s", args, r.status, c.status, c.want, r.out, r.err)
			}
			if strings.HasPrefix(c.want, `"`) && !json.Valid([]byte(r.out)) {
				t.Errorf("%v writes no JSON:\n%s", args, r.out)
			}
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n > 0 {
			t.Errorf("%d orders were placed", n)
		}
	})
}

// In JSON every reason that a person would read is there as text, and the exit status is the
// same.
func TestPreviewJSON(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		read := func(status int, args ...string) (got previewed) {
			t.Helper()
			r := run(t, w, append([]string{"renew", "--preview", "--json"}, args...)...)
			if err := json.Unmarshal([]byte(r.out), &got); err != nil || r.status != status {
				t.Fatalf("%v: status %d, %v\n%s%s", args, r.status, err, r.out, r.err)
			}
			return got
		}
		got := read(exitDone, ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR")
		if len(got.Refusals) != 3 || len(got.Blockers) > 0 || got.Offer == nil || got.Offer.Period != "P3M" || got.Quote.PriceWithTax != ovhrenew.MustMoney("21.56 EUR") {
			t.Errorf("it has %+v", got)
		}
		for _, refusal := range got.Refusals {
			if !strings.Contains(refusal.Reason, "P3M") || refusal.Offer.Period == "P3M" {
				t.Errorf("an offer is refused as %+v", refusal)
			}
		}
		if len(got.Services) != 1 || got.Services[0].Name != ovhrenewtest.GuideVPS || got.Services[0].NewExpiry == got.Services[0].Expiry {
			t.Errorf("it moves %+v", got.Services)
		}
		got = read(exitFailed, ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "20 EUR")
		if len(got.Blockers) != 1 || !strings.Contains(got.Blockers[0], "21.56 EUR") {
			t.Errorf("blocked by %v", got.Blockers)
		}
		got = read(exitFailed, ovhrenewtest.GuideVPS, "--for", "P2Y", "--limit", "20 EUR")
		if len(got.Refusals) != 4 || got.Offer != nil || got.Quote != nil {
			t.Errorf("without an offer it has %+v", got)
		}
	})
}

// What may want a person's eye is shown, and blocks nothing by itself.
func TestPreviewNotes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &program{out: &out}
	proposal := &ovhrenew.Proposal{Offer: ovhrenew.Offer{Period: ovhrenew.P1Y}, Notes: []string{"an order of somebody's is open: Guards.TakeOver pays it"}}
	p.writePreview(proposal)
	if !strings.Contains(out.String(), "look     an order of somebody's is open: renew --take-over pays it\n") || !strings.Contains(out.String(), "free     ") {
		t.Errorf("it shows\n%s", &out)
	}
	out.Reset()
	proposal.Blockers = []error{errors.New("over the limit")}
	p.writePreview(proposal)
	if !strings.Contains(out.String(), "refused  over the limit\n") || strings.Contains(out.String(), "free     ") {
		t.Errorf("blocked, it shows\n%s", &out)
	}
	if all := previewOf(proposal); len(all.Notes) != 1 || len(all.Blockers) != 1 {
		t.Errorf("in JSON it is %+v", all)
	}
}
