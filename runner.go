package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Runner carries out renewals one step at a time. It owns what they share: the reading
// of the account's orders, the ways to pay, the journal. A program makes one for each
// account. It is safe for concurrent use.
type Runner struct {
	Approve Approver // asked about tasks with Approve; set it before the first call

	client  Client
	journal Journal

	mu       sync.Mutex
	account  string
	book     *book
	services map[ServiceID]serviceRead
	pages    map[ServiceID]Service
	pagesAt  time.Time
	payable  map[string]payableSince
}

type serviceRead struct {
	service Service
	at      time.Time
}

type payableSince struct {
	with Payment
	at   time.Time
}

// NewRunner returns a Runner. The error is [ErrBadInput] if the client or the journal is
// missing: [NoJournal] is the choice to run without one.
func NewRunner(c Client, j Journal) (*Runner, error) {
	if c == nil {
		return nil, badInput("NewRunner", "c", nil, "is nil: want a Client, such as New makes")
	}
	if err := checkJournal("NewRunner", "j", j); err != nil {
		return nil, err
	}
	return &Runner{client: c, journal: j, services: map[ServiceID]serviceRead{}, payable: map[string]payableSince{}}, nil
}

// ready reads the name of the account, once. Without a journal nobody needs it.
func (r *Runner) ready(ctx context.Context) error {
	r.mu.Lock()
	ready := r.book != nil
	r.mu.Unlock()
	if ready {
		return nil
	}
	account := ""
	if r.journal != NoJournal {
		var err error
		if account, err = r.client.Account(ctx); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.book == nil {
		r.account, r.book = account, newBook(r.client, r.journal, account)
	}
	return nil
}

// Advance does what can be done for a renewal now, and returns the task as it is then.
// It sends each spending call at most once and never sleeps. Any process with the same
// journal can call it again at any time. The error is a [*StepError].
// API: GET /me/order, POST /service/{serviceId}/renew, POST /me/order/{orderId}/pay
func (r *Runner) Advance(ctx context.Context, t Task) (Task, error) {
	if err := r.check("Advance", t); err != nil {
		return t, &StepError{Step: StepFind, Service: ID(t.Target), Paid: PaidNo, Err: err}
	}
	j, err := r.begin(ctx, t, nil)
	if err != nil {
		return t, err
	}
	defer j.release()
	err = j.proceed(ctx)
	return j.task, err
}

// Run advances a renewal until it has ended, and waits in between. The context bounds
// it.
func (r *Runner) Run(ctx context.Context, t Task) (Task, error) {
	return r.run(ctx, t, nil)
}

func (r *Runner) run(ctx context.Context, t Task, tell func(Progress)) (Task, error) {
	if err := r.check("Run", t); err != nil {
		return t, &StepError{Step: StepFind, Service: ID(t.Target), Paid: PaidNo, Err: err}
	}
	t.Until = time.Time{}
	j, err := r.begin(ctx, t, tell)
	if err != nil {
		return t, err
	}
	defer j.release()
	err = j.run(ctx)
	return j.task, err
}

// run is the one loop that waits.
func (j *job) run(ctx context.Context) error {
	for {
		err := j.proceed(ctx)
		if err != nil || j.task.Next.IsZero() {
			return err
		}
		if err := sleep(ctx, j.pause); err != nil {
			return j.failed(becauseNothing, err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (r *Runner) check(call string, t Task) error {
	if t.Approve && r.journal == NoJournal {
		return badInput(call, "Task.Approve", nil, "needs a journal: without one there is nowhere to remember a no")
	}
	return t.Check(call)
}

// begin claims a task's services and takes up what the journal knows of the renewal.
func (r *Runner) begin(ctx context.Context, t Task, tell func(Progress)) (*job, error) {
	j := &job{r: r, task: t, tell: tell}
	if err := r.ready(ctx); err != nil {
		return nil, j.failed(becauseNothing, err)
	}
	claim, err := r.journal.Claim(ctx, r.account, t.ids()...)
	if err != nil {
		return nil, j.failed(becauseNothing, journalError(err))
	}
	j.claim = claim
	return j, nil
}

func (j *job) release() { _ = j.claim.Release() }

// proceed advances the renewal, and before it whatever else the journal has under way
// for its services.
func (j *job) proceed(ctx context.Context) error {
	j.ordered, j.paid, j.task.Next, j.pause = false, false, time.Time{}, 0
	if j.st.Answer == AnswerLater {
		j.st.Answer = "" // asked again
	}
	if !j.loaded {
		if err := j.load(ctx); err != nil {
			return err
		}
	}
	for len(j.inTheWay) > 0 {
		other := j.inTheWay[0]
		if err := other.advance(ctx); err != nil {
			return j.blockedBy(other, err)
		}
		if other.st.Phase.Open() {
			return j.blockedBy(other, refuse(ErrUnderWay, "%s", other.describe()))
		}
		j.inTheWay = j.inTheWay[1:]
	}
	if err := j.advance(ctx); err != nil {
		return err
	}
	j.task.Phase, j.task.Order = j.phase(), j.st.Order
	if j.st.Phase == PhaseRenewed {
		j.task.Receipt, j.task.Next = j.st.Receipt, time.Time{}
		if j.st.Receipt.Unexpected && !j.st.Receipt.Already {
			return j.failed(becauseNothing, fmt.Errorf("%w: %w", ErrMismatch, j.last.movedErr))
		}
	}
	return nil
}

// load takes the renewal's state from the claim.
func (j *job) load(ctx context.Context) error {
	now, err := j.r.client.Time(ctx)
	if err != nil {
		return j.failed(becauseNothing, err)
	}
	key := renewalKey(j.task)
	for _, st := range j.claim.States() {
		ignored := slices.Contains(j.task.Guards.IgnoreOrders, st.Order) && st.Order != 0
		switch {
		case st.Renewal == key && ignored && st.Phase.Open(), st.Renewal != key && ignored && st.Phase.Open():
			if err := j.forget(ctx, st, now); err != nil {
				return err
			}
		case st.Renewal == key && st.Phase == PhaseRenewed && st.Receipt != nil:
			receipt := *st.Receipt
			receipt.Already = true
			st.Receipt = &receipt
			j.st = st
		case st.Renewal == key && (st.Phase.Open() || st.Answer == AnswerNo):
			j.st = st
		case st.Phase.Open():
			j.inTheWay = append(j.inTheWay, &job{r: j.r, claim: j.claim, task: st.Task, st: st, swept: true})
		}
	}
	if j.st.Phase == PhaseClosed {
		j.st = State{Answer: j.st.Answer}
	}
	if j.task.Until.IsZero() || j.task.Phase != j.st.Phase { // what is waited for now is something else
		j.task.Until = now.Add(j.task.patience().until(j.st.Phase))
	}
	j.loaded = true
	for _, one := range append([]*job{j}, j.inTheWay...) {
		one.task.Until = j.task.Until
		if err := one.takeUp(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// forget closes a renewal whose order a person has named as being in nobody's way.
func (j *job) forget(ctx context.Context, st State, now time.Time) error {
	old := &job{r: j.r, claim: j.claim, task: st.Task, st: st, swept: true}
	old.st.Why = "a person named its order in Guards.IgnoreOrders"
	return old.enter(ctx, PhaseClosed, now)
}

// takeUp notes what a run that finds a spending call under way has to: since when it is
// looked for, and whether its sender may be alive.
func (j *job) takeUp(ctx context.Context, now time.Time) error {
	if j.st.Phase != PhaseOrdering && j.st.Phase != PhasePaying {
		return nil
	}
	before := j.st
	j.st.Ended = firstTime(j.st.Ended, now)
	j.st.Doubt = j.st.Doubt || j.claim.Inherited() && j.st.Phase == PhasePaying
	if j.st.Ended.Equal(before.Ended) && j.st.Doubt == before.Doubt {
		return nil
	}
	return j.keep(ctx)
}

func firstTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

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

// ReadPages reads the account's services page by page for all renewals together. It is
// worth its requests when more renewals wait for their expiry than there are pages.
// API: GET /services, expanded
func (r *Runner) ReadPages(ctx context.Context) error {
	at, pages := time.Now(), map[ServiceID]Service{}
	for service, err := range r.client.Services(ctx, ServiceQuery{}) {
		if err == nil {
			pages[service.ID] = service
		} else if _, single := errors.AsType[*ElementError](err); !single {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages, r.pagesAt = pages, at
	return nil
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

// payableFor is how long it is believed that a way to pay can be used.
const payableFor = time.Hour

// usable resolves a way to pay for an order.
func (r *Runner) usable(ctx context.Context, order Order, with Payment) (Payment, error) {
	r.mu.Lock()
	known, ok := r.payable[with.String()]
	r.mu.Unlock()
	if ok && time.Since(known.at) < payableFor {
		return known.with, nil
	}
	// An order of 0 still has to be paid, with fidelityAccount. Whether that mean is
	// listed for it is not known; nothing can be spent by it.
	if mean, ok := with.(Mean); ok && mean.Kind == MeanFidelityAccount && order.PriceWithTax.Sign() == 0 {
		return with, nil
	}
	at := time.Now()
	resolved, err := CheckPayment(ctx, r.client, order.OrderID, with)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.payable[with.String()] = payableSince{resolved, at}
	return resolved, nil
}

// unusable makes the next order be asked again.
func (r *Runner) unusable(with Payment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.payable, with.String())
}

// now is the API's time after a call. If it cannot be read, as when the context has
// ended, it is reckoned on from the look.
func (r *Runner) now(ctx context.Context, l *look) time.Time {
	if now, err := r.client.Time(context.WithoutCancel(ctx)); err == nil {
		return now
	}
	return l.now.Add(l.age())
}

// blockedBy says that another renewal of the journal's is in the way, with what is known
// of its money.
func (j *job) blockedBy(other *job, err error) error {
	if failed, ok := errors.AsType[*StepError](err); ok {
		err = failed.Err
	}
	if !errors.Is(err, ErrUnderWay) && !errors.Is(err, ErrJournal) {
		err = fmt.Errorf("%w: %s: %w", ErrUnderWay, other.describe(), err)
	}
	return &StepError{Step: StepGuard, Service: j.target(), Order: other.st.Order, Paid: other.st.Phase.paid(), Err: err}
}

func (j *job) describe() string {
	return fmt.Sprintf("a renewal of %s is %s (order %d)", j.task.Offer, j.st.Phase, j.st.Order)
}

func (j *job) target() Target {
	id := cmp.Or(j.task.Target, j.task.Offer.Service)
	return Target{name: j.task.name(id), id: id}
}
