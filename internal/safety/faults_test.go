// Each fault at each request of a renewal.

package safety_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var all = flag.Bool("all", false, "let every status happen at every step, not one of each kind")

// routesOfRenewal are the requests that a renewal makes, in its order.
var routesOfRenewal = []string{
	"GET /auth/time",
	"GET /me",
	"GET /services/{serviceId}",
	"GET /service/{serviceId}",
	"GET /service/{serviceId}/renew",
	ovhrenewtest.RouteQuote,
	"GET /me/payment/method",
	"GET /me/order",
	ovhrenewtest.RouteOrder,
	"GET /me/order/{orderId}",
	"GET /me/order/{orderId}/status",
	"GET /me/order/{orderId}/paymentMethods",
	ovhrenewtest.RoutePay,
	"GET /me/order/{orderId}/payment",
	"GET /me/order/{orderId}/details",
}

// The list has every request that a renewal makes, so that each is given its faults.
func TestRoutesOfRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		if v := w.run(w.start(&memoryJournal{}, 0), w.renewVPS(w.start(&memoryJournal{}, 0)), vps); v.receipt == nil {
			t.Fatal(v)
		}
		for _, r := range w.server.Requests() {
			if !slices.Contains(routesOfRenewal, r.Route) {
				t.Errorf("%s is not in the list", r.Route)
			}
		}
	})
}

// faultKinds is everything that can go wrong with a request.
func faultKinds() []ovhrenewtest.Fault {
	kinds := []ovhrenewtest.Fault{
		{Kind: ovhrenewtest.Refuse},
		{Kind: ovhrenewtest.Hang, Delay: 8 * time.Minute},
		{Kind: ovhrenewtest.Hang, Delay: 8 * time.Minute, When: ovhrenewtest.After},
		{Kind: ovhrenewtest.SlowBody, Delay: 30 * time.Second},
		{Kind: ovhrenewtest.Duplicate},
		{Kind: ovhrenewtest.Late, Delay: 5 * time.Minute},
	}
	for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
		for _, kind := range []ovhrenewtest.FaultKind{
			ovhrenewtest.Reset, ovhrenewtest.Truncate, ovhrenewtest.WrongLength, ovhrenewtest.Garbage,
		} {
			kinds = append(kinds, ovhrenewtest.Fault{Kind: kind, When: when})
		}
		for _, status := range []int{408, 429, 500, 502, 503, 504} {
			for _, html := range []bool{false, true} {
				if *all || status == 429 && !html || status == 503 && html {
					kinds = append(kinds, ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: status, When: when, HTML: html})
				}
			}
		}
	}
	return kinds
}

func faultName(f ovhrenewtest.Fault) string {
	name := fmt.Sprintf("%v %v", f.Kind, f.When)
	if f.Status != 0 {
		name += fmt.Sprintf(" %d", f.Status)
	}
	if f.HTML {
		name += " HTML"
	}
	return name
}

// TestEveryFaultAtEveryStep renews once for each request of a renewal, each thing
// that can go wrong with it, once or for good, and a journal kept or lost, and runs
// again until it is renewed. The golden file tells each story.
func TestEveryFaultAtEveryStep(t *testing.T) {
	t.Parallel()
	var stories []string
	for _, route := range routesOfRenewal {
		for _, fault := range faultKinds() {
			for _, times := range []int{1, -1} {
				for _, kept := range []bool{true, false} {
					// What a lost journal changes is what was sent, not what was read.
					spends := route == ovhrenewtest.RouteOrder || route == ovhrenewtest.RoutePay
					if !*all && !kept && !spends {
						continue
					}
					fault.Route, fault.Times = route, times
					synctest.Test(t, func(t *testing.T) {
						stories = append(stories, faultStory(t, fault, kept))
					})
				}
			}
		}
	}
	if *all {
		golden(t, "faults", strings.Join(stories, "\n")+"\n")
	} else {
		goldenHas(t, "faults", stories)
	}
	t.Logf("%d stories", len(stories))
}

// faultStory lets one fault happen in the first run and tells how it ended.
func faultStory(t *testing.T, fault ovhrenewtest.Fault, kept bool) string {
	// An account that takes the money again when an order is paid again: nothing
	// but the client keeps it from being paid twice. A network that delivers a
	// payment twice is the one thing that this would be unfair for.
	w := newWorld(t, ovhrenewtest.Behaviour{
		ChargeTwice: fault.Kind != ovhrenewtest.Duplicate, DetailsDelay: 3 * time.Second, DeliveryDelay: time.Minute,
	})
	// Somebody has ordered something else, which is to be told from a renewal.
	w.server.AddOrder(ovhrenewtest.Order{Status: "delivered", Price: "17.97"})
	time.Sleep(time.Hour)
	shared := &memoryJournal{}
	journal := func() ovhrenew.Journal {
		if kept {
			return shared
		}
		return &memoryJournal{}
	}
	w.server.Inject(fault)
	var told []string
	for run := range 14 {
		p := w.start(journal(), 0)
		v := w.run(p, w.renewVPS(p), vps)
		told = append(told, v.String())
		w.server.ClearFaults()
		if v.receipt != nil {
			break
		}
		// Without its journal, a run waits until what an earlier one has ordered lapses.
		time.Sleep(15 * time.Minute)
		if run > 1 {
			time.Sleep(days)
		}
	}
	last := told[len(told)-1]
	paid := w.server.PaymentsFor(int64(vps))
	if paid != 1 {
		t.Fatalf("%v: paid %d times: %v", faultName(fault), paid, told)
	}
	if kept && !strings.HasPrefix(last, "renewed") {
		t.Fatalf("%v on %s: with its journal the renewal never ended: %v", faultName(fault), fault.Route, told)
	}
	once, journalName := "once", "journal kept"
	if fault.Times < 0 {
		once = "for good"
	}
	if !kept {
		journalName = "journal lost"
	}
	return fmt.Sprintf("%s | %s, %s | %s | %s | orders %d, payments %d, spent %s | %d runs: %s",
		fault.Route, faultName(fault), once, journalName, ovhrenewtest.GuideVPS,
		len(w.server.Orders())-1, paid, w.server.Spent()["EUR"], len(told), squeeze(told))
}

// squeeze shortens repetitions.
func squeeze(told []string) string {
	var out []string
	for i, s := range told {
		if i > 0 && told[i-1] == s {
			if n := len(out); strings.HasSuffix(out[n-1], "…") {
				continue
			}
			out = append(out, "…")
			continue
		}
		out = append(out, s)
	}
	return strings.Join(out, " → ")
}
