// An agency's month: thirty nights, two hosts, one journal, and what goes wrong.

package portfolio_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var monthOf = flag.Int("month", 250, "how many services the account of TestMonth has")

// month is an agency's month: an account, two hosts with one journal, and a budget.
type month struct {
	*world
	t       *testing.T
	journal *ovhrenewtest.Memory
	policy  portfolio.Policy

	mu       sync.Mutex
	asked    map[ovhrenew.OrderID]int
	refused  map[ovhrenew.ServiceID]bool // by a person
	stranded map[ovhrenew.ServiceID]bool // as a plan said
	failures map[string]int
	died     int
	raised   bool
}

// approve is a person, who wants to be asked about what is dear: they sleep over it for
// an hour, and say no to one server.
func (m *month) approve(_ context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
	if a.Order.PriceWithTax.Ucents() < 50_000*1_000_000 {
		return ovhrenew.AnswerYes, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked[a.Order.OrderID]++
	if len(m.refused) == 0 || m.refused[a.Task.Offer.Service] {
		m.refused[a.Task.Offer.Service] = true
		return ovhrenew.AnswerNo, nil
	}
	return ovhrenew.AnswerYes, nil
}

// plan is what a host plans in a night, with what the month has cost by then.
func (m *month) night(ctx context.Context, client *ovhrenew.API, journal *ovhrenewtest.Memory) error {
	today := ovhrenew.DateOf(time.Now())
	policy, err := m.ledger(journal, today.Time().AddDate(0, 0, 1-today.Time().Day())).Into(m.policy, today)
	if err != nil {
		return err
	}
	services, _, err := portfolio.Gather(ctx, client, policy, today)
	if err != nil {
		return err
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	if err != nil {
		return err
	}
	m.mu.Lock()
	for _, left := range plan.LeftOut {
		if left.Why == portfolio.LeftStranded {
			m.stranded[left.ID] = true
		}
	}
	m.mu.Unlock()
	report, err := portfolio.Apply(ctx, client, plan, portfolio.Options{
		PayWith: ovhrenew.DefaultMethod, Journal: journal, Approve: m.approve, GoOnWhenUnsure: true,
		Patience: ovhrenew.Patience{Poll: 10 * time.Second},
	})
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, item := range report.Items {
		if item.Outcome != portfolio.OutcomeRenewed {
			why, _, _ := strings.Cut(item.Why, ":")
			m.failures[string(item.Outcome)+" "+why]++
		}
	}
	return nil
}

// host is a client of the account, which may die at a request.
func (m *month) host(dieAt int) (*ovhrenew.API, *ovhrenewtest.Memory, context.Context, context.CancelFunc) {
	ctx, kill := context.WithCancel(m.t.Context())
	own := m.journal.Another()
	process := &mortal{next: m.server.Transport(), journal: own, kill: kill, left: dieAt, alive: true}
	client, err := ovhrenew.NewWithConfig(m.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: http.RoundTripper(process), ReadTimeout: time.Minute})
	if err != nil {
		m.t.Fatal(err)
	}
	return client, own, ctx, kill
}

// TestMonth is an agency's month: thirty nights on the simulated clock, two hosts that
// share a journal, a crash in the middle of a night, a night in which the card is refused,
// a price that is raised between plan and order, and a person who is asked about what is
// dear and says no once. Every due service is renewed once, none is stranded without a
// word, the month's budget holds, and the ledger's sum is what the account has spent.
func TestMonth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &month{
			t: t, world: agency(t, *monthOf, 5, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 3 * time.Minute, ListLag: 6 * time.Second, StatusLag: time.Minute}),
			journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), policy: agencyPolicy(),
			asked: map[ovhrenew.OrderID]int{}, refused: map[ovhrenew.ServiceID]bool{}, stranded: map[ovhrenew.ServiceID]bool{}, failures: map[string]int{},
		}
		m.policy.Total, m.policy.NoTotal = nil, []ovhrenew.Currency{ovhrenew.EUR}
		m.policy.PerMonth = []ovhrenew.Money{ovhrenew.MustMoney(fmt.Sprint(*monthOf*60) + " EUR")}
		began := time.Now()
		for night := range 30 {
			time.Sleep(time.Until(began.Add(time.Duration(night)*24*time.Hour + 2*time.Hour)))
			m.trouble(night)
			var hosts sync.WaitGroup
			for host := range 2 {
				hosts.Go(func() {
					time.Sleep(time.Duration(host) * 90 * time.Second)
					dieAt := 0
					if night == 0 && host == 0 {
						dieAt = 2 * 101 // in the middle of its work
					}
					client, journal, ctx, kill := m.host(dieAt)
					defer kill()
					err := m.night(ctx, client, journal)
					m.mu.Lock()
					defer m.mu.Unlock()
					if ctx.Err() != nil {
						m.died++
					} else if err != nil {
						m.failures[firstWords(err)]++
					}
				})
			}
			hosts.Wait()
		}
		m.holdsAfter(began)
	})
}

