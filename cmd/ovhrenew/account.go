package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// account is what a command works on.
type account struct {
	api    *ovh.Client
	client *ovhrenew.API
	// base sends the requests, and counts them.
	base http.RoundTripper
	// limiter is the pace; nil: the default one.
	limiter ovhrenew.Limiter
	// patience is shorter where nothing is real.
	patience ovhrenew.Patience
	// journal is used where no directory is named; nil: the default one.
	journal ovhrenew.Journal
	// grant narrows what the key may do, on the simulated account.
	grant func(...ovhrenewtest.Rule)
	close func()
}

// open connects to the real account, or with --demo to a simulated one.
func open(_ context.Context, p *program) (*account, error) {
	if p.demo {
		return openDemo(p)
	}
	api, err := ovh.NewDefaultClient()
	if err != nil {
		return nil, fmt.Errorf("%w. They go into OVH_ENDPOINT, OVH_APPLICATION_KEY, OVH_APPLICATION_SECRET and OVH_CONSUMER_KEY, or in ovh.conf; https://eu.api.ovh.com/createToken/ makes them. With --demo no account is needed", err)
	}
	p.say("account of %s", api.Endpoint())
	if p.asksForKey { // and may have none yet
		return &account{api: api, close: func() {}}, nil
	}
	base := counted{http.DefaultTransport, p}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: base})
	if err != nil {
		return nil, err
	}
	return &account{api: api, client: client, base: base, close: func() {}}, nil
}

// demoSeed makes the simulated account the same in each run of a day, so that a plan of
// one run can be applied by another.
const (
	demoSeed     = 7
	demoServices = 90
)

// openDemo makes the simulated account.
func openDemo(p *program) (*account, error) {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	ovhrenewtest.Agency(server, demoServices, demoSeed)
	server.ListenPipe() // reached by nobody else
	base := counted{server.Transport(), p}
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: base})
	if err != nil {
		server.Close()
		return nil, err
	}
	p.say("demo: a simulated account, where nothing is real")
	return &account{
		api: server.Client(), client: client, base: base, limiter: ovhrenew.Unlimited,
		patience: ovhrenew.Patience{Poll: 20 * time.Millisecond},
		journal:  ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), grant: server.Grant, close: server.Close,
	}, nil
}

// with calls f with the account and closes it.
func (p *program) with(ctx context.Context, f func(a *account) error) error {
	a, err := p.open(ctx, p)
	if err != nil {
		return err
	}
	defer a.close()
	return f(a)
}
