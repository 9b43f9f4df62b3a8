package main

import (
	"fmt"
	"os"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// account is where services are renewed.
type account struct {
	api      *ovhrenew.API
	patience ovhrenew.Patience
	close    func()
}

// connect returns the real account if -live says so, and only then; else a simulated
// one. A plan from a file decides on which day the simulated account is made.
func (p program) connect(o *options, plan *ovhrenew.Plan) (*account, error) {
	if o.live {
		return p.connectLive()
	}
	day := today()
	if plan != nil {
		day = plan.Made
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{
		Latency: 10 * time.Millisecond, DeliveryDelay: 400 * time.Millisecond,
	})
	server.SetNow(day.Time)
	ovhrenewtest.Agency(server, o.services, o.seed)
	server.SetNow(time.Now)
	p.simulated(server)
	server.ListenPipe()
	api, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		server.Close()
		return nil, err
	}
	fmt.Fprintf(p.err, "Simulated account of %d services: nothing here is real.\n", o.services)
	return &account{api: api, patience: ovhrenew.Patience{Poll: 50 * time.Millisecond}, close: server.Close}, nil
}

func (p program) connectLive() (*account, error) {
	client, err := p.live()
	if err != nil {
		return nil, fmt.Errorf("-live has no usable credentials: %w", err)
	}
	api, err := ovhrenew.New(client)
	if err != nil {
		return nil, fmt.Errorf("-live has no usable credentials: %w", err)
	}
	fmt.Fprintf(p.err, "REAL account at %s.\n", api.Endpoint())
	return &account{api: api, close: func() {}}, nil
}

// openJournal opens the journal: of the simulated account one that ends with it.
func (o *options) openJournal() (journal ovhrenew.Journal, remove func(), err error) {
	dir, remove := o.journal, func() {}
	switch {
	case !o.live:
		if dir, err = os.MkdirTemp("", "portfolio-*"); err != nil {
			return nil, nil, err
		}
		remove = func() { _ = os.RemoveAll(dir) }
	case dir == "":
		dir = defaultJournal()
	}
	opened, err := ovhrenew.OpenJournal(dir)
	if err != nil {
		remove()
		return nil, nil, err
	}
	return opened, remove, nil
}

func today() ovhrenew.Date { return ovhrenew.DateOf(time.Now()) }