func firstWords(err error) string {
	text, _, _ := strings.Cut(err.Error(), ":")
	return "night: " + text
}

// trouble is what happens in a night.
func (m *month) trouble(night int) {
	switch night {
	case 1: // the card is refused
		m.server.Inject(ovhrenewtest.Fault{
			Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: http.StatusForbidden, Times: 5,
			Body: `{"class":"Client::Forbidden","message":"This order can't be paid with 'creditCard'"}`,
		})
	case 9: // answers of payments are lost
		m.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After, Times: 2})
	case 12: // a price is raised once the first order of the night is placed
		m.server.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RouteOrder && !m.raised {
				m.raised = true
				for _, s := range m.server.Services() {
					if s.Product == "domain-fr" {
						m.server.SetPrice("P1Y", "7.49", s.ID)
					}
				}
			}
		})
	}
}

// holdsAfter checks the month.
func (m *month) holdsAfter(began time.Time) {
	t := m.t
	end := ovhrenew.DateOf(time.Now())
	due, renewed, missed := 0, 0, 0
	for _, s := range m.server.Services() {
		id := ovhrenew.ServiceID(s.ID)
		payments := m.server.PaymentsFor(s.ID)
		months := ovhrenew.DateOf(s.Expiry) // as it is now
		if payments > 1 && months.DaysUntil(m.old[id]) > -59 {
			t.Errorf("%s (%d) was paid for %d times and goes from %s to %s", s.Name, id, payments, m.old[id], months)
		}
		if payments > 0 {
			renewed++
		}
		ordinary := s.Mode != "automatic" && s.RenewalType != "oneShot" && s.Parent == 0 && !s.NoExpiry && !s.DeleteAtExpiration && s.BillingState == "" && s.State == ""
		if !ordinary || m.old[id].IsZero() || m.old[id].After(end) || m.old[id].Before(ovhrenew.DateOf(s.Creation)) {
			continue
		}
		due++
		if payments == 0 {
			missed++
			if !m.refused[id] {
				t.Errorf("%s (%d, %s), which ended on %s, was not renewed; told to be stranded: %t", s.Name, id, s.Product, m.old[id], m.stranded[id])
			}
		}
	}
	ledger := m.ledger(m.journal, began.AddDate(0, 0, -1))
	var sum int64
	paid := map[ovhrenew.OrderID]bool{}
	for _, e := range ledger.Entries {
		sum += e.Gross.Ucents()
		if paid[e.Order] {
			t.Errorf("order %d is in the ledger twice", e.Order)
		}
		paid[e.Order] = true
	}
	if spent := int64(m.server.Spent()["EUR"]); sum != spent {
		t.Errorf("the ledger's sum is %d, the account has spent %d", sum, spent)
	}
	if limit := m.policy.PerMonth[0]; sum > 2*limit.Ucents() {
		t.Errorf("the ledger's sum is %d, of at most %s a month", sum, limit)
	}
	t.Logf("%d services ended, %d were renewed in all, %d were not: %d refused by a person; asked about %d orders; %d orders for %s", due, renewed, missed, len(m.refused), len(m.asked), len(paid), m.server.Spent()["EUR"])
	for what, n := range m.failures {
		t.Logf("%d times %s", n, what)
	}
	kinds := map[ovhrenewtest.FaultKind]int{}
	for _, fired := range m.server.Faults() {
		kinds[fired.Fault.Kind]++
	}
	if due < *monthOf/40 || len(m.asked) == 0 || len(m.refused) != 1 || m.died != 1 || !m.raised || kinds[ovhrenewtest.StatusFault] != 5 || kinds[ovhrenewtest.Reset] != 2 {
		t.Errorf("%d were due, %d orders were asked about, %d hosts died, faults %v, price raised %t: the test shows little", due, len(m.asked), m.died, kinds, m.raised)
	}
}
