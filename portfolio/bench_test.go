// What planning costs, by the number of services and by how linked they are.

package portfolio_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// agencyServices are n services, all due, as an agency's are linked: of the groups, 60 %
// are of one service, 30 % of two, 9 % of three, and the others of 8 to 12 with bundles
// of all kinds.
func agencyServices(n int, seed uint64) []portfolio.Surveyed {
	r := rand.New(rand.NewPCG(seed, 1))
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
		first := ovhrenew.ServiceID(len(services) + 1)
		group := make([]portfolio.Surveyed, 0, size)
		ids := make([]ovhrenew.ServiceID, 0, size)
		for i := range min(size, n-len(services)) {
			ids = append(ids, first+ovhrenew.ServiceID(i))
			group = append(group, dueIn(ids[i], 1+r.IntN(29)))
		}
		for _, id := range ids {
			price := 199 + r.IntN(5000)
			offerAll(group, ovhrenew.P1M, euros(price/10), id)
			offerAll(group, ovhrenew.P1Y, euros(price), id)
			offerAll(group, ovhrenew.P2Y, euros(2*price), id)
		}
		for bundles := len(ids) * (len(ids) - 1) / 2; bundles > 0; bundles-- {
			r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
			some := ids[:2+r.IntN(min(len(ids), 5)-1)]
			offerAll(group, ovhrenew.P1Y, euros(len(some)*(199+r.IntN(4000))), some...)
		}
		services = append(services, group...)
	}
	return services
}

func benchmarkPlan(b *testing.B, n int) {
	services := agencyServices(n, 1)
	b.ReportAllocs()
	for b.Loop() {
		plan, err := portfolio.MakePlan(services, euroPolicy(), planDay)
		if err != nil || len(plan.Items) < n/4 || len(plan.Gaps) > 0 {
			b.Fatalf("%v, %d items", err, len(plan.Items))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/service")
}

func BenchmarkPlan1k(b *testing.B)   { benchmarkPlan(b, 1_000) }
func BenchmarkPlan10k(b *testing.B)  { benchmarkPlan(b, 10_000) }
func BenchmarkPlan100k(b *testing.B) { benchmarkPlan(b, 100_000) }

// Groups of 20 are rare, and searched to their end all the same.
func BenchmarkPlanGroup(b *testing.B) {
	for _, size := range []int{8, 12, 16, 20, 30, 60} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			services := linkedServices(size, 3*size, 5)
			b.ReportAllocs()
			gaps := 0
			for b.Loop() {
				plan, err := portfolio.MakePlan(services, euroPolicy(), planDay)
				if err != nil {
					b.Fatal(err)
				}
				gaps = len(plan.Gaps)
			}
			b.ReportMetric(float64(gaps), "gaps")
		})
	}
}

// linkedServices are n services in one group, offered by themselves and in so many
// random bundles of 2 to 5.
func linkedServices(n, bundles int, seed uint64) []portfolio.Surveyed {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	var services []portfolio.Surveyed
	for i := range n {
		services = append(services, dueIn(ovhrenew.ServiceID(i+1), 1+r.IntN(29)))
		offerAll(services, ovhrenew.P1Y, euros(500+r.IntN(1000)), ovhrenew.ServiceID(i+1))
	}
	for range bundles {
		var ids []ovhrenew.ServiceID
		for _, i := range r.Perm(n)[:2+r.IntN(4)] {
			ids = append(ids, ovhrenew.ServiceID(i+1))
		}
		offerAll(services, ovhrenew.P1Y, euros(len(ids)*(400+r.IntN(800))), ids...)
	}
	return services
}
