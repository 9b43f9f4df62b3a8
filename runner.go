// These tests fail without it: TestAdvanceNeverSleeps, TestRunnerConcurrent,
// TestAttackUnreadable.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Runner carries out renewals one step at a time. It owns what they share: the reading
// of the account's orders, the ways to pay, the journal. A program makes one for each
// account. It is safe for concurrent use.
type Runner struct {
	Approve Approver // asked about tasks with Approve; set it before the first call
	// Gather is how long [Runner.Advance] lets a renewal wait for others, so that one
	// reading serves all. A program that advances many renewals sets it to a minute, before
	// the first call.
	Gather time.Duration

	client  Client
	journal Journal

	mu       sync.Mutex
	account  string
	book     *book
	services map[ServiceID]serviceRead
	pages    map[ServiceID]Service
	pagesAt  time.Time // when their reading ended
	asked    int       // how often an expiry was asked for since the pages were read
	paging   bool      // somebody reads them
	payable  map[string]payableSince
	answers  map[string]error // of the spending calls of renewals that came to no end yet
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
// missing: [NoJournal] is the choice to run without one, by [Runner.Run].
func NewRunner(c Client, j Journal) (*Runner, error) {
	if c == nil {
		return nil, badInput("NewRunner", "c", nil, "is nil: want a Client, such as New makes")
	}
	if err := checkJournal("NewRunner", "j", j); err != nil {
		return nil, err
	}
	return &Runner{client: c, journal: j, services: map[ServiceID]serviceRead{}, payable: map[string]payableSince{}, answers: map[string]error{}}, nil
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
// journal can call it again. A call that had no effect is reported with its answer, in a
// [*StepError], and the next Advance sends it again; a payment, three times at most. It needs
// a journal.
// API: GET /me/order, POST /service/{serviceId}/renew, POST /me/order/{orderId}/pay
func (r *Runner) Advance(ctx context.Context, t Task) (Task, error) {
	return r.with(ctx, "Advance", t, nil, (*job).proceed)
}

// Run advances a renewal until it has ended, and waits in between. The context bounds
// it.
func (r *Runner) Run(ctx context.Context, t Task) (Task, error) {
	return r.run(ctx, t, nil)
}

func (r *Runner) run(ctx context.Context, t Task, tell func(Progress)) (Task, error) {
	return r.with(ctx, "Run", t, tell, func(j *job, ctx context.Context) error {
		j.task.Until = time.Time{}
		return j.run(ctx)
	})
}

func (r *Runner) with(ctx context.Context, call string, t Task, tell func(Progress), do func(*job, context.Context) error) (Task, error) {
	if err := r.check(call, t); err != nil {
		return t, &StepError{Step: StepFind, Service: Target{name: t.name(t.Target), id: t.Target}, Order: t.Order, Paid: t.Phase.paid(), Err: err}
	}
	j, err := r.begin(ctx, t, tell)
	if err != nil {
		return t, err
	}
	defer j.release()
	err = do(j, ctx)
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
			return j.failed(err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	pause, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-pause.Done()
	return ctx.Err()
}

func (r *Runner) check(call string, t Task) error {
	if t.Approve && r.journal == NoJournal {
		return badInput(call, "Task.Approve", nil, "needs a journal: without one there is nowhere to remember a no")
	}
	if err := t.Check(call); err != nil || call != "Advance" || r.journal != NoJournal {
		return err
	}
	return badInput(call, "Runner", nil, "needs a journal: without one the next call could not go on from this one; Run can do without")
}

func (r *Runner) begin(ctx context.Context, t Task, tell func(Progress)) (*job, error) {
	j := &job{r: r, task: t, tell: tell}
	j.task.Receipt = nil // which the journal has
	if err := r.ready(ctx); err != nil {
		return nil, &StepError{Step: StepFind, Service: j.target(), Order: t.Order, Paid: t.Phase.unread(), Err: err}
	}
	claim, err := r.claim(ctx, t.name, t.ids()...)
	if failed, ok := errors.AsType[*StepError](err); ok {
		failed.Service, failed.Order = j.target(), t.Order
		if t.Phase.Open() {
			failed.Paid = t.Phase.unread()
		}
		return nil, failed
	}
	j.claim = claim
	return j, err
}

func (r *Runner) claim(ctx context.Context, name func(ServiceID) string, services ...ServiceID) (Claim, error) {
	claim, err := r.journal.Claim(ctx, r.account, services...)
	if err != nil {
		paid := PaidNo
		if errors.Is(err, ErrBusy) {
			paid = PaidUnsure
		}
		return nil, &StepError{Step: StepGuard, Paid: paid, Err: withNames(journalError(err), name, services)}
	}
	return claim, nil
}

// unread is what can be said of the money of a renewal that was in a phase once, where the
// journal could not be read.
func (p Phase) unread() Paid {
	if p.Open() && p.paid() == PaidNo {
		return PaidUnsure
	}
	return p.paid()
}

func (j *job) release() { _ = j.claim.Release() }

// proceed advances the renewal, and before it whatever else the journal has under way
// for its services.
func (j *job) proceed(ctx context.Context) error {
	j.paid, j.task.Next, j.pause = false, time.Time{}, 0
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
	err := j.advance(ctx)
	j.task.Phase, j.task.Order = j.phase(), j.st.Order
	if err != nil {
		return err
	}
	if j.st.Phase == PhaseRenewed {
		j.task.Receipt, j.task.Next = j.st.Receipt, time.Time{}
		if j.st.Receipt.Unexpected && !j.st.Receipt.Already {
			return j.failed(fmt.Errorf("%w: %w", ErrMismatch, j.last.movedErr))
		}
	}
	return nil
}

// payableFor is how long it is believed that a way to pay can be used.
const payableFor = time.Hour

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

// answered keeps the error of a renewal's last spending call; nil forgets it.
func (r *Runner) answered(key string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.answers, key)
	} else {
		r.answers[key] = err
	}
}

func (r *Runner) answerOf(key string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answers[key]
}

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

func (j *job) target() Target {
	id := cmp.Or(j.task.Target, j.task.Offer.Service)
	return Target{name: j.task.name(id), id: id}
}
