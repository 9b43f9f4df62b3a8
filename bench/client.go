package main

import (
	"net/http"
	"sync/atomic"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// line is the way to a server. It counts the requests of every client that uses it.
type line struct {
	endpoint string
	base     *http.Transport
	requests atomic.Int64
}

func newLine(endpoint string) *line {
	// As many idle connections as anybody needs: a default transport keeps two.
	return &line{endpoint: endpoint, base: &http.Transport{MaxIdleConnsPerHost: 64}}
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.requests.Add(1)
	return l.base.RoundTrip(r)
}

// newClient is a go-ovh client that is ready to sign.
func newClient(endpoint string, transport http.RoundTripper) (*ovh.Client, error) {
	keys := ovhrenewtest.New(ovhrenewtest.Behaviour{}).Credentials()
	c := &ovh.Client{
		AppKey: keys.AppKey, AppSecret: keys.AppSecret, ConsumerKey: keys.ConsumerKey,
		Client: &http.Client{Transport: transport}, Timeout: ovh.DefaultTimeout,
	}
	return c, c.SetEndpoint(endpoint)
}

func newAPI(endpoint string, transport http.RoundTripper) (*ovhrenew.API, error) {
	client, err := newClient(endpoint, transport)
	if err != nil {
		return nil, err
	}
	return ovhrenew.NewWithConfig(client, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
