// A death at each act of a renewal, and what the next run makes of it.

package safety_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestDeathAtEveryAct kills the process before each request and each record, and
// after each, and runs the program again until the work is done: with the journal
// that it left, and with none.
func TestDeathAtEveryAct(t *testing.T) {
	t.Parallel()
	var stories []string
	deaths := 0
	for _, kept := range []bool{true, false} {
		for dieAt := 1; ; dieAt++ {
			died := false
			synctest.Test(t, func(t *testing.T) {
				var story string
				story, died = deathStory(t, dieAt, kept)
				stories = append(stories, story)
			})
			if !died {
				break
			}
			deaths++
		}
	}
	golden(t, "deaths", strings.Join(stories, "\n")+"\n")
	t.Logf("%d deaths", deaths)
}

func deathStory(t *testing.T, dieAt int, kept bool) (string, bool) {
	w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute, StatusLag: 2 * time.Minute})
	shared := &memoryJournal{}
	var told []string
	died := false
	for run := range 12 {
		var journal ovhrenew.Journal = &memoryJournal{}
		if kept {
			journal = shared
		}
		at := 0
		if run == 0 {
			at = dieAt
		}
		p := w.start(journal, at)
		v := w.run(p, w.renewBundle(p), domain, hosting)
		died = died || v.dead
		told = append(told, v.String())
		if v.receipt != nil {
			break
		}
		// Without its journal, a run waits until what an earlier one has ordered lapses.
		time.Sleep(time.Minute)
		if run > 1 {
			time.Sleep(days)
		}
	}
	last := told[len(told)-1]
	if n := w.payments([]ovhrenew.ServiceID{domain, hosting}); n != 1 {
		t.Fatalf("died at act %d: paid %d times: %v", dieAt, n, told)
	}
	if kept && !strings.HasPrefix(last, "renewed") {
		t.Fatalf("died at act %d: with its journal the renewal never ended: %v", dieAt, told)
	}
	return fmt.Sprintf("act %d | journal kept %t | orders %d, spent %s | %s",
		dieAt, kept, len(w.server.Orders()), w.server.Spent()["EUR"], squeeze(told)), died
}
