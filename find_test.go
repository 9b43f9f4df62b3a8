package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What people type and paste names a service where it can be meant in one way.
func TestParseTarget(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ovhrenew.Target{
		"11223344":                        ovhrenew.ID(11223344),
		"\ufeff“11223344”,":               ovhrenew.ID(11223344),
		"vps112233.ovh.net (11223344)":    ovhrenew.ID(11223344), // as errors name it
		"service 11223344":                ovhrenew.ID(11223344),
		"vps112233.ovh.net (old)":         ovhrenew.Name("vps112233.ovh.net (old)"),
		"(vps112233.ovh.net)":             ovhrenew.Name("vps112233.ovh.net"),
		"0033972101010":                   ovhrenew.Name("0033972101010"),
		"+33972101010":                    ovhrenew.Name("+33972101010"),
		"99999999999999999999":            ovhrenew.Name("99999999999999999999"),
		"203.0.113.0/24":                  ovhrenew.Name("203.0.113.0/24"),
		"2001:db8::/56":                   ovhrenew.Name("2001:db8::/56"),
		"/vps/vps112233.ovh.net":          ovhrenew.Route("/vps/vps112233.ovh.net"),
		"/vps/vps112233.ovh.net/":         ovhrenew.Route("/vps/vps112233.ovh.net"),
		"vps/vps112233.ovh.net":           ovhrenew.Route("/vps/vps112233.ovh.net"),
		"domain/zone/example.ovh":         ovhrenew.Route("/domain/zone/example.ovh"),
		"/ip/203.0.113.0/24":              ovhrenew.Route("/ip/203.0.113.0%2F24"),
		"ip/203.0.113.0/24":               ovhrenew.Route("/ip/203.0.113.0%2F24"),
		"/ip/2001:db8::/56":               ovhrenew.Route("/ip/2001:db8::%2F56"),
		"https://example.ovh/?session=42": ovhrenew.Name("https://example.ovh/"),
	} {
		if got, err := ovhrenew.ParseTarget(text); err != nil || got != want {
			t.Errorf("ParseTarget(%q) = %#v, %v, want %#v", text, got, err, want)
		}
	}
	for _, text := range []string{"", " ", "\u200b", "0", "-5", "/", "/vps//x", "/vps/ü", "vps/../me"} {
		if got, err := ovhrenew.ParseTarget(text); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("ParseTarget(%q) = %v, %v, want ErrBadInput", text, got, err)
		}
	}
}

