package portfolio_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// surveyClock is when the simulated accounts of these tests are surveyed.
var surveyClock = planDay.Time().Add(12 * time.Hour)

// surveyAccount starts a server with n services, of which every tenth is due and offered.
func surveyAccount(t *testing.T, b ovhrenewtest.Behaviour, n int) (*ovhrenewtest.Server, *ovhrenew.API) {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	server.SetNow(func() time.Time { return surveyClock })
	for i := range n {
		days := 100 + i%200
		if i%10 == 0 {
			days = i % 28
		}
		name := fmt.Sprintf("customer%05d.ovh", i)
		id := server.AddService(ovhrenewtest.Service{
			ID: int64(1000 + i), Name: name, Route: "/domain/" + name, Type: "Domain .ovh", Product: "domain-ovh",
			Expiry: surveyClock.AddDate(0, 0, days), Creation: surveyClock.AddDate(-1, 0, 0),
		})
		server.Offer("P1Y", "3.59", id)
	}
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// collect reads a survey to its end.
func collect(seq iter.Seq2[portfolio.Surveyed, error]) (all []portfolio.Surveyed, errs []error) {
	for s, err := range seq {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, s)
	}
	return all, errs
}

const routeOffers = "GET /service/{serviceId}/renew"

func TestSurveyRequests(t *testing.T) {
	t.Parallel()
	server, client := surveyAccount(t, ovhrenewtest.Behaviour{}, 5000)
	due := portfolio.DueBy(planDay.AddDays(30))
	services, errs := collect(portfolio.Survey(t.Context(), client, portfolio.Query{Offers: due}))
	if len(errs) > 0 || len(services) != 5000 {
		t.Fatalf("%d services, errors %v", len(services), errs)
	}
	for i, s := range services {
		if s.ID != ovhrenew.ServiceID(1000+i) {
			t.Fatalf("service %d of the stream is %d", i, s.ID)
		}
		if want := i%10 == 0; s.OffersRead != want || len(s.Offers) > 0 != want || want && s.Offers[0].Service != s.ID {
			t.Fatalf("service %d: offers %v, read %v, want %v", s.ID, s.Offers, s.OffersRead, want)
		}
	}
	if total, offers := len(server.Requests()), server.Count(routeOffers); total > 510 || offers != 500 {
		t.Errorf("%d requests, %d of them for offers, want at most 510 and 500", total, offers)
	}
}

// Where the server has no expanded pages the services are read one by one.
func TestSurveyWithoutPages(t *testing.T) {
	t.Parallel()
	query := portfolio.Query{Offers: portfolio.DueBy(planDay.AddDays(30))}
	_, client := surveyAccount(t, ovhrenewtest.Behaviour{}, 40)
	want, _ := collect(portfolio.Survey(t.Context(), client, query))
	server, plain := surveyAccount(t, ovhrenewtest.Behaviour{IgnoreExpand: true}, 40)
	got, errs := collect(portfolio.Survey(t.Context(), plain, query))
	if len(errs) > 0 || encode(t, got) != encode(t, want) {
		t.Errorf("one by one: %v, errors %v, want %v", got, errs, want)
	}
	if n := server.Count("GET /services/{serviceId}"); n != 40 {
		t.Errorf("%d services were read one by one, want 40", n)
	}
}

func TestSurveyedFacts(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	server.SetNow(func() time.Time { return surveyClock })
	id := server.AddService(ovhrenewtest.Service{
		Name: "vps1.example", Route: "/vps/vps1.example", Product: "vps-1", Mode: "automatic", Period: "P3M",
		Expiry: surveyClock.AddDate(0, 0, 9), Creation: surveyClock.AddDate(-1, 0, 0), Tags: []string{"shop"},
	})
	server.AddService(ovhrenewtest.Service{Name: "option", Parent: id, NoExpiry: true})
	server.AddService(ovhrenewtest.Service{
		Name: "vps1.example", Route: "/domain/zone/vps1.example", Expiry: surveyClock.AddDate(-2, 0, -1), Creation: surveyClock.AddDate(-2, 0, 0),
	})
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	all, errs := collect(portfolio.Survey(t.Context(), client, portfolio.Query{}))
	if len(errs) > 0 || len(all) != 3 {
		t.Fatalf("%v, errors %v", all, errs)
	}
	vps, option, zone := all[0], all[1], all[2]
	if vps.Name != "vps1.example" || vps.Route != "/vps/vps1.example" || vps.Product != "vps-1" || vps.Period != "P3M" ||
		vps.Mode != ovhrenew.ModeAutomatic || vps.Ends() != planDay.AddDays(9) || !slices.Equal(vps.Tags, []string{"shop"}) || vps.OffersRead {
		t.Errorf("the VPS is %+v", vps)
	}
	if option.Parent != ovhrenew.ServiceID(id) || !option.Ends().IsZero() {
		t.Errorf("the option is %+v", option)
	}
	if zone.Expiry.IsZero() || !zone.Ends().IsZero() {
		t.Errorf("the zone expires on %v and ends on %v, want a day and none", zone.Expiry, zone.Ends())
	}
	if due := portfolio.DueBy(planDay.AddDays(9)); !due(vps) || due(option) || due(zone) {
		t.Error("DueBy takes others than the VPS")
	}
	if portfolio.DueBy(planDay.AddDays(8))(vps) {
		t.Error("DueBy takes what ends a day later")
	}
}

