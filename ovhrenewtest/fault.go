package ovhrenewtest

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// FaultKind is what goes wrong with a request.
type FaultKind int

// What can go wrong with a request. Refuse, Hang, SlowBody, Duplicate and Late say
// themselves where they stand to the request's effect; the others happen before it
// or after it, as the fault's When says.
const (
	// Refuse fails to connect. It only happens to clients that use
	// [Server.Transport], and the request does not reach the server.
	Refuse FaultKind = iota + 1
	Reset            // cuts the connection instead of answering
	// Hang answers nothing until the client gives up, or until Delay is over and
	// then answers as usual. With Before, the request takes its effect only if the
	// client has waited for it. [Server.OnAnswer] is called only then.
	Hang
	SlowBody    // takes Delay to send the answer's body, in small pieces
	Truncate    // cuts the connection in the middle of the answer's body
	WrongLength // announces a body shorter than what follows
	StatusFault // answers an HTTP status: Status, or 500
	Garbage     // answers 200 with JSON that is broken off: Body, or some
	Duplicate   // delivers the request twice, and answers as to the second
	// Late cuts the connection at once, and lets the request take its effect when
	// Delay is over: a request that outlives its client.
	Late
	// Other answers with another object of the same kind, if the account has one:
	// another order, service or bill than the one asked for or ordered.
	Other
	Instead // answers 200 with Body
)

// String returns the constant's name.
func (k FaultKind) String() string {
	names := []string{
		"none", "Refuse", "Reset", "Hang", "SlowBody", "Truncate", "WrongLength", "StatusFault",
		"Garbage", "Duplicate", "Late", "Other", "Instead",
	}
	if k >= 0 && int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("FaultKind(%d)", int(k))
}

// When is where a fault stands to the effect of its request.
type When int

// Before is a fault instead of the effect, After one that hides it.
const (
	Before When = iota
	After
)

// String returns the constant's name.
func (w When) String() string {
	return map[When]string{Before: "Before", After: "After"}[w]
}

// Fault is something that goes wrong with requests to come.
type Fault struct {
	Route  string        // the one to hit, such as [RoutePay]; any if empty
	Skip   int           // how many requests of the route pass unharmed first
	Times  int           // how many are hit then: 1 if zero, all if negative
	When   When          // before the effect or after it
	Kind   FaultKind     // what goes wrong
	Delay  time.Duration // that of Hang, SlowBody and Late
	Status int           // that of StatusFault
	HTML   bool          // answers StatusFault as a proxy does, and not as the API
	Body   string        // replaces the answer of StatusFault, Garbage and Instead
	Header http.Header   // added to the answer of StatusFault, such as Retry-After or Location
}

// Fired is a fault that happened, and the request that it happened to.
type Fired struct {
	Fault   Fault
	Request Request
}

type plannedFault struct {
	Fault
	seen, hits int
}

// Inject plans faults. A request is hit by the first that fits it; the others do
// not count it.
func (s *Server) Inject(faults ...Fault) {
	defer s.lock()()
	for _, f := range faults {
		if f.Kind < Refuse || f.Kind > Instead {
			s.fail("Inject: %v is not a kind of fault", f.Kind)
			continue
		}
		f.Times = cmp.Or(f.Times, 1)
		s.planned = append(s.planned, &plannedFault{Fault: f})
	}
}

// ClearFaults takes back every planned fault, those of [Server.Chaos] included.
func (s *Server) ClearFaults() {
	defer s.lock()()
	s.planned, s.chaos = nil, chaos{}
}

// Faults returns those that happened, in their order.
func (s *Server) Faults() []Fired {
	defer s.lock()()
	return slices.Clone(s.fired)
}

// pick chooses the first planned fault that fits, or else what chaos makes up.
func (s *Server) pick(c *call, connection bool) Fault {
	defer s.lock()()
	f := s.makeUp(c.logged.Route, c.path, connection)
	for _, p := range s.planned {
		fits := (p.Kind == Refuse) == connection && (p.Route == "" || p.Route == c.logged.Route) && (p.Times < 0 || p.hits < p.Times)
		if fits {
			p.seen++
		}
		if fits && p.seen > p.Skip {
			p.hits++
			f = p.Fault
			break
		}
	}
	if f.Kind != 0 {
		s.fired = append(s.fired, Fired{f, *c.logged})
	}
	return f
}

type chaos struct {
	seed uint64
	rate float64
	seen map[string]int
}

// Chaos hits requests with random faults from now on, that share of them which
// rate says, from 0 (none) to 1. What hits a request depends on the seed, its
// route and path, and how many of the same came before: it is the same in every
// run, in whatever order concurrent clients come.
func (s *Server) Chaos(seed uint64, rate float64) {
	defer s.lock()()
	s.chaos = chaos{seed, rate, map[string]int{}}
}

// makeUp makes up what goes wrong with a request: with the connection, or after
// that. Each decides for its share of the rate.
func (s *Server) makeUp(route, path string, connection bool) Fault {
	k := s.chaos
	if k.rate <= 0 {
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
		Delay: time.Duration(random.Int64N(int64(cmp.Or(s.behaviour.ChaosDelay, 10*time.Minute)))),
		HTML:  random.IntN(2) == 0,
	}
	if f.Kind == StatusFault {
		f.Status = statuses[random.IntN(len(statuses))]
	}
	return f
}
