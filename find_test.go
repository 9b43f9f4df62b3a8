package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

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
		"VPS112233.ovh.net..":                         1,
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
