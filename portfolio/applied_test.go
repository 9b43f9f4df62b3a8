// What applying a plan says and does where somebody or something else has renewed, or is
// renewing.

package portfolio_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// guideWorld is the guide's account, with a plan that renews its VPS for a period.
func guideWorld(t *testing.T, b ovhrenewtest.Behaviour, period ovhrenew.Period, change func(*ovhrenewtest.Service)) (*world, *portfolio.Plan) {
	t.Helper()
	w := &world{tb: t, server: ovhrenewtest.StartPipe(t, b), old: map[ovhrenew.ServiceID]ovhrenew.Date{}}
	ovhrenewtest.Guide(w.server)
	w.server.ChangeService(ovhrenewtest.GuideVPSID, change)
	for _, service := range w.server.Services() {
		w.old[ovhrenew.ServiceID(service.ID)] = ovhrenew.DateOf(service.Expiry)
	}
	policy, today := agencyPolicy(), ovhrenew.DateOf(time.Now())
	policy.Period, policy.Exceptions, policy.RenewAutomatic = period, nil, true
	policy.Never = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{ovhrenewtest.GuideDomainID, ovhrenewtest.GuideHostingID}}}
	services, _, err := portfolio.Gather(t.Context(), w.client(ovhrenew.Unlimited), policy, today)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Items) != 1 || plan.Items[0].Via != ovhrenewtest.GuideVPSID {
		t.Fatalf("the plan is\n%s\nwant the VPS", plan)
	}
	return w, plan
}

// rewriting changes what the API answers, from the n-th answer about one service on.
type rewriting struct {
	next     http.RoundTripper
	from     int
	old, new string

	seen, hits int
	paid       bool // before anything was changed
}

func (r *rewriting) RoundTrip(request *http.Request) (*http.Response, error) {
	r.paid = r.paid || r.hits == 0 && request.Method == http.MethodPost && strings.HasSuffix(request.URL.Path, "/pay")
	response, err := r.next.RoundTrip(request)
	if err != nil || !strings.HasSuffix(request.URL.Path, "/services/11223344") {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		return nil, err
	}
	if r.seen++; r.seen >= r.from && bytes.Contains(body, []byte(r.old)) {
		r.hits++
		body = bytes.ReplaceAll(body, []byte(r.old), []byte(r.new))
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Del("Content-Length")
	return response, nil
}

// A plan that renews what renews itself does not pay for what OVHcloud has begun to renew
// since, whether before it is applied or while it is.
func TestApplyBesideAutomaticRenewal(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"autorenewInProgress", "renewalOfTomorrow"} {
		for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
			for from, late := 1, false; !late; from++ {
				synctest.Test(t, func(t *testing.T) {
					w, plan := guideWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true}, ovhrenew.P3M, func(s *ovhrenewtest.Service) { s.Mode = "automatic" })
					wire := &rewriting{next: w.server.Transport(), from: from, old: `"pendingActions":[]`, new: `"pendingActions":["` + action + `"]`}
					client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: wire})
					if err != nil {
						t.Fatal(err)
					}
					report, err := portfolio.Apply(t.Context(), client, plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: ovhrenewtest.NewMemory(sharing)})
					if err != nil {
						t.Fatal(err)
					}
					item := report.Items[0]
					if late = wire.paid; late {
						if from == 1 {
							t.Fatal("it paid without reading the service")
						}
						return
					}
					if n := w.server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 0 || wire.hits == 0 {
						t.Errorf("%s from look %d on: paid %d times", action, from, n)
					}
					if !errors.Is(item.Err, ovhrenew.ErrAutoRenew) && !errors.Is(item.Err, ovhrenew.ErrState) || item.Outcome != portfolio.OutcomeRefused && item.Outcome != portfolio.OutcomeOrdered || !item.Spent.IsZero() {
						t.Errorf("%s from look %d on: %s, spent %s: %v", action, from, item.Outcome, item.Spent, item.Err)
					}
				})
				if t.Failed() {
					return
				}
			}
		}
	}
}

// A renewal that moves the expiry to another day than planned is paid: applied again, the
// plan finds it renewed by the same order, and marked so.
func TestApplyUnexpectedDay(t *testing.T) {
	t.Parallel()
	for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
		for _, anchor := range []int{1, 5, 28} {
			synctest.Test(t, func(t *testing.T) {
				w, plan := guideWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute}, ovhrenew.P3M, func(s *ovhrenewtest.Service) { s.Anchor = anchor })
				journal := ovhrenewtest.NewMemory(sharing)
				var first portfolio.ItemReport
				for run := range 3 {
					report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal.Another()})
					if err != nil {
						t.Fatal(err)
					}
					item := report.Items[0]
					if run == 0 {
						first = item
					}
					if item.Outcome != portfolio.OutcomeRenewed || !item.Unexpected || item.Order != first.Order || item.Already != (run > 0) || item.Spent != first.Spent {
						t.Errorf("anchor %d, run %d: %s, unexpected %t, already %t, order %d, spent %s: %s", anchor, run, item.Outcome, item.Unexpected, item.Already, item.Order, item.Spent, item.Why)
					}
					time.Sleep(24 * time.Hour)
				}
				if n := w.server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 {
					t.Errorf("anchor %d: paid %d times", anchor, n)
				}
				w.agrees(&portfolio.Report{Items: []portfolio.ItemReport{first}})
			})
		}
	}
}
