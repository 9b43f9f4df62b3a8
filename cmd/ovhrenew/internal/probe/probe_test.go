package probe

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// account is one in which everything can be seen that reading can see.
func account(t *testing.T, b ovhrenewtest.Behaviour) *ovhrenewtest.Server {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	now := time.Now()
	for i, s := range []ovhrenewtest.Service{
		{Name: "shop.example", Route: "/domain/shop.example", Expiry: now.AddDate(0, 1, 0)},
		{Name: "gone.example", Route: "/domain/gone.example", Expiry: now.AddDate(0, 0, -5)},
		{Name: "backup-of-shop", Parent: 101},
		{Name: "zone.example", Route: "/domain/zone/zone.example", Expiry: now.AddDate(-3, 0, 0), Creation: now.AddDate(-2, 0, 0), RenewalType: "oneShot"},
		{Name: "forced.example", Route: "/vps/forced.example", Mode: "automatic", RenewalType: "automaticForcedProduct"},
	} {
		s.ID = int64(101 + i)
		server.AddService(s)
		if s.Parent == 0 && s.RenewalType != "oneShot" {
			server.Offer("P1Y", "12.34", s.ID)
		}
	}
	server.AddPaymentMethod(ovhrenewtest.PaymentMethod{Default: true})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34", Date: now.AddDate(0, 0, -30), Expiration: now.AddDate(0, 0, -23)})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34", Date: now.AddDate(0, 0, -1)})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34"})
	return server
}

// results runs the probe and gives what was seen and concluded, by assumption.
func results(t *testing.T, server *ovhrenewtest.Server, quote bool) (verdicts, saw map[string]string, text string) {
	t.Helper()
	var out bytes.Buffer
	if err := Run(t.Context(), Account{API: server.Client(), Base: server.Transport(), Limiter: ovhrenew.Unlimited, Quote: quote}, &out); err != nil {
		t.Fatal(err)
	}
	verdicts, saw = map[string]string{}, map[string]string{}
	title := ""
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSuffix(line, "\n")
		if number, rest, ok := strings.Cut(line, ". "); ok {
			if _, err := strconv.Atoi(number); err == nil {
				title = rest
			}
		}
		if text, ok := strings.CutPrefix(line, "   verdict  "); ok {
			verdicts[title] = text
		}
		if text, ok := strings.CutPrefix(line, "   saw      "); ok {
			saw[title] = text
		}
	}
	return verdicts, saw, out.String()
}

