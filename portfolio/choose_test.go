package portfolio_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// planDay is the day on which the tests plan.
var planDay = ovhrenew.MustDate("2026-06-15")

// euroPolicy renews for a year, with 20 % tax, within a total that is never reached.
func euroPolicy() portfolio.Policy {
	return portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("1000000000 EUR")}}
}

// dueIn is a service that expires in so many days.
func dueIn(id ovhrenew.ServiceID, days int) portfolio.Surveyed {
	s := portfolio.Surveyed{OffersRead: true, Service: ovhrenew.Service{Product: "domain-ovh", Created: planDay.AddDays(-700)}}
	s.ID, s.Name, s.Expiry = id, fmt.Sprintf("s%d.example", id), planDay.AddDays(days)
	return s
}

func offer(period ovhrenew.Period, price ovhrenew.Money, ids ...ovhrenew.ServiceID) ovhrenew.Offer {
	return ovhrenew.Offer{Service: ids[0], Period: period, Strategy: ovhrenew.RenewStrategy{
		Price: price, PriceInUcents: price.Ucents(), Services: slices.Clone(ids),
	}}
}

// offerAll puts an offer under each of the services that it renews.
func offerAll(services []portfolio.Surveyed, period ovhrenew.Period, price ovhrenew.Money, ids ...ovhrenew.ServiceID) {
	for i := range services {
		if slices.Contains(ids, services[i].ID) {
			o := offer(period, price, ids...)
			o.Service = services[i].ID
			services[i].Offers = append(services[i].Offers, o)
		}
	}
}

func euros(cents int) ovhrenew.Money { return ovhrenew.NewMoney(int64(cents)*1_000_000, ovhrenew.EUR) }

// choice is what an account's renewals come to, as a plan is to weigh it.
type choice struct {
	left, stranded, cents, orders int
	sets                          []int // in the order of the offers, the last first
}

func (c choice) compare(d choice) int {
	return cmp.Or(cmp.Compare(c.left, d.left), cmp.Compare(c.stranded, d.stranded), cmp.Compare(c.cents, d.cents), cmp.Compare(c.orders, d.orders), slices.Compare(c.sets, d.sets))
}

// puzzle is a small account in the terms of an exhaustive search.
type puzzle struct {
	services []portfolio.Surveyed
	policy   portfolio.Policy
	wanted   map[ovhrenew.ServiceID]bool
	far      map[ovhrenew.ServiceID]bool // not due before the others end
	partner  map[ovhrenew.ServiceID]bool // not wanted, and offered only with what is, or is far
	sets     [][]ovhrenew.ServiceID      // what is offered, in order, each once
	cents    []int                       // for so much
}

func randomPuzzle(r *rand.Rand) puzzle {
	z := puzzle{policy: euroPolicy(), wanted: map[ovhrenew.ServiceID]bool{}, far: map[ovhrenew.ServiceID]bool{}, partner: map[ovhrenew.ServiceID]bool{}}
	n := 1 + r.IntN(8)
	for i := range n {
		id := ovhrenew.ServiceID(i + 1)
		days := 1 + r.IntN(20)
		if z.wanted[id] = r.IntN(5) > 0; !z.wanted[id] {
			days += 100
			if z.far[id] = r.IntN(4) == 0; z.far[id] {
				days += 400
			}
		}
		z.services = append(z.services, dueIn(id, days))
	}
	along := r.IntN(2) == 0
	if along {
		z.policy.Along = []portfolio.Selection{{Names: []string{"*"}}}
	}
	type bundle struct {
		ids   []ovhrenew.ServiceID
		cents int
	}
	best := map[string]bundle{}
	alone := map[ovhrenew.ServiceID]bool{} // offered without anything wanted or far
	additive := r.IntN(3) == 0             // then nearly everything ties
	for range r.IntN(21) {
		var ids []ovhrenew.ServiceID
		for _, i := range r.Perm(n)[:1+r.IntN(min(n, 4))] {
			ids = append(ids, ovhrenew.ServiceID(i+1))
		}
		cents := 100 * r.IntN(3+6*len(ids))
		if additive {
			cents = 1000 * len(ids)
		}
		offerAll(z.services, ovhrenew.P1Y, euros(cents), ids...)
		slices.Sort(ids)
		needed := slices.ContainsFunc(ids, func(id ovhrenew.ServiceID) bool { return z.wanted[id] })
		for _, id := range ids {
			if !slices.ContainsFunc(ids, func(other ovhrenew.ServiceID) bool { return z.wanted[other] || z.far[other] }) {
				alone[id] = true
			}
		}
		key := fmt.Sprint(ids)
		if old, ok := best[key]; needed && (!ok || cents < old.cents) {
			best[key] = bundle{ids, cents}
		}
	}
	for more := !along; more; {
		more = false
		for _, s := range z.services {
			with := slices.ContainsFunc(s.Offers, func(o ovhrenew.Offer) bool {
				return slices.ContainsFunc(o.Services(), func(id ovhrenew.ServiceID) bool { return z.wanted[id] || z.partner[id] })
			})
			if with && !z.partner[s.ID] && !z.wanted[s.ID] && !z.far[s.ID] && !alone[s.ID] {
				more, z.partner[s.ID] = true, true
			}
		}
	}
	for key, b := range best {
		if slices.ContainsFunc(b.ids, func(id ovhrenew.ServiceID) bool { return !z.wanted[id] && !z.partner[id] && !along }) {
			delete(best, key)
		}
	}
	bundles := make([]bundle, 0, len(best))
	for _, b := range best {
		bundles = append(bundles, b)
	}
	slices.SortFunc(bundles, func(a, b bundle) int { return slices.Compare(a.ids, b.ids) })
	for _, b := range bundles {
		z.sets, z.cents = append(z.sets, b.ids), append(z.cents, b.cents)
	}
	r.Shuffle(len(z.services), func(i, j int) { z.services[i], z.services[j] = z.services[j], z.services[i] })
	return z
}

