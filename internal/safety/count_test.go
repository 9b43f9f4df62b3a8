package safety_test

import (
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"testing"
	"testing/synctest"
)

func TestRequestsOfOneRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{})
		p := w.start(&memoryJournal{}, 0)
		if v := w.run(p, w.renewVPS(p), vps); v.receipt == nil {
			t.Fatal(v)
		}
		for _, r := range w.server.Requests() {
			t.Log(r.Route)
		}
	})
}
