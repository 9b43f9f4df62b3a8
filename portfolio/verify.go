package portfolio

import (
	"cmp"
	"context"
	"time"
)

const (
	pageWorth = 12 // how many paid items each page has to serve
	// ripeFor is how long an item waits for others to be looked at with it, while orders
	// are placed and paid, and ripeAtEnd when there is nothing else to do.
	ripeFor   = 20 * time.Minute
	ripeAtEnd = 2 * time.Minute
	pagePause = 30 * time.Second // the shortest pause between two readings of the pages
	// firstDelay is how long a payment is taken to need to show in an expiry before one
	// has shown; shortDelay and longDelay bound what is learnt from those that have.
	firstDelay   = time.Minute
	shortDelay   = 10 * time.Second
	longDelay    = 15 * time.Minute
	pageFailures = 3 // after how many readings that failed none is tried again
)

// verification looks for the expiries of what is paid: in pages of the account's services
// where these serve many, and singly else.
type verification struct {
	pause    func(time.Duration) time.Duration // Options.pause
	pages    int                               // how many there are
	reading  bool
	readAt   time.Time
	failures int           // readings in a row that failed
	delay    time.Duration // from a payment to its effect, as learnt

	left   int           // items that the last reading has yet to be compared with
	ripe   int           // of all of them, those of which it was expected that they had moved
	moved  int           // those of these that had
	newest time.Duration // the shortest time since the payment of one that had moved
}

// expects is how long after its payment an item is worth a look.
func (v *verification) expects() time.Duration { return cmp.Or(v.delay, v.pause(firstDelay)) }

// waits takes in that an item is paid, and that its expiry has not moved.
func (a *application) waits(item *applied) {
	now := time.Now()
	if item.stage != waiting {
		item.stage, item.paidAt = waiting, now
		if !a.alone {
			a.paid = append(a.paid[max(0, len(a.paid)-paceOf):], now)
		}
	}
	age, delay := now.Sub(item.paidAt), a.verify.expects()
	switch {
	case a.alone: // as its task says: from this one the delay is learnt
	case age < delay:
		item.next = item.paidAt.Add(delay)
	default:
		item.next = now.Add(min(max(age/2, a.how.pause(pagePause)), longDelay))
	}
}

// shown takes in that an item's expiry has moved.
func (a *application) shown(item *applied) {
	if item.stage != waiting {
		return // an earlier run had renewed it
	}
	v, took := &a.verify, max(time.Since(item.paidAt), a.how.pause(shortDelay))
	if v.delay == 0 {
		v.delay = min(took, longDelay)
	}
	if item.compared && (v.newest == 0 || took < v.newest) {
		v.newest = took
	}
	if item.ripe {
		v.moved++
	}
}

// compare takes in that an item was compared with the pages. After the last one it is
// known whether the delay is right.
func (a *application) compare(item *applied) {
	if !item.compared {
		return
	}
	item.compared, item.ripe = false, false
	v := &a.verify
	if v.left--; v.left > 0 || v.ripe == 0 {
		return
	}
	switch delay := v.expects(); {
	case 2*v.moved < v.ripe:
		v.delay = min(max(2*delay, v.newest), longDelay)
		for _, item := range a.items {
			if item.stage == waiting {
				item.next = later(item.next, item.paidAt.Add(v.delay))
			}
		}
	case v.moved == v.ripe && v.newest < delay:
		v.delay = (delay + v.newest) / 2
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// verifies reports whether to look for the expiries of what is paid now, and whether by
// pages.
func (a *application) verifies(now time.Time) (due, byPages bool) {
	v := &a.verify
	if v.reading || v.left > 0 {
		return false, false
	}
	ripe, since := 0, now
	all := count(a.items, func(i *applied) bool { return i.stage == waiting && !i.busy })
	for _, item := range a.items {
		if item.ready(waiting, now) {
			ripe++
			if item.next.Before(since) {
				since = item.next
			}
		}
	}
	// While orders are placed and paid, what is paid can wait.
	active := !a.alone && (a.count(placed) > 0 || a.count(queued) > 0 && a.stopped == "")
	// By itself each takes two requests.
	byPages = v.failures < pageFailures && 2*ripe > v.pages
	switch {
	case ripe == 0:
		return false, false
	case a.alone, v.failures >= pageFailures:
		return true, false
	case byPages && now.Sub(v.readAt) < v.pause(pagePause):
		return false, false
	}
	return ripe >= pageWorth*v.pages || !active && ripe == all ||
		active && now.Sub(since) >= v.pause(ripeFor) || !active && now.Sub(since) >= v.pause(ripeAtEnd), byPages
}

// verifyNext begins the next look for expiries, and reports whether one was due.
func (a *application) verifyNext(ctx context.Context, now time.Time) bool {
	v := &a.verify
	if v.readAt.IsZero() && !v.reading && len(a.items) > v.pages {
		a.readPages(ctx) // for all that is to be ordered
		return true
	}
	due, byPages := a.verifies(now)
	if due && byPages {
		a.readPages(ctx)
	} else if due {
		a.advance(ctx, a.find(func(i *applied) bool { return i.ready(waiting, now) }))
	}
	return due
}

// readPages reads them, and then compares all that is paid with them.
func (a *application) readPages(ctx context.Context) {
	a.verify.reading = true
	a.begin(func() error { return a.runner.ReadPages(ctx) }, func(err error) {
		v, now := &a.verify, time.Now()
		v.reading, v.readAt = false, now
		if err != nil {
			v.failures++
			return
		}
		v.failures, v.ripe, v.moved, v.newest = 0, 0, 0, 0
		for _, item := range a.items {
			if item.stage != waiting || item.busy {
				continue
			}
			v.left++
			if item.ripe = item.ready(waiting, now); item.ripe {
				v.ripe++
			}
			item.compared = true
			a.advance(ctx, item)
		}
	})
}