// TestProbe: another answer of the API makes another verdict.
func TestProbe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		behaviour  ovhrenewtest.Behaviour
		quote      bool
		assumption string // how it begins
		verdict    string
		saw        string
	}{
		"pages":                    {assumption: "GET /services answers whole", verdict: holds, saw: "objects: true"},
		"no pages":                 {behaviour: ovhrenewtest.Behaviour{IgnoreExpand: true}, assumption: "GET /services answers whole", verdict: fails, saw: "ids: true"},
		"nulls in pages":           {behaviour: ovhrenewtest.Behaviour{Nulls: ovhrenewtest.NullsBetween}, assumption: "GET /services answers whole", verdict: fails, saw: "nulls: "},
		"no number of elements":    {behaviour: ovhrenewtest.Behaviour{NoElements: true}, assumption: "GET /services answers whole", verdict: fails, saw: "X-Pagination-Elements: false"},
		"renewing":                 {assumption: "The region renews", verdict: holds, saw: "it is answered"},
		"no renewing":              {behaviour: ovhrenewtest.Behaviour{NoRenewRoute: true}, assumption: "The region renews", verdict: holds, saw: "invalid (or empty) URL"},
		"offers of expired":        {assumption: "What has expired can still", verdict: holds, saw: "1 x offers"},
		"460 everywhere":           {behaviour: ovhrenewtest.Behaviour{Expired: ovhrenewtest.ExpiredEverywhere}, assumption: "What has expired can still", verdict: fails, saw: "460"},
		"expired can be read":      {assumption: "What has expired is answered", verdict: holds, saw: "serviceInfos HTTP 460"},
		"expired cannot be read":   {behaviour: ovhrenewtest.Behaviour{Expired: ovhrenewtest.ExpiredEverywhere}, assumption: "What has expired is answered", verdict: fails, saw: "services HTTP 460"},
		"options":                  {assumption: "What an option", verdict: seen, saw: "no offers"},
		"paid once":                {assumption: "What was paid once", verdict: holds, saw: "no offers"},
		"forced":                   {assumption: "What always renews", verdict: seen, saw: "offers"},
		"by hand":                  {assumption: "What is renewed by hand", verdict: holds, saw: "type automaticV(number) automatic false manualPayment true"},
		"currencies":               {assumption: "An offer's price has", verdict: holds, saw: "there is one: true"},
		"prices":                   {assumption: "priceInUcents", verdict: holds},
		"lines":                    {assumption: "An order's line", verdict: holds, saw: "3 x a DURATION line names a service"},
		"lines without names":      {behaviour: ovhrenewtest.Behaviour{DetailDomain: "*"}, assumption: "An order's line", verdict: fails, saw: "says *"},
		"lapsed":                   {assumption: "An order that was not paid", verdict: holds, saw: "1 x cancelled"},
		"lapsed, and still unpaid": {behaviour: ovhrenewtest.Behaviour{LapsedStatus: "notPaid"}, assumption: "An order that was not paid", verdict: holds, saw: "1 x notPaid"},
		"numbers":                  {assumption: "The numbers of orders", verdict: holds},
		"two orders":               {assumption: "A second order", verdict: holds, saw: "two such"},
		"the default is taken":     {assumption: "An order lists", verdict: seen, saw: "the default is listed: true"},
		"the default is not":       {behaviour: ovhrenewtest.Behaviour{DefaultRefused: true}, assumption: "An order lists", verdict: seen, saw: "the default is listed: false"},
		"only ids of methods":      {behaviour: ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true}, assumption: "An order lists", verdict: seen, saw: "paymentMethods "},
		"no dry run":               {assumption: "A dry run", verdict: notAsked, saw: "only with -quote"},
		"a dry run":                {quote: true, assumption: "A dry run", verdict: holds, saw: "orderId null"},
		"a dry run, 0":             {quote: true, behaviour: ovhrenewtest.Behaviour{DryRun: ovhrenewtest.DryRunZero}, assumption: "A dry run", verdict: holds, saw: "orderId 0"},
		"a dry run, absent":        {quote: true, behaviour: ovhrenewtest.Behaviour{DryRun: ovhrenewtest.DryRunAbsent}, assumption: "A dry run", verdict: holds, saw: "orderId missing"},
		"a dry run, filled":        {quote: true, behaviour: ovhrenewtest.Behaviour{DryRun: ovhrenewtest.DryRunFilled}, assumption: "A dry run", verdict: holds, saw: "url filled"},
		"before tax":               {quote: true, assumption: "An offer's price is", verdict: holds, saw: "there is tax: true"},
		"nobody went too fast":     {assumption: "Who asks too fast", verdict: notSeen, saw: "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := account(t, c.behaviour)
			verdicts, saw, text := results(t, server, c.quote)
			found := 0
			for assumption, verdict := range verdicts {
				if !strings.HasPrefix(assumption, c.assumption) {
					continue
				}
				found++
				if verdict != c.verdict || !strings.Contains(saw[assumption], c.saw) {
					t.Errorf("%s: %s, saw %q, want %s, %q", assumption, verdict, saw[assumption], c.verdict, c.saw)
				}
			}
			if found != 1 {
				t.Errorf("%d assumptions begin with %q:\n%s", found, c.assumption, text)
			}
			harmless(t, server, c.quote)
			discreet(t, server, text)
		})
	}
}

// harmless fails if anything but a read, or the one dry run, was sent.
func harmless(t *testing.T, server *ovhrenewtest.Server, quote bool) {
	t.Helper()
	quotes := 0
	for _, request := range server.Requests() {
		if request.Route == ovhrenewtest.RouteQuote {
			quotes++
		} else if request.Method != http.MethodGet {
			t.Errorf("the probe sent %s", request.Route)
		}
	}
	if quotes > 1 || quotes == 1 && !quote {
		t.Errorf("%d dry runs", quotes)
	}
	if n := len(server.Orders()); n != 3 {
		t.Errorf("there are %d orders now", n)
	}
}

