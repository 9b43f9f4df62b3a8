// The programs of the random schedules of several: how each renews.

package safety_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// form is how a program renews.
type form int

const (
	byRenew form = iota
	byRun
	byAdvance
	byApply
)

// program renews every night, as one process after another.
type program struct {
	want1
	s       *hosts
	name    string
	form    form
	journal *numbered // nil for NoJournal
	loses   bool      // its journal is lost now and then, and was before it began
	from    bool      // the request names the expiry to renew from
	approve bool
	pair    bool // two runners are on the same task
	limit   ovhrenew.Money
	with    ovhrenew.Payment
	poll    time.Duration
	voucher bool

	mu     sync.Mutex
	random *rand.Rand
	guards ovhrenew.Guards
	tasks  [][]byte // every task so far, as JSON
	plan   *portfolio.Plan
	done   bool
	last   error
	lastAt time.Time
}

func (p *program) String() string {
	n := 0
	if p.journal != nil {
		n = p.journal.n
	}
	return fmt.Sprintf("%s: %v for %s, form %d, journal %d %s, loses %t, from %t, approve %t, pair %t, limit %s, with %v", p.name, p.all(), p.period, p.form, n, p.s.sharing, p.loses, p.from, p.approve, p.pair, p.limit, p.with)
}

func (p *program) chance(percent int) bool { return p.intN(100) < percent }

func (p *program) intN(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(n)
}

func (p *program) upTo(d time.Duration) time.Duration {
	return time.Duration(p.intN(int(d/time.Millisecond)+1)) * time.Millisecond
}

func (p *program) choose() {
	p.form = form(p.intN(4))
	if p.journal == nil && p.form == byAdvance {
		p.form = byRun
	}
	if p.form == byAdvance {
		p.pair = p.chance(25)
	}
	p.from, p.approve, p.voucher = p.chance(50), p.journal != nil && p.chance(20), p.chance(10)
	p.limit = ovhrenew.MustMoney("60 EUR")
	if p.chance(7) {
		p.limit = ovhrenew.MustMoney("2 EUR")
	}
	p.with = ovhrenew.DefaultMethod
	if p.chance(20) {
		p.with = ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean}
	}
	if p.chance(50) {
		p.poll = 20 * time.Second
	}
	if p.loses {
		p.journal = p.s.newJournal()
	}
}

// night runs the program once, or again after it has died or was cut off.
func (p *program) night() {
	for try := range 3 {
		run := p.start()
		switch p.form {
		case byRenew:
			p.renew(run)
		case byRun:
			p.runTask(run)
		case byAdvance:
			p.advance(run)
		case byApply:
			p.apply(run)
		}
		run.kill()
		if dead := run.dead.Load(); dead {
			p.s.note("%s has died", p.name)
			p.s.mu.Lock()
			p.s.deaths++
			p.s.mu.Unlock()
		} else if !p.s.storm || try > 0 || p.chance(60) {
			return
		}
		time.Sleep(p.upTo(20 * time.Minute))
	}
}

func (p *program) request(run *proc) ovhrenew.Request {
	req := ovhrenew.Request{
		Service: ovhrenew.ID(p.target), Rules: []ovhrenew.Rule{ovhrenew.For(p.period), ovhrenew.Only(p.all()...)},
		Limit: p.limit, PayWith: p.with, Guards: p.guards, Journal: run.journal, Patience: ovhrenew.Patience{Poll: p.poll},
	}
	if p.from {
		req.From = p.s.w.old[p.target]
	}
	if p.approve {
		req.Approve = p.ask
	}
	return req
}

// ask is a person, who takes some time.
func (p *program) ask(ctx context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
	if p.chance(30) {
		time.Sleep(p.upTo(15 * time.Minute))
	}
	answer := ovhrenew.AnswerYes
	switch n := p.intN(100); {
	case !p.s.storm:
	case n < 30:
		answer = ovhrenew.AnswerLater
	case n < 37:
		answer = ovhrenew.AnswerNo
	case n < 45:
		return "", errors.New("the chat is down")
	}
	p.s.note("%s: a person says %s to order %d", p.name, answer, a.Order.OrderID)
	return answer, nil
}

func (p *program) renew(run *proc) {
	receipt, err := ovhrenew.Renew(run.ctx, run.client, p.request(run))
	p.tell(run, receipt, err)
}

func (p *program) runner(run *proc) *ovhrenew.Runner {
	r, err := ovhrenew.NewRunner(run.client, run.journal)
	if err != nil {
		p.s.w.tb.Fatal(err)
	}
	if p.approve {
		r.Approve = p.ask
	}
	return r
}

