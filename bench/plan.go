package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var (
	planDay    = ovhrenew.MustDate("2026-06-15")
	planPolicy = portfolio.Policy{
		Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("1000000000 EUR")},
	}
)

// planRows measures plans of growing size, each against the smallest.
func planRows(_ context.Context, size sizes) ([]row, error) {
	costs, peaks := make([]cost, len(size.plans)), make([]float64, len(size.plans))
	for range size.planned {
		for i, n := range size.plans {
			services := agencyOf(n)
			make1 := func() error { return makePlan(services) }
			// As many services are planned in each round, so that no size is more likely
			// to find the machine idle.
			c, err := average(size.plans[len(size.plans)-1]/n, make1)
			if err != nil {
				return nil, err
			}
			if costs[i].time == 0 || c.time < costs[i].time { // others only ever slow it down
				costs[i] = c
			}
			peak, err := peakHeap(make1)
			if err != nil {
				return nil, err
			}
			peaks[i] = max(peaks[i], peak)
		}
	}
	first := size.plans[0]
	nLogN := func(n int) float64 { return float64(n) * math.Log(float64(n)) }
	var rows []row
	for i, n := range size.plans[1:] {
		c, base, against := costs[i+1], costs[0], fmt.Sprintf("%s services", number(first))
		growth := nLogN(n) / nLogN(first)
		ratio := c.time.Seconds() / base.time.Seconds()
		goal, met := fmt.Sprintf("at most n log n, %s", times(growth)), ratio <= growth
		if n == 100_000 {
			goal, met = goal+", under 2 s", met && c.time < 2*time.Second
		}
		rows = append(rows,
			row{
				what: fmt.Sprintf("plan %s services: time", number(n)), against: against,
				other: short(base.time), ours: short(c.time), ratio: times(ratio) + " more", goal: goal, met: met,
			},
			memoryRow("allocated", against, base.bytes, c.bytes),
			memoryRow("largest heap", against, peaks[0], peaks[i+1]))
	}
	return rows, nil
}

func memoryRow(what, against string, base, bytes float64) row {
	return row{what: what, against: against, other: megabytes(base), ours: megabytes(bytes), ratio: times(bytes/base) + " more"}
}

func makePlan(services []portfolio.Surveyed) error {
	plan, err := portfolio.MakePlan(services, planPolicy, planDay)
	if err == nil && (len(plan.Items) < len(services)/4 || len(plan.Gaps) > 0) {
		err = fmt.Errorf("a plan of %d items for %d services, with %d gaps", len(plan.Items), len(services), len(plan.Gaps))
	}
	return err
}

// agencyOf returns n services, all due, linked by their offers as an agency's are: of the
// groups, 60 % are a service by itself, 30 % two, 9 % three, and the rest 8 to 12 with
// bundles of all kinds.
func agencyOf(n int) []portfolio.Surveyed {
	r := rand.New(rand.NewPCG(1, 1))
	services := make([]portfolio.Surveyed, 0, n)
	for len(services) < n {
		size := 1
		switch pick := r.IntN(1000); {
		case pick < 10:
			size = 8 + r.IntN(5)
		case pick < 100:
			size = 3
		case pick < 400:
			size = 2
		}
		group := make([]portfolio.Surveyed, 0, size)
		for i := range min(size, n-len(services)) {
			group = append(group, dueService(len(services)+i+1, r.IntN(29)))
		}
		offerGroup(r, group)
		services = append(services, group...)
	}
	return services
}

func dueService(id, days int) portfolio.Surveyed {
	s := portfolio.Surveyed{OffersRead: true, Service: ovhrenew.Service{Product: "domain-ovh", Created: planDay.AddDays(-700)}}
	s.ID, s.Name, s.Expiry = ovhrenew.ServiceID(id), fmt.Sprintf("s%d.example", id), planDay.AddDays(1+days)
	return s
}

// offerGroup offers each service for three periods, and bundles of two to five.
func offerGroup(r *rand.Rand, group []portfolio.Surveyed) {
	var ids []ovhrenew.ServiceID
	for _, s := range group {
		ids = append(ids, s.ID)
		cents := int64(199 + r.IntN(5000))
		offer(group, ovhrenew.P1M, cents/10, s.ID)
		offer(group, ovhrenew.P1Y, cents, s.ID)
		offer(group, ovhrenew.P2Y, 2*cents, s.ID)
	}
	for range len(ids) * (len(ids) - 1) / 2 {
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		some := ids[:2+r.IntN(min(len(ids), 5)-1)]
		offer(group, ovhrenew.P1Y, int64(len(some)*(199+r.IntN(4000))), some...)
	}
}

// offer lists an offer under each of the services that it renews.
func offer(group []portfolio.Surveyed, period ovhrenew.Period, cents int64, ids ...ovhrenew.ServiceID) {
	price := ovhrenew.NewMoney(cents*1_000_000, ovhrenew.EUR)
	for i := range group {
		if id := group[i].ID; slices.Contains(ids, id) {
			group[i].Offers = append(group[i].Offers, ovhrenew.Offer{Service: id, Period: period, Strategy: ovhrenew.RenewStrategy{
				Price: price, PriceInUcents: price.Ucents(), Services: slices.Clone(ids),
			}})
		}
	}
}
