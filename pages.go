// These tests fail without it: TestReadPages, TestGather.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// service reads a service, unless a reading that began after notBefore is at hand.
func (r *Runner) service(ctx context.Context, id ServiceID, notBefore time.Time) (Service, time.Time, error) {
	r.mu.Lock()
	known, ok := r.services[id]
	r.mu.Unlock()
	if ok && known.at.After(notBefore) {
		return known.service, known.at, nil
	}
	at := time.Now()
	service, err := ReadService(ctx, r.client, id)
	if err == nil && service.ID != id {
		err = fmt.Errorf("%w: service %d was asked for, and %d was answered", ErrMalformed, id, service.ID)
	}
	if err != nil {
		return Service{}, at, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.services[id] = serviceRead{service, at}
	return service, at, nil
}

// ReadPages reads the account's services page by page, for all renewals together: those
// that wait for a moved expiry then need no reading of their own.
// API: GET /services, expanded
func (r *Runner) ReadPages(ctx context.Context) error {
	if err := r.ready(ctx); err != nil {
		return err
	}
	pages := map[ServiceID]Service{}
	for service, err := range r.client.Services(ctx, ServiceQuery{}) {
		if err == nil {
			pages[service.ID] = service
		} else if _, single := errors.AsType[*ElementError](err); !single {
			return err
		}
	}
	r.book.services(pages)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages, r.pagesAt = pages, time.Now()
	return nil
}

func (r *Runner) readsPages() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pages != nil
}

// paged returns services as pages that were read since have them; nil if one lacks.
func (r *Runner) paged(ids []ServiceID, since time.Time) map[ServiceID]Service {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.pagesAt.After(since) {
		return nil
	}
	found := make(map[ServiceID]Service, len(ids))
	for _, id := range ids {
		service, ok := r.pages[id]
		if !ok {
			return nil
		}
		found[id] = service
	}
	return found
}

const (
	// listDelay is how old an order is before it is looked for in the account's list, which
	// shows it some seconds late, where several are waited for: one reading shows them all.
	listDelay      = 7 * time.Second
	pageWorth      = 4    // how many renewals a page of services has to serve to be worth a request
	servicesOnPage = 1000 // how many services a page has at most
)

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