// A name is found as people type it, and nothing else is taken for it.
func TestFindTyped(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	for id, name := range map[int64]string{
		1: "vps112233.ovh.net", 2: "0033972101010", 3: "203.0.113.0/24", 4: "2001:db8::/56", 5: "xn--exmple-cua.ovh", 6: "203.0.113.0",
	} {
		server.AddService(ovhrenewtest.Service{ID: id, Name: name, Product: "/vps/{serviceName}"})
	}
	client := clientOf(t, server, ovhrenew.Config{})
	for text, want := range map[string]ovhrenew.ServiceID{
		"VPS112233.ovh.net.":                          1,
		"vps112233.ovh.net。":                          1,
		"vps112233.ovh.net/":                          1,
		"vps112233.ovh.net:443":                       1,
		"www.ovh.com/manager/#/vps/vps112233.ovh.net": 1,
		"vps112233.ovh.net (1)":                       1,
		"+33 (0)9 72 10 10 10":                        2,
		"0033 9 72 10 10 10":                          2,
		"tel:+33972101010":                            2,
		"203.0.113.0%2F24":                            3,
		"203.0.113.0 / 24":                            3,
		"2001:DB8:0:0::/56":                           4,
		"https://www.ovh.com/manager/dedicated/#/ip/203.0.113.0%252F24": 3,
		"exämple.ovh":       5,
		"203.0.113.0":       6,
		"203.0.113.0/25":    0, // not the address alone
		"vps112233.ovh":     0,
		"x.ovh/y/vps112233": 0,
	} {
		target, err := ovhrenew.ParseTarget(text)
		if err != nil {
			t.Errorf("ParseTarget(%q): %v", text, err)
			continue
		}
		got, err := ovhrenew.Find(t.Context(), client, target)
		if got != want || errors.Is(err, ovhrenew.ErrNotFound) != (want == 0) {
			t.Errorf("Find(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

// A search that was cut short finds nothing out.
func TestFindCutShort(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	mock.RegisterResponder("GET", "=~^"+mockEndpoint+"/services", func(*http.Request) (*http.Response, error) {
		if calls++; calls == 2 {
			cancel()
		}
		return httpmock.NewStringResponse(200, "[]"), nil
	})
	if _, err := ovhrenew.Find(ctx, client, ovhrenew.Name("vps1")); !errors.Is(err, context.Canceled) || errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("Find = %v, want %v", err, context.Canceled)
	}
	client, mock = mocked(t)
	mock.RegisterResponder("GET", "=~^"+mockEndpoint+"/services", func(r *http.Request) (*http.Response, error) {
		if r.URL.RawQuery == "" {
			return httpmock.NewStringResponse(403, `{"class":"Client::Forbidden","message":"no"}`), nil
		}
		return httpmock.NewStringResponse(200, "[]"), nil
	})
	if _, err := ovhrenew.Find(t.Context(), client, ovhrenew.Name("vps1")); !errors.Is(err, ovhrenew.ErrNotFound) || !errors.Is(err, ovhrenew.ErrDenied) {
		t.Errorf("Find = %v, want it to say that the services cannot be read", err)
	}
}

func TestTargetText(t *testing.T) {
	t.Parallel()
	type holder struct{ Service ovhrenew.Target }
	for _, target := range []ovhrenew.Target{
		ovhrenew.Name("vps112233.ovh.net"), ovhrenew.Route("/domain/example.ovh"), ovhrenew.ID(11223344),
	} {
		text, err := json.Marshal(holder{target})
		var back holder
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back.Service != target || string(text) != `{"Service":"`+target.String()+`"}` {
			t.Errorf("%s comes back as %v, %v, want %v", text, back.Service, err, target)
		}
	}
	for _, target := range []ovhrenew.Target{
		{}, ovhrenew.Name("42"), ovhrenew.Name("/vps/x"), ovhrenew.Name(" x "), ovhrenew.Name("no service "), ovhrenew.ID(-1), ovhrenew.Route("vps"), ovhrenew.Route("/"),
	} {
		if text, err := target.MarshalText(); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("MarshalText of %v = %q, %v, want ErrBadInput", target, text, err)
		}
	}
	for _, text := range []string{`{"Service": {}}`, `{"Service": ""}`, `{"Service": "0"}`, `{"Service": 5}`, `{"Service": "/"}`} {
		was := holder{ovhrenew.ID(1)}
		if err := json.Unmarshal([]byte(text), &was); err == nil || was.Service != ovhrenew.ID(1) {
			t.Errorf("%s is read as %v, %v, want an error and what was there", text, was.Service, err)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	slash := ovhrenew.ServiceID(server.AddService(ovhrenewtest.Service{Name: "198.51.100.0/24", Route: "/ip/service/ip-198.51.100.0%2F24"}))
	for target, want := range map[ovhrenew.Target]ovhrenew.ServiceID{
		ovhrenew.Name("vps112233.ovh.net"):                 vps,
		ovhrenew.Route("/vps/vps112233.ovh.net"):           vps,
		ovhrenew.Route("/domain/example.ovh"):              domain,
		ovhrenew.Route("/hosting/web/example.ovh"):         hosting,
		ovhrenew.Route("/ip/service/ip-198.51.100.0%2F24"): slash,
		ovhrenew.ID(hosting):                               hosting,
	} {
		got, err := ovhrenew.Find(t.Context(), client, target)
		if err != nil || got != want {
			t.Errorf("Find(%v) = %v, %v, want %v", target, got, err, want)
		}
	}
	untouched(t, server)
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	for target, want := range map[ovhrenew.Target]error{
		ovhrenew.Name("vps1.ovh.net"):           ovhrenew.ErrNotFound,
		ovhrenew.Name("vps112233"):              ovhrenew.ErrNotFound, // a part of a name is none
		ovhrenew.Route("/vps/vps1.ovh.net"):     ovhrenew.ErrNotFound,
		ovhrenew.Route("/nonesuch/example.ovh"): ovhrenew.ErrNotFound,
		ovhrenew.ID(-1):                         ovhrenew.ErrBadInput,
		ovhrenew.ID(0):                          ovhrenew.ErrBadInput,
		ovhrenew.Name(""):                       ovhrenew.ErrBadInput,
		ovhrenew.Route(""):                      ovhrenew.ErrBadInput,
		{}:                                      ovhrenew.ErrBadInput,
	} {
		got, err := ovhrenew.Find(t.Context(), client, target)
		if !errors.Is(err, want) || got > 0 {
			t.Errorf("Find(%v) = %v, %v, want %v", target, got, err, want)
		}
	}
}

func TestFindAmbiguous(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	server.AddService(ovhrenewtest.Service{ID: 701, Name: "example.org", Route: "/domain/example.org", Product: "domain-org"})
	server.AddService(ovhrenewtest.Service{ID: 702, Name: "Example.org", Route: "/domain/zone/example.org", Product: "zone"})
	server.AddService(ovhrenewtest.Service{ID: 801, Name: "ns3.ip-198-51-100.eu", Route: "/dedicated/server/ns3.ip-198-51-100.eu", Product: "24ska01"})
	server.AddService(ovhrenewtest.Service{ID: 802, Name: "ns3.ip-198-51-100.eu", Parent: 801, Product: "ram-32g"})
	server.AddService(ovhrenewtest.Service{ID: 803, Name: "ns3.ip-198-51-100.eu", Parent: 801, Product: "softraid"})
	for name, want := range map[string]string{
		"ns3.ip-198-51-100.eu": "ns3.ip-198-51-100.eu: several services have this name: " +
			"ns3.ip-198-51-100.eu (801) at /dedicated/server/ns3.ip-198-51-100.eu, 24ska01; ns3.ip-198-51-100.eu (802) at no route, ram-32g; ns3.ip-198-51-100.eu (803) at no route, softraid; name one by its Route or ID",
		"example.ovh": "example.ovh: several services have this name: " +
			"example.ovh (12345) at /domain/example.ovh, domain-ovh; example.ovh (67890) at /hosting/web/example.ovh, perso2014; name one by its Route or ID",
	} {
		id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Name(name))
		ambiguous, ok := errors.AsType[*ovhrenew.AmbiguousError](err)
		if !ok || !errors.Is(err, ovhrenew.ErrAmbiguous) || id != 0 {
			t.Errorf("Find(%s) = %v, %v, want an AmbiguousError", name, id, err)
			continue
		}
		if err.Error() != want {
			t.Errorf("Find(%s): %q, want %q", name, err, want)
		}
		if ambiguous.Name != name || len(ambiguous.Candidates) < 2 {
			t.Errorf("Find(%s): candidates %v of %s", name, ambiguous.Candidates, ambiguous.Name)
		}
	}
	for route, want := range map[string]ovhrenew.ServiceID{"/domain/example.org": 701, "/domain/zone/example.org": 702} {
		if id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Route(route)); err != nil || id != want {
			t.Errorf("Find(%s) = %v, %v, want %v", route, id, err, want)
		}
	}
}

// A server that ignores the name must not make us take whatever comes first.
func TestFindNameIgnored(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/services", httpmock.NewStringResponder(200, `[1, 2]`))
	mock.RegisterResponder("GET", mockEndpoint+"/services/1", httpmock.NewStringResponder(200, `{"serviceId": 1, "resource": {"name": "a.example"}}`))
	mock.RegisterResponder("GET", mockEndpoint+"/services/2", httpmock.NewStringResponder(200, `{"serviceId": 2, "resource": {"name": "b.example"}, "route": null}`))
	for _, name := range []string{"b.example", "B.Example"} {
		if id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Name(name)); err != nil || id != 2 {
			t.Errorf("Find(%s) = %v, %v, want 2", name, id, err)
		}
	}
	if id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Name("c.example")); !errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("Find(c.example) = %v, %v, want ErrNotFound", id, err)
	}
	many := "[" + strings.Repeat("1,", 500) + "1]"
	mock.RegisterResponder("GET", mockEndpoint+"/services", httpmock.NewStringResponder(200, many))
	before := mock.GetTotalCallCount()
	if id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Name("b.example")); !errors.Is(err, ovhrenew.ErrAmbiguous) {
		t.Errorf("Find of a name that the API lists 501 services for = %v, %v, want ErrAmbiguous", id, err)
	}
	if n := mock.GetTotalCallCount() - before; n > 2 {
		t.Errorf("%d requests for a name that the server ignored, want the list alone", n)
	}
}

