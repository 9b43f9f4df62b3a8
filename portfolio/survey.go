package portfolio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/ovhrenew/ovhrenew"
)

// Surveyed is a service of the account, and how it can be renewed if that was asked.
type Surveyed struct {
	// Service is what the list of services tells: Type and Billing are empty. It may be
	// as old as the API's cache.
	ovhrenew.Service

	OffersRead bool             `json:"offersRead,omitempty"` // the API was asked for offers and answered
	Offers     []ovhrenew.Offer `json:"offers,omitempty"`     // without the service's options; those of an option are its own
}

// Ends returns the day on which the service ends, or none if it does not. The API gives
// DNS zones, which never expire, an expiry on the day before their creation.
func (s Surveyed) Ends() ovhrenew.Date {
	if s.Expiry.Before(s.Created) {
		return ovhrenew.Date{}
	}
	return s.Expiry
}

// DueBy accepts services that end on the day or earlier, expired ones included: for
// [Query.Offers].
func DueBy(day ovhrenew.Date) func(Surveyed) bool {
	return func(s Surveyed) bool {
		ends := s.Ends()
		return !ends.IsZero() && !ends.After(day)
	}
}

// Reader reads what a survey needs, and cannot spend. [ovhrenew.API] is one.
type Reader interface {
	// Services streams the services that the query lets through. An error after which
	// the stream goes on concerns one service, an error with which it ends the stream.
	Services(ctx context.Context, query ovhrenew.ServiceQuery) iter.Seq2[ovhrenew.Service, error]
	// Renewals lists how a service can be renewed.
	Renewals(ctx context.Context, id ovhrenew.ServiceID, includeOptions bool) ([]ovhrenew.RenewDescription, error)
}

var _ Reader = (*ovhrenew.API)(nil)

// Query narrows a survey. Its zero value lets every service through, without
// offers. Nothing but Offers costs a request.
type Query struct {
	Query ovhrenew.ServiceQuery // what the API itself narrows by
	Only  []Selection           // if not empty, lets through what any of them selects
	DueBy ovhrenew.Date         // if set, lets through what ends on that day or earlier
	// Offers reports whose offers are read, one request each. If nil, none are. [DueBy] and
	// [Policy.Wants] are made for it. It is called by one goroutine at a time.
	Offers  func(Surveyed) bool
	Workers int // how many offers are read at once; 8 if zero
}

// maxAhead bounds how many services wait behind one whose offers are slow to come.
const maxAhead = 255

func (q Query) check() error {
	const call = "Survey"
	if q.Workers < 0 {
		return badInput(call, "Query.Workers", q.Workers, "is negative")
	}
	return checkSelections(call, "Query.Only", q.Only)
}

// ServiceError is a service that could not be read, or whose offers could not. Service and
// Name are 0 and empty where they are not known.
type ServiceError struct {
	Service ovhrenew.ServiceID
	Name    string
	Err     error
}

// Error names the service as far as it is known.
func (e *ServiceError) Error() string {
	switch {
	case e.Service == 0:
		return fmt.Sprintf("a service could not be read: %v", e.Err)
	case e.Name == "":
		return fmt.Sprintf("service %d could not be read: %v", e.Service, e.Err)
	}
	return fmt.Sprintf("%s (%d): its offers could not be read: %v", e.Name, e.Service, e.Err)
}

// Unwrap returns the cause.
func (e *ServiceError) Unwrap() error { return e.Err }

// Survey streams the services of the account in the order in which the API lists them: a
// request for each page of services, and one for each service whose offers the query asks
// for. It holds a page, a few hundred services and the numbers of all, some 80 bytes each.
//
// An error that is a [*ServiceError] concerns one service, which comes with it as far
// as it is known; the stream goes on. An [*UnusedError] comes last, when all was read and a
// part of Only selects nothing. Any other error ends the stream: the account was not read
// to its end. Such is [ovhrenew.ErrUnsupported], in a region without offers.
//
// API: GET /services, expanded, GET /service/{serviceId}/renew
func Survey(ctx context.Context, r Reader, query Query) iter.Seq2[Surveyed, error] {
	return func(yield func(Surveyed, error) bool) {
		if err := query.check(); err != nil {
			yield(Surveyed{}, err)
			return
		}
		ctx, cancel := context.WithCancelCause(ctx)
		s := &survey{
			ctx: ctx, cancel: cancel, r: r, query: query, only: readySelections(query.Only), uses: newUses("only", query.Only),
			slots: make(chan struct{}, cmp.Or(query.Workers, 8)), found: make(chan *finding, maxAhead),
		}
		// In this order, also when the consumer breaks off or panics: nothing is left
		// behind that still asks.
		defer s.asking.Wait()
		defer cancel(nil)
		s.asking.Go(s.run)
		for found := range s.found {
			if found.done != nil {
				<-found.done
			}
			if _, one := errors.AsType[*ServiceError](found.err); found.err != nil && !one {
				yield(Surveyed{}, found.err)
				return
			}
			if !yield(found.service, found.err) {
				return
			}
		}
		if s.err != nil {
			yield(Surveyed{}, s.err)
		}
	}
}