// A service whose offers cannot be read is reported, and the others come.
func TestSurveyBrokenOffers(t *testing.T) {
	t.Parallel()
	server, client := surveyAccount(t, ovhrenewtest.Behaviour{}, 100)
	server.Inject(ovhrenewtest.Fault{Route: routeOffers, Skip: 3, Times: 1, Kind: ovhrenewtest.StatusFault, Status: 500})
	services, errs := collect(portfolio.Survey(t.Context(), client, portfolio.Query{Offers: portfolio.DueBy(planDay.AddDays(30)), Workers: 1}))
	var broken *portfolio.ServiceError
	if len(services) != 99 || len(errs) != 1 || !errors.As(errs[0], &broken) {
		t.Fatalf("%d services, errors %v, want 99 and a ServiceError", len(services), errs)
	}
	if broken.Service != 1030 || broken.Name != "customer00030.ovh" || !errors.Is(errs[0], ovhrenew.ErrServer) {
		t.Errorf("the error is %v, want that of service 1030", broken)
	}
}

// A broken element of a page is one service, wherever it stands; a broken page is the
// end of the survey.
func TestSurveyBrokenPages(t *testing.T) {
	t.Parallel()
	const good, bad = `{"serviceId":%d,"resource":{"name":"n"}}`, `{"serviceId":%d,"billing":{"expirationDate":5}}`
	for name, test := range map[string]struct {
		page     string
		services int
		broken   int
		ends     bool
	}{
		"first":      {"[" + fmt.Sprintf(bad, 1) + "," + fmt.Sprintf(good, 2) + "]", 1, 1, false},
		"last":       {"[" + fmt.Sprintf(good, 1) + "," + fmt.Sprintf(bad, 2) + "]", 1, 1, false},
		"no id":      {`[{"resource":{"name":"n"}},` + fmt.Sprintf(good, 2) + "]", 1, 1, false},
		"no page":    {`{"message":"no"}`, 0, 0, true},
		"broken off": {`[` + fmt.Sprintf(good, 1) + `,`, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder("GET", `=~/auth/time$`, httpmock.NewStringResponder(200, "1781524800"))
			mock.RegisterResponder("GET", `=~/services$`, func(*http.Request) (*http.Response, error) {
				response := httpmock.NewStringResponse(200, test.page)
				response.Header.Set("X-Pagination-Elements", "2")
				return response, nil
			})
			api, err := ovh.NewClient("ovh-eu", "key", "secret", "consumer")
			if err != nil {
				t.Fatal(err)
			}
			client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: mock, Limiter: ovhrenew.Unlimited, Attempts: 1})
			if err != nil {
				t.Fatal(err)
			}
			services, errs := collect(portfolio.Survey(t.Context(), client, portfolio.Query{}))
			broken, ends := 0, false
			for _, err := range errs {
				var one *portfolio.ServiceError
				if errors.As(err, &one) {
					broken++
				} else {
					ends = true
				}
			}
			if len(services) != test.services || broken != test.broken || ends != test.ends {
				t.Errorf("%d services, errors %v; want %d, %d broken, ends %v", len(services), errs, test.services, test.broken, test.ends)
			}
		})
	}
}

