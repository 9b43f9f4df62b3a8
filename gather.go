package ovhrenew

import (
	"context"
	"time"
)

const (
	// listDelay is how old an order is before it is looked for in the account's list, which
	// shows it some seconds late, where several are waited for: one reading shows them all.
	listDelay = 7 * time.Second
	// pageWorth is how many renewals a page of services has to serve to be worth a request.
	pageWorth = 4
	// servicesOnPage is how many services a page has at most.
	servicesOnPage = 1000
)

// placedNext is when to look at an order that was placed just now.
func (r *Runner) placedNext() time.Time { return time.Now().Add(min(max(r.Gather, 0), listDelay)) }

// gather reads the pages of services if enough renewals have asked for an expiry since they
// were read, and returns how old they may be to be believed. It does not wait for another
// that reads them. Pages that the caller has read are believed for 30 polls, a minute by
// default.
func (r *Runner) gather(ctx context.Context, poll time.Duration) time.Duration {
	if r.Gather <= 0 {
		return min(maxLook, 30*poll)
	}
	r.mu.Lock()
	r.asked++
	pages := (len(r.pages)+servicesOnPage-1)/servicesOnPage + 1 // the last may be empty
	due := !r.paging && r.asked >= pageWorth*pages && time.Since(r.pagesAt) >= r.Gather
	if due {
		r.paging, r.asked = true, 0
	}
	r.mu.Unlock()
	if due {
		_ = r.ReadPages(ctx) // what it did not bring is read singly
		r.mu.Lock()
		r.paging = false
		r.mu.Unlock()
	}
	return 2 * r.Gather
}
