// What errors say: the words of each, in one golden file.

package ovhrenew_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// renewWith is the error of the guide's program with one thing changed.
func renewWith(ctx context.Context, c ovhrenew.Client, change func(*ovhrenew.Request)) error {
	req := renewVPS(ovhrenew.NoJournal)
	change(&req)
	_, err := ovhrenew.Renew(ctx, c, req)
	return err
}

// advance is the error of a task.
func advance(ctx context.Context, c ovhrenew.Client, task ovhrenew.Task) error {
	runner, err := ovhrenew.NewRunner(c, ovhrenew.NoJournal)
	if err == nil {
		_, err = runner.Advance(ctx, task)
	}
	return err
}

// badCalls are mistakes of a program.
var badCalls = []struct {
	name string
	call func(context.Context, *ovhrenew.API) error
}{
	{"renew-without-a-client", func(ctx context.Context, _ *ovhrenew.API) error {
		_, err := ovhrenew.Renew(ctx, nil, renewVPS(ovhrenew.NoJournal))
		return err
	}},
	{"renew-with-an-api-that-is-nil", func(ctx context.Context, _ *ovhrenew.API) error {
		var api *ovhrenew.API
		_, err := ovhrenew.Renew(ctx, api, renewVPS(ovhrenew.NoJournal))
		return err
	}},
	{"preview-without-a-client", func(ctx context.Context, _ *ovhrenew.API) error {
		_, err := ovhrenew.Preview(ctx, nil, renewVPS(ovhrenew.NoJournal))
		return err
	}},
	{"renew-nothing", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := ovhrenew.Renew(ctx, c, ovhrenew.Request{})
		return err
	}},
	{"preview-nothing", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := ovhrenew.Preview(ctx, c, ovhrenew.Request{})
		return err
	}},
	{"renew-no-service", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Service = ovhrenew.Target{} })
	}},
	{"renew-id-0", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Service = ovhrenew.ID(0) })
	}},
	{"renew-id-negative", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Service = ovhrenew.ID(-5) })
	}},
	{"renew-route-with-a-query", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Service = ovhrenew.Route("/vps/x?y=z") })
	}},
	{"renew-without-limit", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Limit = ovhrenew.Money{} })
	}},
	{"renew-limit-negative", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Limit = ovhrenew.MustMoney("-1 EUR") })
	}},
	{"renew-without-payment", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.PayWith = nil })
	}},
	{"renew-without-service-and-payment", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Service, req.PayWith = ovhrenew.Target{}, nil })
	}},
	{"renew-method-0", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.PayWith = ovhrenew.Method(0) })
	}},
	{"renew-mean-without-kind", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.PayWith = ovhrenew.Mean{} })
	}},
	{"renew-mean-without-id", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanPaypal} })
	}},
	{"renew-window-too-short", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Guards.DueWithin = 30 })
	}},
	{"renew-patience-negative", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Patience.Settle = -time.Minute })
	}},
	{"renew-rule-nil", func(ctx context.Context, c *ovhrenew.API) error {
		return renewWith(ctx, c, func(req *ovhrenew.Request) { req.Rules = []ovhrenew.Rule{nil, ovhrenew.For(ovhrenew.P3M)} })
	}},
	{"find-without-a-client", func(ctx context.Context, _ *ovhrenew.API) error {
		_, err := ovhrenew.Find(ctx, nil, ovhrenew.Name("vps"))
		return err
	}},
	{"find-nothing", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := ovhrenew.Find(ctx, c, ovhrenew.Target{})
		return err
	}},
	{"find-part-of-a-name", find(ovhrenew.Name("vps112233"))},
	{"find-a-route-as-a-name", find(ovhrenew.Name("/vps/vps112233.ovh.net"))},
	{"find-an-id-as-a-name", find(ovhrenew.Name("11223344"))},
	{"find-a-name-of-two", find(ovhrenew.Name("example.ovh"))},
	{"find-a-name-of-two-without-routes", func(context.Context, *ovhrenew.API) error {
		return &ovhrenew.AmbiguousError{Name: "x", Candidates: []ovhrenew.Service{{ID: 5}, {ID: 6}}}
	}},
	{"refuse-a-service-without-a-name", func(context.Context, *ovhrenew.API) error {
		return &ovhrenew.GuardError{Guard: ovhrenew.ErrNotDue, Service: 5, Saw: "it expires on 2026-06-15"}
	}},
	{"parse-target-blank", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseTarget(" ")
		return err
	}},
	{"parse-target-id-0", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseTarget("0")
		return err
	}},
	{"parse-target-route", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseTarget("/vps//x")
		return err
	}},
	{"parse-payment-blank", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParsePayment("")
		return err
	}},
	{"parse-payment-card", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParsePayment("my card")
		return err
	}},
	{"parse-money-without-currency", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseMoney("50")
		return err
	}},
	{"parse-money-comma", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseMoney("50,00 EUR")
		return err
	}},
	{"parse-money-sign", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseMoney("€50")
		return err
	}},
	{"parse-period", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParsePeriod("3 months")
		return err
	}},
	{"parse-date", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.ParseDate("15/06/2026")
		return err
	}},
	{"money-of-two-currencies", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.MustMoney("1 EUR").Add(ovhrenew.MustMoney("1 CAD"))
		return err
	}},
	{"open-journal-nowhere", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.OpenJournal("", ovhrenew.OnlyJournal)
		return err
	}},
	{"open-journal-without-saying-who-shares-it", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.OpenJournal("journal", "")
		return err
	}},
	{"quote-nothing", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := c.Quote(ctx, ovhrenew.Offer{})
		return err
	}},
	{"quote-no-services", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := c.Quote(ctx, ovhrenew.Offer{Service: vps, Period: ovhrenew.P1M})
		return err
	}},
	{"quote-no-period", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := c.Quote(ctx, ovhrenew.Offer{Service: vps})
		return err
	}},
	{"pay-order-0", func(ctx context.Context, c *ovhrenew.API) error { return c.Pay(ctx, 0, ovhrenew.Method(1)) }},
	{"pay-with-nothing", func(ctx context.Context, c *ovhrenew.API) error { return c.Pay(ctx, 1, nil) }},
	{"pay-with-the-default", func(ctx context.Context, c *ovhrenew.API) error { return c.Pay(ctx, 1, ovhrenew.DefaultMethod) }},
	{"check-payment-nothing", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := ovhrenew.CheckPayment(ctx, c, 1, nil)
		return err
	}},
	{"advance-nothing", func(ctx context.Context, c *ovhrenew.API) error {
		return advance(ctx, c, ovhrenew.Task{})
	}},
	{"advance-without-names", func(ctx context.Context, c *ovhrenew.API) error {
		return advance(ctx, c, ovhrenew.Task{
			Offer:    offerOf("P1M", "1 EUR", vps),
			Services: []ovhrenew.Renewed{{ServiceID: vps, From: ovhrenew.MustDate("2026-06-15")}},
		})
	}},
	{"advance-without-expiries", func(ctx context.Context, c *ovhrenew.API) error {
		return advance(ctx, c, ovhrenew.Task{Offer: offerOf("P1M", "1 EUR", vps), Services: []ovhrenew.Renewed{{ServiceID: vps, Name: "vps"}}})
	}},
	{"advance-of-other-services", func(ctx context.Context, c *ovhrenew.API) error {
		return advance(ctx, c, ovhrenew.Task{Offer: offerOf("P1M", "1 EUR", vps)})
	}},
	{"runner-without-a-journal", func(_ context.Context, c *ovhrenew.API) error {
		_, err := ovhrenew.NewRunner(c, nil)
		return err
	}},
	{"make-plan-without-a-day", func(context.Context, *ovhrenew.API) error {
		_, err := portfolio.MakePlan(nil, portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20"}, ovhrenew.Date{})
		return err
	}},
	{"make-plan-limit-without-currency", func(context.Context, *ovhrenew.API) error {
		_, err := portfolio.MakePlan(nil, portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{{}}}, ovhrenew.MustDate("2026-06-15"))
		return err
	}},
	{"apply-no-plan", func(ctx context.Context, c *ovhrenew.API) error {
		_, err := portfolio.Apply(ctx, c, nil, portfolio.Options{})
		return err
	}},
	{"apply-without-payment", func(ctx context.Context, c *ovhrenew.API) error {
		plan, err := portfolio.MakePlan(nil, portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20"}, ovhrenew.MustDate("2026-06-15"))
		if err == nil {
			_, err = portfolio.Apply(ctx, c, plan, portfolio.Options{Journal: ovhrenew.NoJournal})
		}
		return err
	}},
	{"apply-workers-negative", func(ctx context.Context, c *ovhrenew.API) error {
		plan, err := portfolio.MakePlan(nil, portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20"}, ovhrenew.MustDate("2026-06-15"))
		if err == nil {
			_, err = portfolio.Apply(ctx, c, plan, portfolio.Options{Workers: -1, PayWith: ovhrenew.DefaultMethod, Journal: ovhrenew.NoJournal})
		}
		return err
	}},
	{"survey-workers-negative", func(ctx context.Context, c *ovhrenew.API) error {
		for _, err := range portfolio.Survey(ctx, c, portfolio.Query{Workers: -1}) {
			return err
		}
		return nil
	}},
	{"new-without-a-client", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.New(nil)
		return err
	}},
	{"new-without-endpoint", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.New(&ovh.Client{})
		return err
	}},
	{"new-endpoint-without-scheme", keys("api.example.com", ovh.Client{AppKey: "a", AppSecret: "b", ConsumerKey: "c"})},
	{"new-endpoint-with-query", keys("https://api.test/1.0?x", ovh.Client{AppKey: "a", AppSecret: "b", ConsumerKey: "c"})},
	{"new-without-credentials", keys(mockEndpoint, ovh.Client{})},
	{"new-without-secret", keys(mockEndpoint, ovh.Client{AppKey: "a"})},
	{"new-without-consumer-key", keys(mockEndpoint, ovh.Client{AppKey: "a", AppSecret: "b"})},
	{"new-without-client-secret", keys(mockEndpoint, ovh.Client{ClientID: "a"})},
	{"new-oauth2-of-an-unknown-endpoint", keys(mockEndpoint, ovh.Client{ClientID: "a", ClientSecret: "b"})},
	{"new-timeout-negative", keys(mockEndpoint, ovh.Client{AppKey: "a", AppSecret: "b", ConsumerKey: "c", Timeout: -1})},
	{"new-page-size-negative", func(context.Context, *ovhrenew.API) error {
		_, err := ovhrenew.NewWithConfig(&ovh.Client{}, ovhrenew.Config{PageSize: -1})
		return err
	}},
	{"new-attempts-negative", func(context.Context, *ovhrenew.API) error {
		api := &ovh.Client{AppKey: "a", AppSecret: "b", ConsumerKey: "c"}
		if err := api.SetEndpoint(mockEndpoint); err != nil {
			return err
		}
		_, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Attempts: -1})
		return err
	}},
}

