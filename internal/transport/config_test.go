package transport_test

import (
	"strings"
	"testing"

	"github.com/ovh/go-ovh/ovh"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestNew(t *testing.T) {
	t.Parallel()
	login := func(c *ovh.Client, endpoint string) *ovh.Client {
		if err := c.SetEndpoint(endpoint); err != nil {
			t.Fatal(err)
		}
		return c
	}
	eu := "https://eu.api.ovh.com/1.0"
	for _, test := range []struct {
		name   string
		config transport.Config
		want   string // of the error; empty: none
	}{
		{"nil", transport.Config{}, "client is nil"},
		{"no endpoint", transport.Config{API: &ovh.Client{AppKey: appKey}}, "no endpoint"},
		{"odd endpoint", transport.Config{API: keyed(t, "ovh-eu")}, `endpoint "ovh-eu"`},
		{"endpoint without scheme", transport.Config{API: keyed(t, "me:canary@eu.test/1.0")}, "not an http or https URL"},
		{"endpoint that is no URL", transport.Config{API: keyed(t, "https://me:canary@[")}, "not a URL"},
		{"endpoint with credentials", transport.Config{API: keyed(t, "https://me:canary@api.test")}, "no place"},
		{"endpoint with query", transport.Config{API: keyed(t, "https://api.test?esign=x")}, "no place"},
		{"key", transport.Config{API: keyed(t, eu)}, ""},
		{"no secret", transport.Config{API: login(&ovh.Client{AppKey: appKey, ConsumerKey: consumerKey}, eu)}, "no application secret"},
		{"no consumer", transport.Config{API: login(&ovh.Client{AppKey: appKey, AppSecret: appSecret}, eu)}, "no consumer key"},
		{"nothing", transport.Config{API: login(&ovh.Client{}, eu)}, "no credentials"},
		{"no client secret", transport.Config{API: login(&ovh.Client{ClientID: clientID}, eu)}, "no client secret"},
		{"token", transport.Config{API: login(&ovh.Client{AccessToken: accessToken}, eu)}, ""},
		{"service eu", transport.Config{API: service(t, ovh.OvhEU)}, ""},
		{"service ca", transport.Config{API: service(t, ovh.OvhCA)}, ""},
		{"service us", transport.Config{API: service(t, ovh.OvhUS)}, ""},
		{"service kimsufi", transport.Config{API: service(t, ovh.KimsufiEU)}, "TokenURL is missing"},
		{"service with URL", transport.Config{API: service(t, ovh.KimsufiEU), TokenURL: "https://token.test/"}, ""},
		{"service with odd URL", transport.Config{API: service(t, ovh.OvhEU), TokenURL: "https://me:canary@token.test/"}, "TokenURL"},
		{"negative", transport.Config{API: keyed(t, eu), Attempts: -1}, "Attempts is negative: -1"},
		{"negative size", transport.Config{API: keyed(t, eu), MaxBody: -2}, "MaxBody is negative: -2"},
		{"negative time", transport.Config{API: keyed(t, eu), RetryFor: -3}, "RetryFor is negative: -3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := transport.New(test.config)
			if test.want == "" {
				if err != nil || c.Endpoint() != test.config.API.Endpoint() {
					t.Errorf("New: %v, want a client of %s", err, test.config.API.Endpoint())
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("New: %v, want %q", err, test.want)
			}
			noSecrets(t, err)
		})
	}
}
