// The processes of the random schedules of several programs, and their wire.

package safety_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// proc is one process of a program. It counts the spending calls that it has sent.
type proc struct {
	*process
	p              *program
	number         int // of the journal
	orders, paying int
	handle         ovhrenew.Journal // nil without one
	expire         func()           // lets its leases pass; nil where it has none
	passed         atomic.Bool      // its claims may have
}

// numbered is a journal, in memory or in a directory, with its number in the schedule.
type numbered struct {
	memory  *ovhrenewtest.Memory
	dir     string
	sharing ovhrenew.Sharing
	n       int
}

// open opens the journal as another process does, and returns what lets its leases pass.
func (j *numbered) open(tb testing.TB) (journal ovhrenew.Journal, expire func()) {
	if j.dir == "" {
		handle := j.memory.Another()
		return handle, handle.ExpireLeases
	}
	journal, err := ovhrenew.OpenJournal(j.dir, j.sharing)
	if err != nil {
		tb.Fatal(err)
	}
	return journal, nil
}

func (p *program) start() *proc {
	dieAt := 0
	if p.s.storm && p.chance(35) {
		dieAt = 1 + p.intN(120)
	}
	if p.s.storm && p.loses && p.chance(30) {
		p.journal = p.s.newJournal()
	}
	ctx, kill := context.WithTimeout(context.Background(), 5*time.Hour)
	if p.s.storm && p.chance(10) {
		ctx, kill = context.WithTimeout(context.Background(), p.upTo(40*time.Minute))
	}
	process := &process{w: p.s.w, ctx: ctx, kill: kill, dieAt: dieAt, journal: ovhrenew.NoJournal}
	run := &proc{process: process, p: p}
	p.s.mu.Lock()
	if p.s.starts++; p.journal == nil {
		p.s.journals++
		run.number = p.s.journals
	} else {
		run.number = p.journal.n
		run.handle, run.expire = p.journal.open(p.s.w.tb)
		process.journal = mortalJournal{run.handle, process}
	}
	p.s.mu.Unlock()
	var err error
	process.client, err = ovhrenew.NewWithConfig(p.s.w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: run, ReadTimeout: time.Minute})
	if err != nil {
		p.s.w.tb.Fatal(err)
	}
	return run
}

// hesitate takes the time of a request. The machine may sleep then, and its leases pass.
func (run *proc) hesitate() {
	time.Sleep(time.Duration(1+run.p.intN(700_000_000)) * time.Nanosecond)
	if !run.p.s.storm || run.p.intN(1000) > 6 {
		return
	}
	d := time.Minute + run.p.upTo(20*time.Minute)
	passes := run.expire != nil && run.p.chance(40)
	run.p.s.note("%s sleeps for %v, leases pass %t", run.p.name, d, passes)
	if passes {
		run.passed.Store(true)
		run.expire()
	}
	run.p.s.mu.Lock()
	run.p.s.slept++
	run.p.s.mu.Unlock()
	time.Sleep(d)
}

// RoundTrip carries a request of the process, as long as it lives.
func (run *proc) RoundTrip(r *http.Request) (*http.Response, error) {
	run.hesitate()
	if !run.act() {
		return nil, errDead
	}
	sent := sent{Request: r}
	r, err := sent.read(r)
	if err != nil {
		return nil, err
	}
	number := run.sending(sent)
	response, err := run.w.server.Transport().RoundTrip(r)
	if err == nil {
		response = run.answer(sent, response, number)
	} else if number >= 0 {
		if errors.Is(err, syscall.ECONNREFUSED) { // nothing was sent: it is tried again
			run.unsent(sent)
		}
		run.p.s.note("%s: no answer to its call: %v", run.p.name, err)
	}
	if !run.act() {
		return nil, errDead
	}
	run.hesitate()
	return response, err
}

// unsent takes a spending call back that had no connection.
func (run *proc) unsent(s sent) {
	run.mu.Lock()
	defer run.mu.Unlock()
	if s.pays() {
		run.paying--
	} else {
		run.orders--
	}
}

// answer notes what a spending call was answered, and adds vouchers to lines.
func (run *proc) answer(s sent, response *http.Response, number int) *http.Response {
	if number < 0 && !(run.p.voucher && s.reads("/details")) {
		return response
	}
	data, err := io.ReadAll(response.Body)
	response.Body.Close()
	text := string(data)
	if number < 0 && err == nil {
		_, text = lineBeside("VOUCHER").answer(s, response.StatusCode, text)
		response.ContentLength = int64(len(text))
		response.Header.Del("Content-Length")
	}
	response.Body = io.NopCloser(io.MultiReader(strings.NewReader(text), broken{err}))
	if number >= 0 {
		var order struct{ OrderID int64 }
		if err == nil && response.StatusCode == http.StatusOK && s.orders() {
			_ = json.Unmarshal(data, &order)
			run.p.s.answered(number, order.OrderID)
		}
		run.p.s.note("%s: answered %d, order %d, %v", run.p.name, response.StatusCode, order.OrderID, err)
	}
	return response
}

// broken is the end of a body.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	return 0, io.EOF
}

// sending notes a spending call, and returns its number, or -1 for any other.
func (run *proc) sending(r sent) int {
	if !r.orders() && !r.pays() {
		return -1
	}
	one := sending{p: run.p, run: run, journal: run.number, pays: r.pays(), at: run.w.server.Now()}
	run.mu.Lock()
	if one.pays {
		run.paying++
		one.order, _ = strconv.ParseInt(strings.Split(r.URL.Path, "/")[4], 10, 64)
	} else {
		run.orders++
	}
	run.mu.Unlock()
	run.p.s.note("%s: %s %s", run.p.name, r.Method, strings.TrimPrefix(r.URL.Path, "/1.0"))
	run.p.s.mu.Lock()
	defer run.p.s.mu.Unlock()
	run.p.s.sends = append(run.p.s.sends, one)
	return len(run.p.s.sends) - 1
}