// find is Find of a target.
func find(target ovhrenew.Target) func(context.Context, *ovhrenew.API) error {
	return func(ctx context.Context, c *ovhrenew.API) error {
		_, err := ovhrenew.Find(ctx, c, target)
		return err
	}
}

// keys is New with a go-ovh client of these credentials.
func keys(endpoint string, api ovh.Client) func(context.Context, *ovhrenew.API) error {
	return func(context.Context, *ovhrenew.API) error {
		if err := api.SetEndpoint(endpoint); err != nil {
			return err
		}
		_, err := ovhrenew.New(&api)
		return err
	}
}

// goSyntax is what a text for a person must not have: nil, structs and maps as Go
// prints them, failed verbs, and names of what is inside.
var goSyntax = regexp.MustCompile(`<nil>|map\[|[^/]\{|%!|0x[0-9a-f]+|""|transport\.|\[\]|\bpanic\b`)

// Whoever makes a mistake is told which call, which field and which value, in words.
func TestTexts(t *testing.T) {
	t.Parallel()
	var texts strings.Builder
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	for _, test := range badCalls {
		err := told(t.Context(), client, test.call)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if found := goSyntax.FindString(err.Error()); found != "" {
			t.Errorf("%s: the text has %q: %v", test.name, found, err)
		}
		fmt.Fprintf(&texts, "%s\n    %s\n", test.name, strings.ReplaceAll(err.Error(), "\n", "\n    "))
	}
	untouched(t, server)
	golden(t, "texts", texts.String())
}

// told is the error of a call, or that it panicked.
func told(ctx context.Context, c *ovhrenew.API, call func(context.Context, *ovhrenew.API) error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	return call(ctx, c)
}
