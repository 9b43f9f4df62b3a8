package ovhrenew_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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
			"801 (/dedicated/server/ns3.ip-198-51-100.eu, 24ska01); 802 (no route, ram-32g); 803 (no route, softraid); name one by its Route or ID",
		"example.ovh": "example.ovh: several services have this name: " +
			"12345 (/domain/example.ovh, domain-ovh); 67890 (/hosting/web/example.ovh, perso2014); name one by its Route or ID",
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

// No read of this package may reach the server with an id that is none.
func TestIDsRefused(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	ctx := t.Context()
	for _, n := range []int64{0, -1} {
		id, order := ovhrenew.ServiceID(n), ovhrenew.OrderID(n)
		for name, call := range map[string]func() error{
			"ListedService":       func() error { _, err := client.ListedService(ctx, id); return err },
			"Service":             func() error { _, err := client.Service(ctx, id); return err },
			"Renewals":            func() error { _, err := client.Renewals(ctx, id, true); return err },
			"Order":               func() error { _, err := client.Order(ctx, order); return err },
			"OrderStatus":         func() error { _, err := client.OrderStatus(ctx, order); return err },
			"OrderDetails":        func() error { _, err := client.OrderDetails(ctx, order); return err },
			"OrderPayment":        func() error { _, err := client.OrderPayment(ctx, order); return err },
			"OrderPaymentMethods": func() error { _, err := client.OrderPaymentMethods(ctx, order); return err },
			"OrderPaymentMeans":   func() error { _, err := client.OrderPaymentMeans(ctx, order); return err },
			"Pay":                 func() error { return client.Pay(ctx, order, ovhrenew.Method(1)) },
		} {
			input, ok := errors.AsType[*ovhrenew.InputError](call())
			if !ok || input.Call != name {
				t.Errorf("%s(%d): %v, want an InputError of it", name, n, input)
			}
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests sent for bad ids, want none", n)
	}
}

func TestServices(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	ids, err := client.FindServices(t.Context(), ovhrenew.ServiceQuery{})
	if diff := cmp.Diff([]ovhrenew.ServiceID{vps, domain, hosting}, ids); err != nil || diff != "" {
		t.Errorf("FindServices: %v (-want +got):\n%s", err, diff)
	}
	ids, err = client.FindServices(t.Context(), ovhrenew.ServiceQuery{Routes: []string{"/domain/{serviceName}", "/vps/{serviceName}"}})
	if diff := cmp.Diff([]ovhrenew.ServiceID{vps, domain}, ids); err != nil || diff != "" {
		t.Errorf("FindServices by route: %v (-want +got):\n%s", err, diff)
	}
	service, err := client.Service(t.Context(), vps)
	if err != nil || service.Name != "vps112233.ovh.net" || service.Route != "/vps/vps112233.ovh.net" || service.Parent != 0 {
		t.Errorf("Service(%d) = %+v, %v", vps, service, err)
	}
	listed, err := client.ListedService(t.Context(), vps)
	if err != nil || listed.Name != service.Name || listed.Expiry != service.Expiry {
		t.Errorf("ListedService(%d) = %+v, %v, want the name and the expiry of Service", vps, listed, err)
	}
	infos, err := client.ServiceInfos(t.Context(), service.Route)
	if err != nil || infos.ID != vps || infos.Expiry != service.Expiry {
		t.Errorf("ServiceInfos(%s) = %+v, %v, want the id and the expiry of Service", service.Route, infos, err)
	}
	if _, err := client.Service(t.Context(), 404); !errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("Service(404): %v, want ErrNotFound", err)
	}
}

// Nulls, missing and unknown fields decode; what is of another kind is named.
func TestServiceDecoding(t *testing.T) {
	t.Parallel()
	const route = "GET /services/1"
	for _, body := range []string{
		`{}`, `null`,
		`{"serviceId": 1, "parentServiceId": null, "billing": null, "customer": null, "resource": null, "route": null, "tags": null}`,
		`{"billing": {"expirationDate": null, "lifecycle": null, "renew": null, "engagement": null, "pricing": null, "plan": null, "group": null}}`,
		`{"billing": {"lifecycle": {"current": {"state": "new-of-2031", "pendingActions": ["new-of-2032", null]}}}, "new": [1]}`,
		`{"billing": {"expirationDate": "2026-06-15"}}`, `{"billing": {"expirationDate": "2026-06-15T00:00:00+02:00"}}`,
	} {
		if service, err := answering(t, route, 200, body).Service(t.Context(), 1); err != nil {
			t.Errorf("Service of %s = %+v, %v, want no error", body, service, err)
		}
	}
	for body, want := range map[string]string{
		``:                  "GET /services/1: malformed answer: the answer is empty",
		`{`:                 "GET /services/1: malformed answer: the answer",
		`[]`:                "GET /services/1: malformed answer: the answer",
		`{"serviceId":"x"}`: `GET /services/1: malformed answer: serviceId: `,
		`{"billing": {"expirationDate": "tomorrow"}}`:                      `billing.expirationDate: `,
		`{"billing": {"renew": {"current": {"nextDate": 5}}}}`:             `billing.renew.current.nextDate: `,
		`{"billing": {"lifecycle": {"current": {"pendingActions": [1]}}}}`: `billing.lifecycle.current.pendingActions[0]: `,
	} {
		service, err := answering(t, route, 200, body).Service(t.Context(), 1)
		if !errors.Is(err, ovhrenew.ErrMalformed) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "GET /services/1") {
			t.Errorf("Service of %s = %+v, %v, want ErrMalformed with %q", body, service, err, want)
		}
	}
}
