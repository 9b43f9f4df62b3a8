package temporal

import (
	"context"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

const (
	// servicesOnPage is how many services a page of the account's list has, and pageWorth
	// how many renewals each page has to serve.
	servicesOnPage = 1000
	pageWorth      = 4
	// pagePause is the longest time between two readings of the pages while renewals wait
	// for them, and pagesFor how long the library uses them.
	pagePause = time.Minute
	pagesFor  = 10 * time.Minute
	// fewPages are read also for the last renewals of many.
	fewPages = 4
	// lately is how long a renewal counts that was looked at.
	lately = 3 * time.Minute
)

// pages decides when a process reads the account's services page by page, so that the
// renewals that wait need no readings of their own.
type pages struct {
	mu      sync.Mutex
	busy    bool
	count   int // of the account's pages; 0 if it is not known
	readAt  time.Time
	looking map[string]time.Time // the renewals that need an expiry, and when they were looked at
}

// read reads the pages if enough renewals need an expiry. An error costs the readings that
// are made instead.
func (p *pages) read(ctx context.Context, account Account, r *ovhrenew.Runner, task ovhrenew.Task) {
	if task.Phase != "" && task.Phase != ovhrenew.PhaseWanted && task.Phase != ovhrenew.PhasePaid {
		return
	}
	if !p.begin(task) {
		return
	}
	at, count := time.Now(), p.count
	if count == 0 {
		ids, err := account.Client.FindServices(ctx, ovhrenew.ServiceQuery{})
		if err == nil {
			count = max(1, (len(ids)+servicesOnPage-1)/servicesOnPage)
		}
	}
	read := p.worth(count) && r.ReadPages(ctx) == nil
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy, p.count = false, count; read {
		p.readAt = at
	}
}

// begin reports whether the pages may be worth reading, and lets one activity do it.
func (p *pages) begin(task ovhrenew.Task) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for key, at := range p.looking {
		if now.Sub(at) > lately {
			delete(p.looking, key)
		}
	}
	if p.looking == nil {
		p.looking = map[string]time.Time{}
	}
	p.looking[task.Renewal()] = now
	poll := task.Patience.Poll
	if poll == 0 {
		poll = pagePause
	}
	if p.busy || now.Sub(p.readAt) < min(30*poll, pagePause) || len(p.looking) < pageWorth {
		return false
	}
	p.busy = true
	return true
}

// worth reports whether so many pages are worth their requests: for many renewals, and for
// the last of them while older pages are in use.
func (p *pages) worth(count int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return count > 0 && (len(p.looking) >= pageWorth*count || count <= fewPages && time.Since(p.readAt) < pagesFor)
}
