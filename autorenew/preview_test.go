package autorenew_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestPreviewFailed: an automatic renewal that should have come more than a week ago
// has failed, whatever the setting is, and only that.
func TestPreviewFailed(t *testing.T) {
	t.Parallel()
	setting := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, KeepService: true}
	for _, c := range []struct {
		name   string
		days   int // since the renewal was due
		mode   string
		ending bool
		ways   ovhrenewtest.Behaviour
		target ovhrenew.Target
		failed bool
	}{
		{name: "long past", days: 9, mode: "automatic", failed: true, target: ovhrenew.ID(vps)},
		{name: "long past, by the product", days: 9, mode: "automatic", failed: true, ways: onlyProducts, target: ovhrenew.Route(vpsRoute)},
		{name: "just past", days: 5, mode: "automatic", target: ovhrenew.ID(vps)},
		{name: "to come", days: -5, mode: "automatic", target: ovhrenew.ID(vps)},
		{name: "by hand", days: 9, mode: "manual", target: ovhrenew.ID(vps)},
		{name: "to be deleted", days: 9, mode: "automatic", ending: true, target: ovhrenew.ID(vps)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.ways.Expired = ovhrenewtest.ExpiredNowhere
			server, client := guideAccount(t, c.ways)
			due := time.Now().AddDate(0, 0, -c.days)
			server.SetMode(ovhrenewtest.GuideVPSID, c.mode)
			server.SetExpiry(ovhrenewtest.GuideVPSID, due)
			server.ChangeService(ovhrenewtest.GuideVPSID, func(s *ovhrenewtest.Service) { s.NextDate, s.DeleteAtExpiration = due, c.ending })
			for _, setting := range []autorenew.Setting{setting, {Mode: ovhrenew.ModeManual, KeepService: true}} {
				plan, err := autorenew.Preview(t.Context(), client, c.target, setting)
				if err != nil {
					t.Fatal(err)
				}
				change := plan.Changes[0]
				if change.Failed.IsZero() == c.failed || strings.Contains(change.String(), "did not") != c.failed {
					t.Errorf("failed on %q, want %t: %s", change.Failed, c.failed, change)
				}
				if c.failed && change.Failed != change.Expiry {
					t.Errorf("failed on %s, want %s", change.Failed, change.Expiry)
				}
			}
		})
	}
}

// TestPreviewOptionsUnlisted: where only the product knows the service, and nothing lists
// options, asking for them too costs nothing. Where the account knows it, a list that
// cannot be read is an error.
func TestPreviewOptionsUnlisted(t *testing.T) {
	t.Parallel()
	setting := autorenew.Setting{Mode: ovhrenew.ModeManual, Options: true}
	const options = "GET /services/{serviceId}/options"
	for name, c := range map[string]struct {
		absent []string
		target ovhrenew.Target
		want   error
	}{
		"by the product": {append(slices.Clone(onlyProducts.Absent), options), ovhrenew.Route(vpsRoute), nil},
		"by the account": {[]string{options}, ovhrenew.ID(vps), ovhrenew.ErrUnsupported},
	} {
		_, client := guideAccount(t, ovhrenewtest.Behaviour{Absent: c.absent})
		plan, err := autorenew.Preview(t.Context(), client, c.target, setting)
		if !errors.Is(err, c.want) || len(plan.Changes) != 1 {
			t.Errorf("%s: %v, %v, want the service alone, and %v", name, plan, err, c.want)
		}
	}
}