func (z puzzle) partners() int {
	n := 0
	for _, is := range z.partner {
		if is {
			n++
		}
	}
	return n
}

// best tries every choice of sets that renews nothing twice.
func (z puzzle) best() choice {
	wanted := 0
	for _, w := range z.wanted {
		if w {
			wanted++
		}
	}
	best := choice{left: wanted + 1}
	partners := z.partners()
	var try func(next int, used uint, so choice)
	try = func(next int, used uint, so choice) {
		if next == len(z.sets) {
			done := so
			done.sets = slices.Clone(so.sets)
			slices.Reverse(done.sets)
			if done.compare(best) < 0 {
				best = done
			}
			return
		}
		try(next+1, used, so)
		with := so
		for _, id := range z.sets[next] {
			if used&(1<<id) != 0 {
				return
			}
			used |= 1 << id
			if z.wanted[id] {
				with.left--
			}
			if z.partner[id] {
				with.stranded--
			}
		}
		with.cents, with.orders = so.cents+z.cents[next], so.orders+1
		with.sets = append(slices.Clone(so.sets), next)
		try(next+1, used, with)
	}
	try(0, 0, choice{left: wanted, stranded: partners})
	return best
}

// planned is what a plan chose, in the same terms.
func (z puzzle) planned(t *testing.T, plan *portfolio.Plan) choice {
	t.Helper()
	got := choice{stranded: z.partners()}
	for _, w := range z.wanted {
		if w {
			got.left++
		}
	}
	for _, item := range plan.Items {
		i := slices.IndexFunc(z.sets, func(ids []ovhrenew.ServiceID) bool { return slices.Equal(ids, item.ServiceIDs()) })
		if i < 0 {
			t.Fatalf("the plan renews %v, which is not offered", item.ServiceIDs())
		}
		got.sets = append(got.sets, i)
		got.orders++
		got.cents += int(item.Price.Ucents() / 1_000_000)
		for _, s := range item.Services {
			if z.wanted[s.ID] {
				got.left--
			}
			if z.partner[s.ID] {
				got.stranded--
			}
			if s.Ahead != z.partner[s.ID] {
				t.Fatalf("%d is ahead of its time: %t", s.ID, s.Ahead)
			}
		}
	}
	z.told(t, plan)
	slices.SortFunc(got.sets, func(a, b int) int { return b - a })
	return got
}

// told checks that each partner without an offer is said to be: it and no other.
func (z puzzle) told(t *testing.T, plan *portfolio.Plan) {
	t.Helper()
	renewed := map[ovhrenew.ServiceID]bool{}
	for _, item := range plan.Items {
		for _, id := range item.ServiceIDs() {
			renewed[id] = true
		}
	}
	for _, s := range z.services {
		with := slices.ContainsFunc(s.Offers, func(o ovhrenew.Offer) bool {
			return slices.ContainsFunc(o.Services(), func(id ovhrenew.ServiceID) bool { return (z.wanted[id] || z.partner[id]) && renewed[id] })
		})
		// Whether one of its offers keeps all that is to be renewed now for later.
		kept := slices.ContainsFunc(z.services, func(from portfolio.Surveyed) bool {
			return slices.ContainsFunc(from.Offers, func(o ovhrenew.Offer) bool {
				return o.Covers(s.ID) && !slices.ContainsFunc(o.Services(), func(id ovhrenew.ServiceID) bool { return (z.wanted[id] || z.partner[id]) && renewed[id] || z.far[id] })
			})
		})
		stranded := slices.ContainsFunc(plan.LeftOut, func(l portfolio.LeftOut) bool {
			return l.ID == s.ID && l.Why == portfolio.LeftStranded && !z.wanted[s.ID]
		})
		if want := z.partner[s.ID] && !renewed[s.ID] && with && !kept; stranded != want {
			t.Fatalf("%d is told to be stranded: %t, want %t, in\n%s", s.ID, stranded, want, plan)
		}
	}
}

// The plan is the best one there is, ties included.
func TestPlanEqualsExhaustiveSearch(t *testing.T) {
	t.Parallel()
	left, along, ties, stranded, partners := 0, 0, 0, 0, 0
	for seed := range uint64(10_000) {
		z := randomPuzzle(rand.New(rand.NewPCG(seed, 6)))
		plan, err := portfolio.MakePlan(z.services, z.policy, planDay)
		if err != nil {
			t.Fatal(err)
		}
		want, got := z.best(), z.planned(t, plan)
		if got.compare(want) != 0 {
			t.Fatalf("seed %d: the plan is %+v, the best is %+v, of %v at %v", seed, got, want, z.sets, z.cents)
		}
		if len(plan.Gaps) > 0 {
			t.Fatalf("seed %d: gaps %+v in a plan that is optimal", seed, plan.Gaps)
		}
		if want.left > 0 {
			left++
		}
		if z.policy.Along != nil {
			along++
		}
		if want.orders > 1 {
			ties++
		}
		if want.stranded > 0 {
			stranded++
		}
		if z.partners() > want.stranded {
			partners++
		}
	}
	// The instances are of all kinds, or the test shows little.
	if left < 1000 || along < 1000 || ties < 1000 || stranded < 200 || partners < 900 {
		t.Errorf("of the instances, %d leave services, %d take some along, %d need several orders, %d strand a partner, %d take one along",
			left, along, ties, stranded, partners)
	}
}
