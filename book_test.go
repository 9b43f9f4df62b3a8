package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

const routeDetails = "GET /me/order/{orderId}/details"

// linesRead is how often the lines of each order were read.
func linesRead(server *ovhrenewtest.Server) map[string]int {
	read := map[string]int{}
	for _, r := range server.Requests() {
		if r.Route == routeDetails {
			read[strings.Split(r.Path, "/")[4]]++
		}
	}
	return read
}

// foreignOrders adds orders of somebody's for the hosting, a day old.
func foreignOrders(server *ovhrenewtest.Server, n int) {
	for i := range n {
		server.AddOrder(ovhrenewtest.Order{
			ID: int64(700 + i), Status: "notPaid", Services: []int64{ovhrenewtest.GuideHostingID}, Period: "P1Y", Price: "17.97",
			Date: server.Now().Add(-24 * time.Hour),
		})
	}
}

// The lines of each foreign order are read once ever: over two renewals of one runner,
// and over a restart with the same journal.
func TestBookReadsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		foreignOrders(server, 5)
		runner, err := ovhrenew.NewRunner(client, req.Journal)
		if err != nil {
			t.Fatal(err)
		}
		task, err := runner.Propose(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := runner.Run(t.Context(), task); err != nil {
			t.Fatal(err)
		}
		// Another renewal of the same runner, and one of a program that was restarted.
		bundle := renewBundle(req.Journal, "EUR")
		bundle.Guards.IgnoreOrders = []ovhrenew.OrderID{700, 701, 702, 703, 704}
		if task, err = runner.Propose(t.Context(), bundle); err != nil {
			t.Fatal(err)
		}
		if _, err := runner.Run(t.Context(), task); err != nil {
			t.Fatal(err)
		}
		again := req
		again.From = ovhrenew.DateOf(server.Expiry(ovhrenewtest.GuideVPSID))
		if _, err := ovhrenew.Renew(t.Context(), clientOf(t, server, ovhrenew.Config{}), again); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"700": 1, "701": 1, "702": 1, "703": 1, "704": 1}
		if got := linesRead(server); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("lines read %v, want %v", got, want)
		}
		if n := len(server.Payments()); n != 3 {
			t.Errorf("%d payments, want 3", n)
		}
	})
}

// Lines that are not there yet are read again until they are.
func TestBookReadsLateLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{behaviour: ovhrenewtest.Behaviour{DetailsDelay: 3 * time.Minute}}.inBubble(t)
		server.AddOrder(ovhrenewtest.Order{ID: 700, Status: "notPaid", Services: []int64{ovhrenewtest.GuideHostingID}, Period: "P1Y", Price: "17.97"})
		started := time.Now()
		if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took < 3*time.Minute || took > 20*time.Minute {
			t.Errorf("renewed after %s, want once the order says that it is for the hosting", took)
		}
		if got := linesRead(server)["700"]; got < 2 {
			t.Errorf("the lines were read %d times, want more than once", got)
		}
		spendCalls(t, server, 1, 1)
	})
}

// A renewal with a longer time to settle than the others reads the list further back, also
// where a reading for another is at hand: what is listed late may be in none of those.
func TestBookReadsAsFarBackAsTheLongest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{behaviour: ovhrenewtest.Behaviour{ListLag: 50 * time.Minute}}.inBubble(t)
		time.Sleep(time.Hour) //nolint:forbidigo // of fake time
		server.AddOrder(ovhrenewtest.Order{ID: 700, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
		runner, err := ovhrenew.NewRunner(client, req.Journal)
		if err != nil {
			t.Fatal(err)
		}
		read := func(settle time.Duration, req ovhrenew.Request) error {
			req.Journal, req.Patience.Settle = ovhrenew.NoJournal, settle
			task, err := runner.Propose(t.Context(), req)
			if err == nil {
				task.Limit = ovhrenew.MustMoney("0.01 EUR") // so that nothing is ordered
				_, err = runner.Advance(t.Context(), task)
			}
			return err
		}
		for range 60 { // another renewal reads onward once a minute
			if err := read(0, renewBundle(req.Journal, "EUR")); !errors.Is(err, ovhrenew.ErrOverLimit) {
				t.Fatal(err)
			}
			time.Sleep(time.Minute) //nolint:forbidigo // of fake time
		}
		if err := read(0, renewBundle(req.Journal, "EUR")); !errors.Is(err, ovhrenew.ErrOverLimit) {
			t.Fatal(err)
		}
		if err := read(time.Hour, req); !errors.Is(err, ovhrenew.ErrForeignOrder) {
			t.Errorf("an order that was listed after 50 minutes: %v, want %v", err, ovhrenew.ErrForeignOrder)
		}
	})
}

// undated is a client whose orders have no date, and one whose lines are not to be had.
type undated struct {
	ovhrenew.Client
	noLines ovhrenew.OrderID
}

func (u undated) Orders(ctx context.Context, q ovhrenew.OrderQuery) iter.Seq2[ovhrenew.Order, error] {
	return func(yield func(ovhrenew.Order, error) bool) {
		for order, err := range u.Client.Orders(ctx, q) {
			if order.OrderID >= 700 && order.OrderID < 800 {
				order.Date = ovhrenew.Timestamp{}
			}
			if !yield(order, err) {
				return
			}
		}
	}
}

func (u undated) OrderDetails(ctx context.Context, id ovhrenew.OrderID) ([]ovhrenew.OrderDetail, error) {
	if id == u.noLines {
		return nil, fmt.Errorf("order %d: %w", id, ovhrenew.ErrNotFound)
	}
	return u.Client.OrderDetails(ctx, id)
}

// An order of somebody's without a date, or without lines, at a price of no offer, keeps nobody from renewing
// something else, not for one look.
func TestBookOfOddOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		for i := range 3 {
			server.AddOrder(ovhrenewtest.Order{
				ID: int64(700 + i), Status: "notPaid", Services: []int64{ovhrenewtest.GuideHostingID}, Period: "P1Y", Price: "123.45",
				Date: server.Now().Add(-24 * time.Hour),
			})
		}
		runner, err := ovhrenew.NewRunner(undated{client, 701}, req.Journal)
		if err != nil {
			t.Fatal(err)
		}
		task, err := runner.Propose(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if task, err = runner.Advance(t.Context(), task); err != nil || task.Phase != ovhrenew.PhaseOrdered {
			t.Errorf("Advance = %v, %v, want it ordered", task.Phase, err)
		}
		if _, err := runner.Run(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	})
}

// One that could be for the renewal, and says neither when it was placed nor what for, is
// named as what is in the way.
func TestBookOfAnOrderThatSaysNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		foreignOrders(server, 2)
		_, err := ovhrenew.Renew(t.Context(), undated{client, 701}, req)
		if !errors.Is(err, ovhrenew.ErrUnread) || !strings.Contains(err.Error(), "order 701") || strings.Contains(err.Error(), "%!") {
			t.Errorf("Renew beside an order that says nothing = %v, want %v that names it", err, ovhrenew.ErrUnread)
		}
	})
}
