package main

import (
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// surveyed surveys an account with a trouble.
func surveyed(t *testing.T, query portfolio.Query, trouble ...ovhrenewtest.Fault) (services []portfolio.Surveyed, failed []error) {
	t.Helper()
	server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{MaxPageSize: 2})
	ovhrenewtest.Guide(server)
	server.Inject(trouble...)
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return survey(t.Context(), &account{client: client}, query)
}

// A survey has every service, and beside them what was wrong with some; where the account
// itself cannot be read it has none: half a list would be taken for the whole.
func TestSurvey(t *testing.T) {
	bubble(t, func(t *testing.T) {
		whole, failed := surveyed(t, portfolio.Query{})
		if len(whole) < 3 || failed != nil {
			t.Fatalf("%d services, %v", len(whole), failed)
		}
		some, failed := surveyed(t, portfolio.Query{Only: []portfolio.Selection{{Names: []string{ovhrenewtest.GuideVPS}}, {Names: []string{"gone.example"}}}})
		if _, unused := errors.AsType[*portfolio.UnusedError](errors.Join(failed...)); len(some) != 1 || len(failed) != 1 || !unused {
			t.Errorf("with a selection of nothing: %d services, %v", len(some), failed)
		}
		offers := portfolio.Query{Offers: func(portfolio.Surveyed) bool { return true }}
		all, failed := surveyed(t, offers, ovhrenewtest.Fault{Route: "GET /service/{serviceId}/renew", Kind: ovhrenewtest.StatusFault, Status: 403})
		if _, single := errors.AsType[*portfolio.ServiceError](errors.Join(failed...)); len(all) != len(whole) || len(failed) != 1 || !single {
			t.Errorf("with one whose offers are denied: %d services, %v", len(all), failed)
		}
		for skip := range 2 { // the first page, or the second
			none, failed := surveyed(t, portfolio.Query{}, ovhrenewtest.Fault{Route: "GET /services", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1, Skip: skip})
			if len(none) > 0 || len(failed) != 1 || !errors.Is(failed[0], ovhrenew.ErrDenied) {
				t.Errorf("of an account whose page %d cannot be read: %d services, %v", skip+1, len(none), failed)
			}
		}
	})
}