func TestSurveyEnds(t *testing.T) {
	t.Parallel()
	query := portfolio.Query{Offers: portfolio.DueBy(planDay.AddDays(30))}
	for name, test := range map[string]struct {
		behaviour ovhrenewtest.Behaviour
		fault     ovhrenewtest.Fault
		want      error
	}{
		"page": {
			fault: ovhrenewtest.Fault{Route: "GET /services", Kind: ovhrenewtest.StatusFault, Status: 503},
			want:  ovhrenew.ErrServer,
		},
		"region without offers": {behaviour: ovhrenewtest.Behaviour{NoRenewRoute: true}, want: ovhrenew.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := surveyAccount(t, test.behaviour, 300)
			if test.fault.Kind != 0 {
				server.Inject(test.fault)
			}
			_, errs := collect(portfolio.Survey(t.Context(), client, query))
			var one *portfolio.ServiceError
			if len(errs) != 1 || !errors.Is(errs[0], test.want) || errors.As(errs[0], &one) {
				t.Errorf("errors %v, want only %v", errs, test.want)
			}
			if asked := server.Count(routeOffers); asked > 20 {
				t.Errorf("%d requests for offers though none can be had", asked)
			}
		})
	}
	for field, query := range map[string]portfolio.Query{
		"Query.Workers":             {Workers: -1},
		"Query.Only[0].Names[0]":    {Only: names("[")},
		"Query.Only[0]":             {Only: make([]portfolio.Selection, 1)},
		"Query.Only[1].IDs[0]":      {Only: append(names("*"), portfolio.Selection{IDs: []ovhrenew.ServiceID{0}})},
		"Query.Only[0].Tags[0]":     {Only: []portfolio.Selection{{Tags: []string{""}}}},
		"Query.Only[0].Products[1]": {Only: []portfolio.Selection{{Products: []string{"a", ""}}}},
	} {
		_, errs := collect(portfolio.Survey(t.Context(), fakeAccount{}, query))
		var input *ovhrenew.InputError
		if len(errs) != 1 || !errors.As(errs[0], &input) || input.Field != field {
			t.Errorf("errors %v, want one about %s", errs, field)
		}
	}
}

// What the policy wants is what offers are read for.
func TestSurveyForPolicy(t *testing.T) {
	t.Parallel()
	server, client := surveyAccount(t, ovhrenewtest.Behaviour{}, 100)
	server.SetMode(1010, "automatic")
	policy := euroTotal("500 EUR")
	policy.Never = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{1020}}}
	wants, err := policy.Wants(planDay)
	if err != nil {
		t.Fatal(err)
	}
	services, errs := collect(portfolio.Survey(t.Context(), client, portfolio.Query{Offers: wants}))
	if len(errs) > 0 || server.Count(routeOffers) != 8 {
		t.Errorf("%d requests for offers, errors %v, want 8: neither for what renews itself nor for what is never renewed", server.Count(routeOffers), errs)
	}
	if plan := mustPlan(t, services, policy); len(plan.Items) != 8 {
		t.Errorf("the plan has %d items, want 8:\n%s", len(plan.Items), plan)
	}
	policy.Period = "soon"
	if _, err := policy.Wants(planDay); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("Wants of a broken policy = %v, want ErrBadInput", err)
	}
}

func TestSurveyErrorText(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for _, test := range []struct {
		err  portfolio.ServiceError
		want string
	}{
		{portfolio.ServiceError{Err: cause}, "a service could not be read: cause"},
		{portfolio.ServiceError{Service: 5, Err: cause}, "service 5 could not be read: cause"},
		{portfolio.ServiceError{Service: 5, Name: "n", Err: cause}, "n (5): its offers could not be read: cause"},
	} {
		if got := test.err.Error(); got != test.want || !errors.Is(&test.err, cause) || strings.Contains(got, "%") {
			t.Errorf("Error() = %q, want %q", got, test.want)
		}
	}
}

// A zone of the domain's name, whose offers are refused, does not keep the domain and its
// hosting from being planned: it cannot be renewed, and nothing waits for it.
func TestSurveyNamesakeRefused(t *testing.T) {
	t.Parallel()
	for _, refused := range []int{0, 400, 403} {
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{OffersRefused: refused})
		server.SetNow(func() time.Time { return surveyClock })
		add := func(name, route, kind string) int64 {
			return server.AddService(ovhrenewtest.Service{
				Name: name, Route: route, Type: kind, Expiry: surveyClock.AddDate(0, 0, 20), Creation: surveyClock.AddDate(-1, 0, 0),
			})
		}
		domain, hosting := add("example.fr", "/domain/example.fr", "Domain .fr"), add("example.fr", "/hosting/web/example.fr", "Hosting")
		zone := add("example.fr", "/domain/zone/example.fr", "Zone")
		server.ChangeService(zone, func(s *ovhrenewtest.Service) { s.RenewalType = "oneShot" })
		server.Offer("P1Y", "45.44", domain, hosting)
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("500 EUR")}}
		wants, err := policy.Wants(planDay)
		if err != nil {
			t.Fatal(err)
		}
		services, _ := collect(portfolio.Survey(t.Context(), client, portfolio.Query{Offers: wants}))
		plan, err := portfolio.MakePlan(services, policy, planDay)
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Items) != 1 || len(plan.Items[0].Services) != 2 {
			t.Errorf("offers of the zone refused by %d: the plan is %v", refused, plan)
		}
	}
}