func TestFindExpiredRoute(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{Expired: ovhrenewtest.ExpiredProduct})
	server.SetExpiry(ovhrenewtest.GuideVPSID, time.Now().AddDate(0, 0, -3))
	server.SetExpiry(ovhrenewtest.GuideDomainID, time.Now().AddDate(0, 0, -3))
	for route, want := range map[string]ovhrenew.ServiceID{
		"/vps/vps112233.ovh.net": vps,
		"/domain/example.ovh":    domain, // the hosting has its name too
	} {
		if _, err := client.ServiceInfos(t.Context(), route); !errors.Is(err, ovhrenew.ErrExpired) {
			t.Errorf("ServiceInfos(%s): %v, want ErrExpired", route, err)
		}
		if id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Route(route)); err != nil || id != want {
			t.Errorf("Find(%s) = %v, %v, want %v", route, id, err, want)
		}
	}
}

func TestFindExpiredRouteUnknown(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/vps/a/serviceInfos", httpmock.NewStringResponder(460, `{"message":"This Service is expired"}`))
	mock.RegisterResponder("GET", mockEndpoint+"/services", httpmock.NewStringResponder(200, `[1]`))
	mock.RegisterResponder("GET", mockEndpoint+"/services/1",
		httpmock.NewStringResponder(200, `{"serviceId": 1, "resource": {"name": "a"}, "route": {"url": "/domain/a"}}`))
	if id, err := ovhrenew.Find(t.Context(), client, ovhrenew.Route("/vps/a")); !errors.Is(err, ovhrenew.ErrExpired) || id != 0 {
		t.Errorf("Find of an expired service that only another route has = %v, %v, want ErrExpired", id, err)
	}
}