// survey is one run of Survey. One goroutine reads the list, each request for offers has
// one of its own, and the consumer takes what was found in the account's order.
type survey struct {
	ctx    context.Context
	cancel context.CancelCauseFunc // with an error with which every further request would fail
	r      Reader
	query  Query
	only   selectors
	uses   []*use

	asking sync.WaitGroup
	slots  chan struct{}
	found  chan *finding
	err    error // with which it ends
}

// finding is a service on its way to the consumer.
type finding struct {
	service Surveyed
	err     error
	done    chan struct{} // closed when the offers have come; nil: none were asked for
}

func (s *survey) run() {
	defer close(s.found)
	var held error // an error of the list, until it is known whether the list goes on
	for service, err := range s.r.Services(s.ctx, s.query.Query) {
		if held != nil && !s.send(unread(held)) {
			break
		}
		held = err
		var found *finding
		if _, ok := errors.AsType[*ovhrenew.ElementError](err); ok {
			held, found = nil, unread(err)
		} else if err == nil {
			found = s.look(service)
		}
		if found != nil && !s.send(found) {
			break
		}
	}
	switch {
	case s.ctx.Err() != nil: // a list that ends because it must is not at its end
		s.err = context.Cause(s.ctx)
	case held != nil:
		s.err = held
	default:
		var all []Unused
		for _, u := range s.uses {
			all = append(all, u.unused(nil)...)
		}
		if len(all) > 0 {
			s.err = &UnusedError{all}
		}
	}
}

// look says what becomes of a service: nil if the query keeps it out.
func (s *survey) look(service ovhrenew.Service) *finding {
	found := &finding{service: Surveyed{Service: service}}
	if found.service.ID <= 0 {
		found.err = &ServiceError{Err: fmt.Errorf("GET /services: %w: serviceId is %d", ovhrenew.ErrMalformed, service.ID)}
		return found
	}
	for _, u := range s.uses {
		u.see(&found.service)
	}
	if len(s.only) > 0 && !s.only.any(&found.service) ||
		!s.query.DueBy.IsZero() && !DueBy(s.query.DueBy)(found.service) {
		return nil
	}
	if s.query.Offers != nil && s.query.Offers(found.service) {
		found.done = make(chan struct{})
	}
	return found
}

// send asks for a finding's offers and queues it. It reports whether the survey goes on.
func (s *survey) send(found *finding) bool {
	if found.done != nil {
		select {
		case s.slots <- struct{}{}:
		case <-s.ctx.Done():
			return false
		}
		s.asking.Go(func() {
			defer func() { <-s.slots }()
			defer close(found.done)
			found.err = readOffers(s.ctx, s.r, &found.service)
			if _, one := errors.AsType[*ServiceError](found.err); found.err != nil && !one {
				s.cancel(found.err)
			}
		})
	}
	select {
	case s.found <- found:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// readOffers reads the offers of a service. An error that is no [*ServiceError] would be
// that of every further request.
func readOffers(ctx context.Context, r Reader, s *Surveyed) error {
	// An option is asked for with its options, since its own offer is one of them.
	descriptions, err := r.Renewals(ctx, s.ID, s.Parent != 0)
	switch {
	case err == nil:
		s.OffersRead, s.Offers = true, ovhrenew.Offers(s.ID, descriptions)
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ovhrenew.ErrUnsupported), errors.Is(err, ovhrenew.ErrCredential):
		return err
	}
	return &ServiceError{Service: s.ID, Name: s.Name, Err: err}
}

func unread(err error) *finding {
	id := idOf(err)
	return &finding{service: Surveyed{Service: ovhrenew.Service{ID: id}}, err: &ServiceError{Service: id, Err: err}}
}

// idOf is the service that an error is about, 0 if it does not tell.
func idOf(err error) ovhrenew.ServiceID {
	if item, ok := errors.AsType[*ovhrenew.ElementError](err); ok && item.ID != 0 {
		return ovhrenew.ServiceID(item.ID)
	}
	var id ovhrenew.ServiceID
	if answer, ok := errors.AsType[*ovhrenew.Error](err); ok {
		_, _ = fmt.Sscanf(answer.Call, "GET /services/%d", &id)
	}
	return id
}
