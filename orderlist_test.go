package ovhrenew_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// fromCache are pages of a cache that ignores Pragma; an order shows late in any list.
func fromCache() ovhrenewtest.Behaviour {
	return ovhrenewtest.Behaviour{StaleCache: 5 * time.Minute, StalePages: true, ListLag: 6 * time.Second}
}

// An order that pages of a cache hide is found in the list of numbers, and paid long
// before the pages would show it.
func TestListWherePagesAreStale(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{behaviour: fromCache()}.inBubble(t)
		began := time.Now()
		receipt, err := ovhrenew.Renew(t.Context(), client, req)
		if err != nil || receipt == nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 2*time.Minute {
			t.Errorf("it took %v: the pages show an order after 5 minutes", took)
		}
		spendCalls(t, server, 1, 1)
	})
}

// A foreign order that the pages hide is seen in the list of numbers, before the payment.
func TestListShowsWhatPagesHide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{behaviour: fromCache()}.inBubble(t)
		once := false
		hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
			if once {
				return
			}
			once = true
			// Somebody's of a moment ago, whose number is the lower one.
			s.AddOrder(ovhrenewtest.Order{ID: 700,
				Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97",
				Date: s.Now().Add(-2 * time.Minute),
			})
		})(server)
		receipt, err := ovhrenew.Renew(t.Context(), client, req)
		if !errors.Is(err, ovhrenew.ErrForeignOrder) || receipt != nil {
			t.Errorf("%v, %v, want the order of somebody's to be in the way", receipt, err)
		}
		if n := len(server.Payments()); n != 0 {
			t.Errorf("%d payments", n)
		}
	})
}

// What is new in the list of numbers is read once: the account's other orders are known.
func TestListReadsTheNewOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{behaviour: fromCache()}.inBubble(t)
		foreignOrders(server, 30)
		if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil {
			t.Fatal(err)
		}
		read := 0
		for _, r := range server.Requests() {
			if r.Route == "GET /me/order/{orderId}" {
				read++
			}
		}
		if read > 3 {
			t.Errorf("%d orders were read singly", read)
		}
	})
}

// A region whose list is not narrowed by date shows old orders too. Where numbers fall,
// those are the highest: the order that pages hide is seen all the same, and no old order
// but the first is read singly.
func TestListOfARegionThatDoesNotNarrow(t *testing.T) {
	t.Parallel()
	for _, falling := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			behaviour := fromCache()
			behaviour.WholeList, behaviour.FallingIDs = true, falling
			server, client, req := renewalCase{behaviour: behaviour}.inBubble(t)
			for i := range int64(40) {
				id, days := 100+i, time.Duration(500-i)
				if falling {
					id = 90_000 - i
				}
				server.AddOrder(ovhrenewtest.Order{
					ID: id, Status: "delivered", Services: []int64{ovhrenewtest.GuideHostingID}, Period: "P1Y", Price: "17.97",
					Date: server.Now().Add(-days * 24 * time.Hour),
				})
			}
			hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
				s.AddOrder(ovhrenewtest.Order{
					ID: 700, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97",
					Date: s.Now().Add(-2 * time.Minute),
				})
			})(server)
			began := time.Now()
			receipt, err := ovhrenew.Renew(t.Context(), client, req)
			if took := time.Since(began); took > 2*time.Minute {
				t.Errorf("falling numbers %t: it took %v: the pages show an order after 5 minutes", falling, took)
			}
			if !errors.Is(err, ovhrenew.ErrForeignOrder) || receipt != nil {
				t.Errorf("falling numbers %t: %v, %v, want the order of somebody's to be in the way", falling, receipt, err)
			}
			single := map[string]int{}
			for _, r := range server.Requests() {
				if r.Route == "GET /me/order/{orderId}" {
					single[r.Path]++
				}
			}
			if len(single) > 3 || len(server.Payments()) != 0 {
				t.Errorf("falling numbers %t: orders read singly: %v; %d payments", falling, single, len(server.Payments()))
			}
		})
	}
}

// undatedNew is a region whose list is not narrowed and tells no dates of new orders; pages of
// a query that was never asked are not from a cache.
type undatedNew struct{ ovhrenew.Client }

func (u undatedNew) Orders(ctx context.Context, query ovhrenew.OrderQuery) iter.Seq2[ovhrenew.Order, error] {
	return func(yield func(ovhrenew.Order, error) bool) {
		if !query.To.IsZero() {
			order, err := u.Order(ctx, 700)
			if err == nil && !yield(order, nil) {
				return
			}
		}
		for order, err := range u.Client.Orders(ctx, query) {
			if err == nil && order.OrderID == 700 {
				continue
			}
			if !yield(order, err) {
				return
			}
		}
	}
}

