package ovhrenewtest

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// chaos makes up faults from a seed.
type chaos struct {
	seed     uint64
	rate     float64
	maxDelay time.Duration
	seen     map[string]int
}

// Chaos hits requests with random faults from now on, that share of them which
// rate says, from 0 (none) to 1. What hits a request depends on the seed, its
// route and path, and how many of the same came before: it is the same in every
// run, in whatever order concurrent clients come.
func (s *Server) Chaos(seed uint64, rate float64) {
	defer s.lock()()
	s.chaos = nil
	if rate > 0 {
		s.chaos = &chaos{
			seed: seed, rate: rate, seen: map[string]int{},
			maxDelay: cmp.Or(s.behaviour.ChaosDelay, 10*time.Minute),
		}
	}
}

// next makes up what goes wrong with a request: with the connection, or after
// that. Each decides for its share of the rate.
func (k *chaos) next(route, path string, connection bool) Fault {
	if k == nil {
		return Fault{}
	}
	key := fmt.Sprint(connection, route, path)
	k.seen[key]++
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, key, k.seen[key])
	random := rand.New(rand.NewPCG(k.seed, h.Sum64())) // reproducible on purpose
	share := k.rate / float64(Late)
	switch chance := random.Float64(); {
	case connection && chance < share:
		return Fault{Route: route, Kind: Refuse, Times: 1}
	case connection, chance >= k.rate-share:
		return Fault{}
	}
	statuses := []int{408, 429, 500, 502, 503, 504}
	f := Fault{
		Route: route,
		Times: 1,
		Kind:  Reset + FaultKind(random.IntN(int(Late-Reset)+1)),
		When:  When(random.IntN(2)),
		Delay: time.Duration(random.Int64N(int64(k.maxDelay))),
		HTML:  random.IntN(2) == 0,
	}
	if f.Kind == StatusFault {
		f.Status = statuses[random.IntN(len(statuses))]
	}
	return f
}
