package main

import (
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

const dueWithin = 30 // days

// fillAccount gives a server so many services of an agency, of which exactly so many
// end within dueWithin days.
func fillAccount(s *ovhrenewtest.Server, services, due int) error {
	ovhrenewtest.Agency(s, services, 1)
	var ending []int64
	for _, v := range s.Services() {
		switch {
		case v.Expiry.Before(v.Creation): // it does not end
		case v.Type == "Public Cloud project": // it has no offers
			s.SetExpiry(v.ID, s.Now().AddDate(0, 2, 0))
		default:
			ending = append(ending, v.ID)
		}
	}
	if len(ending) < due {
		return fmt.Errorf("only %d of %d services end at all", len(ending), services)
	}
	for i, id := range ending {
		days := 60 + i%300
		if (i+1)*due/len(ending) > i*due/len(ending) { // evenly spread
			days = 1 + i%(dueWithin-2)
		}
		s.SetExpiry(id, s.Now().AddDate(0, 0, days))
	}
	return s.Err()
}

// serve answers for an account until its input ends.
func serve(args []string) error {
	var services int
	if _, err := fmt.Sscan(args[0], &services); err != nil {
		return err
	}
	latency, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{Latency: latency})
	if err := fillAccount(server, services, services/10); err != nil {
		return err
	}
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	return serveUntilEOF(server.Endpoint())
}

// startServer starts a process that serves an account.
func startServer(services int, latency time.Duration) (*child, error) {
	return startChild("child-serve", fmt.Sprint(services), latency.String())
}