func (u undatedNew) Order(ctx context.Context, id ovhrenew.OrderID) (ovhrenew.Order, error) {
	order, err := u.Client.Order(ctx, id)
	if id == 700 {
		order.Date = ovhrenew.Timestamp{}
	}
	return order, err
}

// An order without a date is not from before the horizon, whatever list it stands in.
func TestListOfUndatedOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		behaviour := fromCache()
		behaviour.WholeList = true
		server, client, req := renewalCase{behaviour: behaviour}.inBubble(t)
		server.AddOrder(ovhrenewtest.Order{
			ID: 100, Status: "delivered", Services: []int64{ovhrenewtest.GuideHostingID}, Period: "P1Y", Price: "17.97",
			Date: server.Now().Add(-500 * 24 * time.Hour),
		})
		hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
			s.AddOrder(ovhrenewtest.Order{
				ID: 700, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97",
				Date: s.Now().Add(-2 * time.Minute),
			})
		})(server)
		receipt, err := ovhrenew.Renew(t.Context(), undatedNew{client}, req)
		if !errors.Is(err, ovhrenew.ErrForeignOrder) || receipt != nil || len(server.Payments()) != 0 {
			t.Errorf("%v, %v, and %d payments, want the order of somebody's to be in the way", receipt, err, len(server.Payments()))
		}
	})
}

// breaksOff is a client whose list of what is old breaks off once, in the middle.
type breaksOff struct {
	ovhrenew.Client
	once *atomic.Bool
}

func (c breaksOff) Orders(ctx context.Context, query ovhrenew.OrderQuery) iter.Seq2[ovhrenew.Order, error] {
	return func(yield func(ovhrenew.Order, error) bool) {
		n := 0
		for order, err := range c.Client.Orders(ctx, query) {
			if n++; n == 5 && !query.To.IsZero() && !c.once.Swap(true) {
				yield(ovhrenew.Order{}, ovhrenew.ErrServer)
				return
			}
			if !yield(order, err) {
				return
			}
		}
	}
}

// A list of old orders that breaks off is read again, and not order by order.
func TestListOfOldOrdersBreaksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		behaviour := fromCache()
		behaviour.WholeList = true
		server, client, req := renewalCase{behaviour: behaviour}.inBubble(t)
		for i := range int64(300) {
			server.AddOrder(ovhrenewtest.Order{
				ID: 100 + i, Status: "delivered", Services: []int64{ovhrenewtest.GuideHostingID}, Period: "P1Y", Price: "17.97",
				Date: server.Now().Add(-time.Duration(900-i) * 24 * time.Hour),
			})
		}
		if _, err := ovhrenew.Renew(t.Context(), breaksOff{client, new(atomic.Bool)}, req); err != nil {
			t.Fatal(err)
		}
		if n := server.Count("GET /me/order/{orderId}"); n > 6 {
			t.Errorf("%d orders were read singly", n)
		}
	})
}

// An order that is listed and cannot be read, for a moment or for good, is in the way; it is
// named, and a person can say that it is not.
func TestListOfWhatIsGone(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		for _, ignore := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{behaviour: ovhrenewtest.Behaviour{IgnoreExpand: plain}}.inBubble(t)
				server.AddOrder(ovhrenewtest.Order{ID: 700, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97", Date: server.Now().Add(-time.Hour)})
				gone := ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Times: -1, Status: 404, Body: `{"message":"The requested object (orderId = 700) does not exist"}`}
				if ignore {
					req.Guards.IgnoreOrders = []ovhrenew.OrderID{700}
					gone.Times = 1 // of the list's reading: after it, the routes are for the renewal's own order
				}
				want := ovhrenew.ErrUnread
				if gone.Route = ovhrenewtest.RouteStatus; plain { // its status and lines can be read
					gone.Route, want = "GET /me/order/{orderId}", ovhrenew.ErrForeignOrder
				}
				if plain || !ignore {
					server.Inject(gone)
				}
				receipt, err := ovhrenew.Renew(t.Context(), client, req)
				switch {
				case ignore && (err != nil || receipt == nil):
					t.Errorf("ids alone: %t: ignored, and %v", plain, err)
				case !ignore && (!errors.Is(err, want) || !strings.Contains(err.Error(), "order 700 ") || !strings.Contains(err.Error(), "Guards.IgnoreOrders")):
					t.Errorf("ids alone: %t: %v, want %v of order 700", plain, err, want)
				}
			})
		}
	}
}