func (p *program) runTask(run *proc) {
	runner := p.runner(run)
	task, err := p.task(run, runner)
	if err == nil && task.Receipt == nil {
		task, err = runner.Run(run.ctx, task)
		p.keep(run, task)
	}
	p.tell(run, task.Receipt, err)
}

// task is that of earlier, mostly the last, or a new one. Without a journal a task is used
// once.
func (p *program) task(run *proc, runner *ovhrenew.Runner) (ovhrenew.Task, error) {
	p.mu.Lock()
	n := len(p.tasks)
	p.mu.Unlock()
	seenTo := !p.s.storm && errors.Is(p.last, ovhrenew.ErrNeedsHuman) // by a person
	if n == 0 || ovhrenew.ReactionTo(p.last) == ovhrenew.ReactOrderAnew || p.journal == nil || seenTo {
		task, err := runner.Propose(run.ctx, p.request(run))
		if err == nil && task.Receipt == nil {
			p.keep(run, task)
		}
		return task, err
	}
	at := n - 1
	if p.s.storm && p.chance(20) {
		at = p.intN(n)
	}
	p.mu.Lock()
	text := p.tasks[at]
	p.mu.Unlock()
	var task ovhrenew.Task
	if err := json.Unmarshal(text, &task); err != nil {
		p.s.w.tb.Fatal(err)
	}
	task.Until, task.Guards = time.Time{}, p.guards
	task.Guards.Early = task.Guards.Early || p.from
	task.Hold = p.s.storm && p.chance(5)
	return task, nil
}

func (p *program) keep(run *proc, task ovhrenew.Task) {
	if run.dead.Load() {
		return
	}
	text, err := json.Marshal(task)
	if err != nil {
		p.s.w.tb.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tasks = append(p.tasks, text)
}

// advance advances a task until it ends, fails, or the night is over; perhaps two at a time.
func (p *program) advance(run *proc) {
	task, err := p.task(run, p.runner(run))
	if err != nil || task.Receipt != nil {
		p.tell(run, task.Receipt, err)
		return
	}
	var all sync.WaitGroup
	if p.pair {
		other := p.start()
		defer other.kill()
		all.Go(func() { p.steps(other, task) })
	}
	p.steps(run, task)
	all.Wait()
}

func (p *program) steps(run *proc, task ovhrenew.Task) {
	runner := p.runner(run)
	for range 200 {
		run.mu.Lock()
		orders, paying := run.orders, run.paying
		run.mu.Unlock()
		next, err := runner.Advance(run.ctx, task)
		run.mu.Lock()
		if run.orders-orders > 1 || run.paying-paying > 1 {
			p.s.w.tb.Errorf("one call of Advance sent %d orders and %d payments", run.orders-orders, run.paying-paying)
		}
		run.mu.Unlock()
		p.keep(run, next)
		if err != nil || next.Receipt != nil || run.dead.Load() {
			p.tell(run, next.Receipt, err)
			return
		}
		if task = next; p.s.storm && p.chance(3) {
			runner = p.runner(run)
		}
		time.Sleep(max(time.Second, time.Until(task.Next)))
	}
}

// apply applies the plan of an earlier night, unless that is out of date.
func (p *program) apply(run *proc) {
	if p.plan == nil || ovhrenew.ReactionTo(p.last) == ovhrenew.ReactOrderAnew {
		plan, err := p.makePlan(run)
		if err != nil || len(plan.Items) == 0 || run.dead.Load() {
			p.last = err
			p.s.note("%s: no plan: %v", p.name, err)
			return
		}
		p.plan = plan
	}
	how := portfolio.Options{PayWith: p.with, Journal: run.journal, Patience: ovhrenew.Patience{Poll: p.poll}}
	if p.approve {
		how.Approve = p.ask
	}
	report, err := portfolio.Apply(run.ctx, run.client, p.plan, how)
	if err != nil {
		p.last = err
		p.s.note("%s: %v", p.name, err)
		return
	}
	for _, item := range report.Items {
		p.tellItem(run, item)
	}
}

func (p *program) makePlan(run *proc) (*portfolio.Plan, error) {
	policy := portfolio.Policy{
		Period: p.period, Only: []portfolio.Selection{{IDs: p.all()}}, TaxPercent: "20",
		Total: []ovhrenew.Money{ovhrenew.MustMoney("100 EUR")}, PerOrder: []ovhrenew.Money{p.limit}, DueWithinDays: 40,
	}
	today := ovhrenew.DateOf(time.Now())
	services, unread, err := portfolio.Gather(run.ctx, run.client, policy, today)
	if err != nil {
		return nil, err
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	if err == nil && len(plan.Items) == 0 && len(unread) > 0 {
		err = unread[0]
	}
	return plan, err
}
