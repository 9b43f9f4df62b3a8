package portfolio_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// quoting answers one quote.
type quoting struct {
	quote ovhrenew.Quote
	asked []ovhrenew.Offer
	err   error
}

func (q *quoting) Quote(_ context.Context, o ovhrenew.Offer) (ovhrenew.Quote, error) {
	q.asked = append(q.asked, o)
	return q.quote, q.err
}

// The tax is what the dearest offer's quote says, to the simplest percentage that rounds
// to it, and never assumed.
func TestLearnTax(t *testing.T) {
	t.Parallel()
	services := guideServices()
	unstated := euroPolicy()
	unstated.TaxPercent = ""
	for _, tt := range []struct{ net, tax, gross, want string }{
		{"64.69 EUR", "12.94 EUR", "77.63 EUR", "20"},
		{"64.69 EUR", "3.56 EUR", "68.25 EUR", "5.5"},
		{"6.50 EUR", "1.30 EUR", "7.80 EUR", "20"},
		{"100.00 EUR", "14.98 EUR", "114.98 EUR", "14.98"},
		{"0.04 EUR", "0.01 EUR", "0.05 EUR", "37"}, // the highest that rounds to it
		{"64.69 EUR", "0.00 EUR", "64.69 EUR", "0"},
		{"64.69 EUR", "", "77.63 EUR", "20"},
		{"64.69 EUR", "12.94 EUR", "", "20"},
		{"64.69 EUR", "", "", ""},
		{"0.00 EUR", "0.00 EUR", "0.00 EUR", ""},
		{"", "12.94 EUR", "77.63 EUR", ""},
		{"64.69 EUR", "12.94 EUR", "64.69 EUR", ""},
		{"64.69 EUR", "-1.00 EUR", "63.69 EUR", ""},
		{"64.69 EUR", "12.94 USD", "77.63 EUR", ""},
	} {
		money := func(text string) ovhrenew.Money {
			if text == "" {
				return ovhrenew.Money{}
			}
			return ovhrenew.MustMoney(text)
		}
		q := &quoting{quote: ovhrenew.Quote{PriceWithoutTax: money(tt.net), Tax: money(tt.tax), PriceWithTax: money(tt.gross)}}
		policy, err := portfolio.LearnTax(t.Context(), q, services, unstated, planDay)
		if policy.TaxPercent != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("of %s + %s = %s the tax is %q, %v, want %q", tt.net, tt.tax, tt.gross, policy.TaxPercent, err, tt.want)
		}
		if len(q.asked) == 0 || q.asked[0].Price() != ovhrenew.MustMoney("64.69 EUR") || tt.want != "" && len(q.asked) != 1 {
			t.Errorf("asked about %v, want the dearest", q.asked)
		}
	}
	stated := &quoting{}
	if policy, err := portfolio.LearnTax(t.Context(), stated, services, euroPolicy(), planDay); err != nil || policy.TaxPercent != "20" || stated.asked != nil {
		t.Errorf("of a stated tax: %q, %v, asked %v", policy.TaxPercent, err, stated.asked)
	}
	cad := unstated
	cad.Total = []ovhrenew.Money{ovhrenew.MustMoney("60 CAD")}
	if _, err := portfolio.LearnTax(t.Context(), stated, services, cad, planDay); !errors.Is(err, ovhrenew.ErrBadInput) || stated.asked != nil {
		t.Errorf("without offers in the currency: %v, want ErrBadInput", err)
	}
	failing := &quoting{err: ovhrenew.ErrUnsupported}
	if _, err := portfolio.LearnTax(t.Context(), failing, services, unstated, planDay); !errors.Is(err, ovhrenew.ErrUnsupported) || !strings.Contains(err.Error(), "policy does not state it") {
		t.Errorf("without quotes: %v", err)
	}
	if _, err := portfolio.MakePlan(services, unstated, planDay); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("MakePlan without a tax: %v, want ErrBadInput", err)
	}
}

// Where nothing can be renewed the tax does not matter: nothing is asked, and the plan is
// made, of nothing, without one. It survives its file.
func TestNoTaxOfNothing(t *testing.T) {
	t.Parallel()
	unstated := euroPolicy()
	unstated.TaxPercent = ""
	never, only := unstated, unstated
	never.Never = []portfolio.Selection{{Names: []string{"*"}}}
	only.Only = []portfolio.Selection{{Names: []string{"nosuch"}}}
	offerless := guideServices()
	for i := range offerless {
		offerless[i].Offers = nil
	}
	for name, c := range map[string]struct {
		services []portfolio.Surveyed
		policy   portfolio.Policy
	}{
		"an empty account":  {nil, unstated},
		"nothing is wanted": {guideServices(), never},
		"nothing selected":  {guideServices(), only},
		"nothing offered":   {offerless, unstated},
	} {
		q := &quoting{}
		policy, err := portfolio.LearnTax(t.Context(), q, c.services, c.policy, planDay)
		if err != nil || policy.TaxPercent != "" || q.asked != nil {
			t.Errorf("%s: LearnTax = %q, %v, asked %v, want no tax and nothing asked", name, policy.TaxPercent, err, q.asked)
		}
		plan, err := portfolio.MakePlan(c.services, policy, planDay)
		if err != nil || len(plan.Items) != 0 {
			t.Errorf("%s: MakePlan = %v, %v, want a plan of nothing", name, plan, err)
			continue
		}
		var file strings.Builder
		if err := plan.WriteJSON(&file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if again, err := portfolio.ParsePlan([]byte(file.String())); err != nil || again.String() != plan.String() {
			t.Errorf("%s: read back: %v, %v", name, again, err)
		}
	}
}

// On the simulated account one dry run is sent.
func TestLearnTaxAsksOnce(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	policy := euroPolicy()
	policy.TaxPercent = ""
	today := ovhrenew.DateOf(server.Now())
	services, _, err := portfolio.Gather(t.Context(), client, policy, today)
	if err != nil {
		t.Fatal(err)
	}
	before := len(server.Requests())
	policy, err = portfolio.LearnTax(t.Context(), client, services, policy, today)
	if err != nil || policy.TaxPercent != "20" {
		t.Errorf("LearnTax = %q, %v, want 20", policy.TaxPercent, err)
	}
	if n := len(server.Requests()) - before; n != 1 || len(server.Orders()) != 0 {
		t.Errorf("%d requests and %d orders, want one request", n, len(server.Orders()))
	}
}