// discreet fails if the output says something of the account.
func discreet(t *testing.T, server *ovhrenewtest.Server, text string) {
	t.Helper()
	private := []string{"xx1111", "assword=", "12.34", server.Credentials().AppKey, server.Credentials().ConsumerKey}
	for _, service := range server.Services() {
		private = append(private, service.Name)
	}
	for _, order := range server.Orders() {
		private = append(private, fmt.Sprint(order.ID))
	}
	for _, secret := range private {
		if strings.Contains(text, secret) {
			t.Errorf("the probe prints %q", secret)
		}
	}
}

// TestProbeTrouble: what cannot be read is no verdict on the API, and its words are
// not repeated with the account's names in them.
func TestProbeTrouble(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{})
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/services*"}, ovhrenewtest.Rule{Method: "GET", Path: "/service/*"})
	server.Inject(ovhrenewtest.Fault{
		Route: "GET /service/{serviceId}/renew", Times: -1, Kind: ovhrenewtest.StatusFault, Status: 400,
		Body: `{"message":"shop.example of xx1111-ovh, order 123456789 at https://www.ovh.com/?orderPassword=hush, someone@mail.example, 12.34"}`,
	})
	verdicts, _, text := results(t, server, true)
	for assumption, verdict := range verdicts {
		for _, about := range []string{"GET /service answers", "GET /me/order keeps"} {
			if strings.HasPrefix(assumption, about) && verdict != notRead {
				t.Errorf("%s: %s, want %s", assumption, verdict, notRead)
			}
		}
	}
	discreet(t, server, text)
	for _, private := range []string{"hush", "mail.example", "123456789"} {
		if strings.Contains(text, private) {
			t.Errorf("the probe prints %q", private)
		}
	}
}

// TestProbeTooFast notices an answer of 429 that came by the way.
func TestProbeTooFast(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{})
	server.Inject(ovhrenewtest.Fault{Route: "GET /me/order", Kind: ovhrenewtest.StatusFault, Status: 429, Header: http.Header{"Retry-After": {"0"}}})
	verdicts, saw, _ := results(t, server, false)
	const fast = "Who asks too fast is answered 429, perhaps with Retry-After."
	if verdicts[fast] != seen || !strings.Contains(saw[fast], "Retry-After: true") {
		t.Errorf("%s, saw %q", verdicts[fast], saw[fast])
	}
}

// TestWatcherRefuses: whatever goes wrong in a check, nothing that spends leaves.
func TestWatcherRefuses(t *testing.T) {
	t.Parallel()
	for _, quote := range []bool{false, true} {
		server := account(t, ovhrenewtest.Behaviour{})
		wire := &watcher{base: server.Transport(), quote: quote}
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Transport: wire, Limiter: ovhrenew.Unlimited, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		offers, err := client.Renewals(t.Context(), 101, false)
		if err != nil {
			t.Fatal(err)
		}
		offer := ovhrenew.Offers(101, offers)[0]
		server.Forget()
		_, err1 := client.PlaceOrder(t.Context(), offer)
		err2 := client.Pay(t.Context(), ovhrenew.OrderID(server.Orders()[2].ID), ovhrenew.Method(1))
		_, err3 := autorenew.Set(t.Context(), client, ovhrenew.ID(101), autorenew.Setting{
			Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y, Poll: time.Millisecond,
		})
		for i, err := range []error{err1, err2, err3} {
			if err == nil {
				t.Errorf("call %d was sent", i+1)
			}
		}
		if _, err := client.Quote(t.Context(), offer); (err == nil) != quote {
			t.Errorf("with quote %t, the dry run: %v", quote, err)
		}
		harmless(t, server, quote)
	}
}

// TestSimulationLooksLikeRecords: the simulated API's answers have the form of published
// ones; where none has it, the simulation has more, as the schema has, and nothing less.
func TestSimulationLooksLikeRecords(t *testing.T) {
	t.Parallel()
	for _, form := range []ovhrenewtest.Behaviour{{}, {Expired: ovhrenewtest.ExpiredNowhere}} {
		_, _, text := results(t, account(t, form), true)
		for _, want := range []string{
			"GET /services in pages: 4 x is as services-", "GET /service/{serviceId} is as service-", "GET {route}/serviceInfos is as serviceinfos-",
			"GET /auth/time is as time-", "GET /me/order in pages: 3 x is as order-", "GET /me/order/{orderId}/status is as status-",
			"POST /service/{serviceId}/renew is as ",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no answer of the simulation: %s\n%s", want, text)
			}
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, " lacks: ") || strings.Contains(line, " has otherwise: ") {
				t.Error(line)
			}
		}
	}
}
