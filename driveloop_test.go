// How far the loop of drive.go goes in one advance, and when it wants to be called again.

package ovhrenew

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAdvanceGoesAsFarAsItCan(t *testing.T) {
	t.Parallel()
	moved := func(c *lookCase) { c.moves("2027-12-01") }
	says := func(a Answer) func(c *lookCase) {
		return func(c *lookCase) {
			c.task.Approve = true
			c.r.Approve = func(context.Context, Approval) (Answer, error) { return a, nil }
		}
	}
	for _, tt := range []struct {
		name  string
		phase Phase
		set   func(c *lookCase)
		asked string
		kept  string
		next  time.Duration // from now; negative if not at all
		err   error
	}{
		{"orders, and ends", PhaseWanted, func(c *lookCase) { c.api.list = nil; c.api.order.Date = Timestamp{noon} }, "service list place", "ordering ordered", 0, nil},
		{"orders, and lets others gather", PhaseWanted, func(c *lookCase) { c.r.Gather = time.Minute; c.api.list = nil; c.api.order.Date = Timestamp{noon} }, "service list place", "ordering ordered", listDelay, nil},
		{"orders, and the answer is lost", PhaseWanted, func(c *lookCase) { c.api.list, c.api.buyErr = nil, errDark }, "service list place", "ordering ordering", 0, nil},
		{"orders, and is refused", PhaseWanted, func(c *lookCase) { c.api.list, c.api.buyErr = nil, refusedCall }, "service list place", "ordering wanted", 0, refusedCall},
		{"somebody's order is in the way", PhaseWanted, func(c *lookCase) { c.api.list = nil; c.foreign() }, "service list status payment", "", -1, ErrForeignOrder},
		{"renewed by somebody, and the answer lost", PhaseOrdering, func(c *lookCase) { c.api.list = nil; moved(c) }, "service list numbers", "closed", -1, ErrExpiryMoved},
		{"never made", PhasePaid, func(c *lookCase) { c.api.status, c.st.Lapses = OrderCancelled, noon }, "status payment service", "closed", -1, ErrLapsed},
		{"pays, and looks", PhaseOrdered, nil, "list order status payment service pay service status", "paying paid", defaultPoll, nil},
		{"pays, and pages will show", PhaseOrdered, func(c *lookCase) { c.r.pages = map[ServiceID]Service{} }, "list order status payment service pay", "paying paid", 0, nil},
		{"pays, and the answer is lost", PhaseOrdered, func(c *lookCase) { c.api.buyErr = errDark }, "list order status payment service pay status payment", "paying paying", defaultPoll, nil},
		{"the answer is lost, where there are pages", PhaseOrdered, func(c *lookCase) { c.r.pages = map[ServiceID]Service{}; c.api.buyErr = errDark }, "list order status payment service pay status payment", "paying paying", defaultPoll, nil},
		{"pays, and is renewed at once", PhaseOrdered, func(c *lookCase) { c.api.pays = moved }, "list order status payment service pay service", "paying paid renewed", -1, nil},
		{"has paid in this advance", PhaseOrdered, func(c *lookCase) { c.job.paid = true }, "list order status payment service", "", time.Minute, nil},
		{"was never sent", PhaseOrdered, func(c *lookCase) { c.api.buyErr = ErrNotSent }, "list order status payment service pay", "paying ordered", 0, ErrNotSent},
		{"begins to watch", PhaseOrdered, func(c *lookCase) { c.st.Watched = time.Time{} }, "list order status payment service", "ordered", defaultSettle, nil},
		{"watches", PhaseOrdered, func(c *lookCase) { c.st.Watched = noon.Add(-time.Minute) }, "list order status payment service", "", defaultSettle - time.Minute, nil},
		{"watches, and the journal fails", PhaseOrdered, func(c *lookCase) { c.st.Watched = time.Time{}; c.claim.(*heldClaim).full = 1 }, "list order status payment service", "", -1, ErrJournal},
		{"does not watch what is not to be paid", PhaseOrdered, func(c *lookCase) { c.st.Watched = time.Time{}; c.api.status = OrderCancelled }, "list order status payment", "closed", -1, ErrCancelled},
		{"does not watch what was just placed", PhaseOrdered, func(c *lookCase) { c.placed(0) }, "list status service pay service status", "paying paid", defaultPoll, nil},
		{"does not watch what was sent", PhasePaying, func(c *lookCase) { c.st.Watched, c.st.Ended = time.Time{}, noon }, "status payment", "", time.Minute, nil},
		{"asks, and pays", PhaseOrdered, says(AnswerYes), "list order status payment service list order status payment service pay service status", "ordered paying paid", defaultPoll, nil},
		{"asks, and waits", PhaseOrdered, says(AnswerLater), "list order status payment service list order status payment service", "", time.Minute, nil},
		{"asks, and the journal fails", PhaseOrdered, func(c *lookCase) { says(AnswerYes)(c); c.claim.(*heldClaim).full = 1 }, "list order status payment service", "", -1, ErrJournal},
		{"is renewed", PhasePaid, func(c *lookCase) { moved(c); c.api.status = OrderDelivered }, "status service", "renewed", -1, nil},
		{"was renewed", PhaseRenewed, moved, "service", "", -1, nil},
		{"was renewed, and is not any more", PhaseRenewed, nil, "service", "", -1, ErrMismatch},
		{"waits for documents", PhasePaid, func(c *lookCase) { c.api.status = orderDocumentsRequested }, "status", "paid", -1, ErrNeedsHuman},
		{"waits for documents before a payment", PhaseOrdered, func(c *lookCase) { c.api.status = orderDocumentsRequested }, "list order status payment", "", -1, ErrNeedsHuman},
		{"waits for documents, and the journal fails", PhasePaid, func(c *lookCase) { c.api.status, c.claim.(*heldClaim).full = orderDocumentsRequested, 1 }, "status", "", -1, ErrJournal},
		{"waits for documents, as is known", PhasePaid, func(c *lookCase) { c.api.status, c.st.Taken = orderDocumentsRequested, true }, "status", "", -1, ErrNeedsHuman},
		{"shows unpaid to the end", PhasePaid, func(c *lookCase) { c.task.Until = noon }, "status payment service", "", -1, ErrPending},
		{"is slow", PhaseOrdered, func(c *lookCase) { c.api.slow = maxLook }, strings.Repeat(" list order status payment service", 4)[1:], "", time.Minute, nil},
		{"nothing appeared, of an earlier run", PhaseOrdering, func(c *lookCase) { c.api.list = nil; c.api.order.Date = Timestamp{noon} }, "service list numbers place", "wanted ordering ordered", 0, nil},
		{"nothing appeared", PhaseOrdering, func(c *lookCase) { c.api.list = nil; c.answered(errDark) }, "service list numbers", "wanted", -1, ErrNoEffect},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := newLookCase(tt.phase)
			c.changes(func(o *Order) { o.URL = NewSecret("link") })
			if tt.set != nil {
				tt.set(c)
			}
			err := c.advance(t.Context())
			asked := strings.ReplaceAll(strings.Join(c.api.asked, " "), "pay 7 with "+Method(6).String(), "pay")
			if asked != tt.asked || c.phases() != tt.kept {
				t.Errorf("%s: asked %q and kept %q, want %q and %q", tt.name, asked, c.phases(), tt.asked, tt.kept)
			}
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
			}
			if begun := tt.kept == "ordered" && !c.task.Approve; begun && !c.st.Watched.Equal(noon) {
				t.Errorf("%s: watched since %v", tt.name, c.st.Watched)
			}
			if tt.phase == PhasePaid && tt.kept == "paid" && !c.st.Taken {
				t.Errorf("%s: it is not kept that it was seen paid", tt.name)
			}
			if failed, ok := errors.AsType[*StepError](err); ok && tt.phase == PhaseOrdered && !failed.Link.Equal(c.api.order.URL) {
				t.Errorf("%s: the link is %q", tt.name, failed.Link)
			}
			next := time.Until(c.task.Next)
			if c.task.Next.IsZero() {
				next = -1
			}
			if next != tt.next {
				t.Errorf("%s: again in %v, want %v", tt.name, next, tt.next)
			}
		})
	}
}

// The end of the context ends an advance before anything is decided.
func TestAdvanceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	c := newLookCase(PhaseOrdered)
	c.api.slowly = cancel
	if err := c.advance(ended); !errors.Is(err, context.Canceled) || c.phases() != "" || strings.Contains(strings.Join(c.api.asked, " "), "pay ") {
		t.Errorf("%v, kept %q, asked %q", err, c.phases(), c.api.asked)
	}
}