func TestRoutesRefused(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	for _, route := range []string{
		"vps/a", "/vps/a/", "/", "//vps/a", "/vps//a", "/vps/./a", "/vps/../me", "/vps/a?x=1", "/vps/a#b", "/vps/a b",
		"/vps/{serviceName}", "/vps/\x00", "/vps/a\n", "/vps/ü", "/vps/%", "/vps/%zz", "/vps/%0a", "/vps/a/serviceInfos",
		"/vps/<a>", `/vps/"a"`, `/vps\a`, "/vps/%2e%2e/me", "https://example.com/vps/a",
	} {
		for name, call := range map[string]func() error{
			"Find":         func() error { _, err := ovhrenew.Find(t.Context(), client, ovhrenew.Route(route)); return err },
			"ServiceInfos": func() error { _, err := client.ServiceInfos(t.Context(), route); return err },
		} {
			err := call()
			input, ok := errors.AsType[*ovhrenew.InputError](err)
			if !ok || !errors.Is(err, ovhrenew.ErrBadInput) {
				t.Errorf("%s(%q): %v, want an InputError", name, route, err)
				continue
			}
			if input.Call != name || input.Field == "" || input.Value != route || input.Why == "" {
				t.Errorf("%s(%q): %#v, want its call, field and value", name, route, input)
			}
		}
	}
	if requests := server.Requests(); len(requests) != 0 {
		t.Errorf("%d requests sent for bad routes, the first %s, want none", len(requests), requests[0].Path)
	}
}
