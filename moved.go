// These tests fail without it: TestMoved, TestAttackAnchor, TestAttackTakenBack.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func (r reading) expiries(ctx context.Context, after time.Time) {
	services := map[ServiceID]Service{}
	for _, want := range r.task.Services {
		service, at, err := r.r.service(ctx, want.ServiceID, after)
		if at.Before(r.l.at) && !at.IsZero() {
			r.l.at = at
		}
		if err == nil && (service.Expiry.IsZero() || service.Expiry.Before(want.From)) {
			err = fmt.Errorf("%s: its expiry is given as %s, after it was %s", called(want.Name, want.ServiceID), service.Expiry, want.From)
		}
		if err != nil {
			r.l.moved = movedDark
			r.l.unread(err)
			return
		}
		services[want.ServiceID] = service
	}
	r.move(services)
}

// pagesFor is how long pages of services serve those that are to be ordered.
const pagesFor = time.Hour

// fromPages takes the expiries from pages that were read for all renewals, and reports
// whether there are any.
func (r reading) fromPages(age time.Duration) bool {
	services := r.r.paged(r.task.ids(), r.l.at.Add(-age))
	if services == nil {
		return false
	}
	for _, want := range r.task.Services {
		if is := services[want.ServiceID].Expiry; is.IsZero() || is.Before(want.From) {
			return false
		}
	}
	r.move(services)
	return true
}

func (r reading) move(services map[ServiceID]Service) {
	r.l.services, r.l.renewed, r.l.movedErr = services, nil, nil
	unmoved := 0
	for _, want := range r.task.Services {
		is := services[want.ServiceID].Expiry
		r.l.renewed = append(r.l.renewed, Renewed{ServiceID: want.ServiceID, Name: want.Name, From: want.From, To: is})
		if is == want.From {
			unmoved++
			continue
		}
		r.l.movedErr = errors.Join(r.l.movedErr, fmt.Errorf("%s expires on %s, not on %s", called(want.Name, want.ServiceID), is, want.From))
	}
	// A paid order is done when all have moved; before a payment, one is enough.
	r.l.moved = movedOn
	if unmoved == len(r.task.Services) || unmoved > 0 && (r.st.Phase == PhasePaid || r.st.Phase == PhaseRenewed) {
		r.l.moved = movedNot
	}
}
