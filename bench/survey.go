package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// surveyed is what a survey came to.
type surveyed struct {
	services, due, offers int
	requests              int
	took                  time.Duration
}

// survey reads an account through a line.
type survey func(context.Context, *line) (surveyed, error)

func surveyRows(ctx context.Context, size sizes) ([]row, error) {
	server, err := startServer(size.services, size.latency)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	var ours surveyed
	results := map[string]surveyed{}
	for _, run := range []struct {
		name   string
		survey survey
	}{
		{"ours", ourSurvey}, {"one", plainSurvey(1)}, {"ours", ourSurvey}, {"eight", plainSurvey(8)}, {"ours", ourSurvey},
	} {
		way := newLine(server.endpoint)
		began := time.Now()
		got, err := run.survey(ctx, way)
		if err != nil {
			return nil, err
		}
		got.took, got.requests = time.Since(began), int(way.requests.Load())
		way.base.CloseIdleConnections()
		if run.name == "ours" && got.took > ours.took { // its slowest counts
			ours = got
		}
		results[run.name] = got
	}
	one, eight := results["one"], results["eight"]
	for _, other := range []surveyed{one, eight} {
		if other.services != ours.services || other.due != ours.due || other.offers != ours.offers || other.offers == 0 {
			return nil, fmt.Errorf("they did not find the same: %+v and %+v", ours, other)
		}
	}
	what := fmt.Sprintf("survey %s services, %s due: ", number(ours.services), number(ours.due))
	const alone, eightfold = "go-ovh, one by one", "go-ovh, 8 goroutines"
	pages := (size.services + 999) / 1000
	most := size.services/10 + pages + 5
	return []row{
		counted(what+"requests", alone, one, ours, fmt.Sprintf("at most %s requests", number(most)), ours.requests <= most),
		counted("requests", eightfold, eight, ours, "", true),
		minutes("at 60 requests a minute (computed)", alone, one, ours),
		timed("wall time, no limit of rate", alone, one, ours, 50),
		timed("wall time, no limit of rate", eightfold, eight, ours, 0),
	}, nil
}

func counted(what, against string, other, ours surveyed, goal string, met bool) row {
	return row{
		what: what, against: against, other: number(other.requests), ours: number(ours.requests),
		ratio: times(float64(other.requests)/float64(ours.requests)) + " fewer", goal: goal, met: met,
	}
}

func minutes(what, against string, other, ours surveyed) row {
	minute := func(s surveyed) string { return fmt.Sprintf("%.1f min", float64(s.requests)/60) }
	r := counted(what, against, other, ours, "", true)
	r.other, r.ours = minute(other), minute(ours)
	r.ratio = times(float64(other.requests)/float64(ours.requests)) + " faster"
	return r
}

func timed(what, against string, other, ours surveyed, least float64) row {
	r := row{what: what, against: against, other: short(other.took), ours: short(ours.took)}
	r.ratio, r.goal, r.met = better("faster", other.took.Seconds(), ours.took.Seconds(), least)
	return r
}

// ourSurvey is this library's.
func ourSurvey(ctx context.Context, way *line) (surveyed, error) {
	var got surveyed
	api, err := newAPI(way.endpoint, way)
	if err != nil {
		return got, err
	}
	day := ovhrenew.DateOf(time.Now()).AddDays(dueWithin)
	for s, err := range portfolio.Survey(ctx, api, portfolio.Query{Offers: portfolio.DueBy(day)}) {
		if err != nil {
			return got, err
		}
		got.services++
		if s.OffersRead {
			got.due++
			got.offers += len(s.Offers)
		}
	}
	return got, nil
}

// plainService is what a program without this library reads of a service.
type plainService struct {
	ServiceID int64 `json:"serviceId"`
	Billing   struct {
		ExpirationDate *time.Time `json:"expirationDate"`
		Lifecycle      struct {
			Current struct {
				CreationDate *time.Time `json:"creationDate"`
			} `json:"current"`
		} `json:"lifecycle"`
	} `json:"billing"`
	Resource struct {
		Name string `json:"name"`
	} `json:"resource"`
}

func (s plainService) dueBy(day time.Time) bool {
	ends, created := s.Billing.ExpirationDate, s.Billing.Lifecycle.Current.CreationDate
	return ends != nil && ends.Before(day) && (created == nil || !ends.Before(*created))
}

// plainSurvey lists the ids, and reads each service and the offers of those due. Each
// of its goroutines has a client: go-ovh's cannot be shared, NewRequest races.
func plainSurvey(goroutines int) survey {
	return func(ctx context.Context, way *line) (surveyed, error) {
		var total surveyed
		clients := make([]*ovh.Client, goroutines)
		for i := range clients {
			var err error
			if clients[i], err = newClient(way.endpoint, way); err != nil {
				return total, err
			}
		}
		var list []int64
		if err := clients[0].GetWithContext(ctx, "/services", &list); err != nil { //nolint:forbidigo // what ours is measured against
			return total, err
		}
		ids := make(chan int64, len(list))
		for _, id := range list {
			ids <- id
		}
		close(ids)
		parts, errs := make([]surveyed, goroutines), make([]error, goroutines)
		var all sync.WaitGroup
		for i, client := range clients {
			all.Go(func() { parts[i], errs[i] = plainRead(ctx, client, ids) })
		}
		all.Wait()
		for i, part := range parts {
			if errs[i] != nil {
				return total, errs[i]
			}
			total.services, total.due, total.offers = total.services+part.services, total.due+part.due, total.offers+part.offers
		}
		return total, nil
	}
}

func plainRead(ctx context.Context, client *ovh.Client, ids <-chan int64) (surveyed, error) {
	var got surveyed
	day := time.Now().AddDate(0, 0, dueWithin)
	for id := range ids {
		var service plainService
		if err := client.GetWithContext(ctx, fmt.Sprintf("/services/%d", id), &service); err != nil { //nolint:forbidigo // what ours is measured against
			return got, err
		}
		got.services++
		if !service.dueBy(day) {
			continue
		}
		var offers []plainDescription
		if err := client.GetWithContext(ctx, fmt.Sprintf("/service/%d/renew", id), &offers); err != nil { //nolint:forbidigo // what ours is measured against
			return got, err
		}
		got.due++
		for _, description := range offers {
			got.offers += len(description.Strategies)
		}
	}
	return got, nil
}
