// The guards against the state that a service is in.

package safety_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// TestEveryState asks the guard about each state alone, of a service that expires in
// ten days and of one that expired three days ago.
func TestEveryState(t *testing.T) {
	t.Parallel()
	type service = ovhrenew.Service
	today := ovhrenew.MustDate("2026-12-01")
	for _, tt := range []struct {
		in   service
		want string // why it is refused; none: it passes
		back bool   // it passes once it has expired
	}{
		{in: service{}},
		{in: service{Type: "manual"}},
		{in: service{Type: "automaticV2024"}},
		{in: service{Type: "automaticForcedProduct"}},
		{in: service{Type: "ofTomorrow"}, want: "not known"}, // never a permission
		{in: service{Type: "oneShot"}, want: "paid once and does not renew"},
		{in: service{Type: "option"}, want: "is an option"},
		{in: service{Parent: 7}, want: "option of service 7"},
		{in: service{Type: "deleteAtExpiration"}, want: "undo that first"},
		{in: service{Type: "deleteAtEndEngagement"}, want: "undo that first"},

		{in: service{Lifecycle: "active"}},
		{in: service{Lifecycle: "toRenew"}},
		{in: service{Lifecycle: "unrenewed"}},
		{in: service{Lifecycle: "error"}, want: "support"},
		{in: service{Lifecycle: "rupture"}, want: "support"},
		{in: service{Lifecycle: "terminated"}, want: "support"},
		{in: service{Lifecycle: "inCreation"}, want: "being created"},
		{in: service{Lifecycle: "unpaid"}, want: "debt"},

		{in: service{PendingActions: actions("earlyRenewal")}},
		{in: service{PendingActions: actions("deleteAtExpiration")}, want: "undo that first"},
		{in: service{PendingActions: actions("terminate")}, want: "undo that first"},
		{in: service{PendingActions: actions("earlyRenewal", "terminateAtEngagementDate")}, want: "undo that first"},
		{in: service{PendingActions: actions("terminateAtExpirationDate")}, want: "undo that first"},
		{in: service{PendingActions: actions("ofTomorrow")}, want: "not known"},

		{in: service{State: "ok"}},
		{in: service{State: "active"}},
		{in: service{State: "toSuspend"}, want: "suspended", back: true},
		{in: service{State: "suspending"}, want: "suspended", back: true},
		{in: service{State: "suspended"}, want: "suspended", back: true},
		{in: service{State: "toDelete"}, want: "being deleted"},
		{in: service{State: "deleting"}, want: "being deleted"},
		{in: service{State: "deleted"}, want: "being deleted"},

		{in: service{State: "opening"}},
		{in: service{State: "OK"}, want: "not known"},
		{in: service{State: "ofTomorrow"}, want: "not known"},
		{in: service{Lifecycle: "Active"}, want: "not known"},
		{in: service{Lifecycle: "ofTomorrow"}, want: "not known"},
		{in: service{Billing: "unPaid"}, want: "debt"},
		{in: service{Billing: "inCreation"}, want: "being created"},
		{in: service{Billing: "ofTomorrow"}, want: "not known"},

		{in: service{Billing: "ok"}},
		{in: service{Billing: "expired"}},
		{in: service{Billing: "pending"}, want: "being created"},
		{in: service{Billing: "unpaid"}, want: "debt"},
		{in: service{Billing: "pendingDebt"}, want: "debt"},
	} {
		for _, left := range []int{10, -3} {
			s, want := tt.in, tt.want
			s.Name, s.ID, s.Expiry = "vps", vps, today.AddDays(left)
			if left < 0 && tt.back {
				want = ""
			}
			err := ovhrenew.Guards{}.State(s, today)
			if (err != nil) != (want != "") || err != nil && (!errors.Is(err, ovhrenew.ErrState) || !strings.Contains(err.Error(), want)) {
				t.Errorf("State(%+v) = %v, want %q", s, err, want)
			}
			if err := (ovhrenew.Guards{AnyState: true}).State(s, today); err != nil {
				t.Errorf("State(%+v), in any state, = %v", s, err)
			}
		}
	}
}

func actions(all ...string) []string { return all }

// TestRenewalInProgress refuses what OVHcloud is renewing at this moment, whatever is allowed.
func TestRenewalInProgress(t *testing.T) {
	t.Parallel()
	s := ovhrenew.Service{
		ID: vps, Name: "vps", Mode: ovhrenew.ModeManual,
		PendingActions: []string{"autorenewInProgress"},
	}
	today := ovhrenew.MustDate("2026-12-01")
	if err := (ovhrenew.Guards{}).Automatic(s, today); !errors.Is(err, ovhrenew.ErrAutoRenew) {
		t.Errorf("Automatic during an automatic renewal = %v, want %v", err, ovhrenew.ErrAutoRenew)
	}
	// It is under way already: allowing it would be to pay beside it.
	if err := (ovhrenew.Guards{AllowAutomatic: true}).Automatic(s, today); !errors.Is(err, ovhrenew.ErrAutoRenew) {
		t.Errorf("Automatic, allowed, during an automatic renewal = %v, want %v", err, ovhrenew.ErrAutoRenew)
	}
}
