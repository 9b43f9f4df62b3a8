package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestSkipAndTimes(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Inject(
		Fault{Kind: StatusFault, Status: 500, Route: "GET /me", Skip: 1, Times: 2},
		Fault{Kind: StatusFault, Status: 502, Route: "GET /service"},
		Fault{Kind: StatusFault, Status: 503, Route: "GET /me", Skip: 1, Times: -1},
	)
	api := s.Client()
	var got []string
	for range 6 {
		got = append(got, failure(call(t.Context(), api, "GET", "/me", nil, nil))[:3])
	}
	// The third fault counts only what the first did not hit.
	if diff := cmp.Diff([]string{"<ni", "500", "500", "503", "503", "503"}, got); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	s.ClearFaults()
	if err := call(t.Context(), api, "GET", "/service", nil, nil); err != nil {
		t.Errorf("after ClearFaults: %v", err)
	}
}

// What a client sees of a chaotic server depends on the seed alone.
func TestChaos(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (told []string, kinds map[FaultKind]bool) {
		synctest.Test(t, func(t *testing.T) {
			s := StartPipe(t, Behaviour{ChaosDelay: time.Minute})
			id := s.AddService(Service{Name: "a"})
			s.Offer("P1Y", "10", id)
			s.Chaos(seed, 0.5)
			api := s.Client()
			for range 200 {
				err := call(t.Context(), api, "POST", fmt.Sprintf("/service/%d/renew", id),
					object{"dryRun": false, "duration": "P1Y", "services": []int64{id}}, &object{})
				told = append(told, fmt.Sprint(err != nil, len(s.Orders())))
			}
			kinds = map[FaultKind]bool{}
			for _, fired := range s.Faults() {
				kinds[fired.Fault.Kind] = true
			}
			s.Chaos(0, 0)
			if err := call(t.Context(), api, "GET", "/service", nil, nil); err != nil {
				t.Errorf("without chaos: %v", err)
			}
		})
		return told, kinds
	}
	first, kinds := run(1)
	if len(kinds) != int(Late) {
		t.Errorf("200 requests met %d kinds of fault, want all %d: %v", len(kinds), int(Late), kinds)
	}
	again, _ := run(1)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("one seed, two stories:\n%s", diff)
	}
	if other, _ := run(2); cmp.Equal(first, other) {
		t.Error("two seeds tell one story")
	}
}
