package ovhrenew

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// child is this test's binary run once more, as another process with the journal.
type child struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// startChild starts a process that does what TestJournalChild says.
func startChild(t *testing.T, dir, what string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{Cmd: exec.CommandContext(t.Context(), self, "-test.run=^TestJournalChild$")}
	c.Env = append(os.Environ(), "JOURNAL_CHILD="+what, "JOURNAL_DIR="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if c.in, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// says waits until the child has said something.
func (c *child) says(t *testing.T, want string) {
	t.Helper()
	if !c.out.Scan() || c.out.Text() != want {
		t.Fatalf("the child said %q (%v), want %q", c.out.Text(), c.out.Err(), want)
	}
}

// end lets the child go on and waits for its end.
func (c *child) end(t *testing.T) {
	t.Helper()
	c.in.Close()
	for c.out.Scan() { // to its end, so that the child is never in want of room
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the child: %v", err)
	}
}

const childStates = 200

// TestJournalChild is what a child does: it holds services 1 and 2, it appends to one
// of its own, whose file is rewritten again and again, or it reads all receipts. It is no
// test by itself.
func TestJournalChild(t *testing.T) {
	what := os.Getenv("JOURNAL_CHILD")
	switch what {
	case "":
		return
	case "outlive":
		<-time.After(5 * time.Second)
		return
	}
	j := mustOpen(t, os.Getenv("JOURNAL_DIR"))
	if what == "read" {
		fmt.Println(len(receiptsOf(t, j, time.Time{})), "receipts")
		return
	}
	services := []ServiceID{1, 2}
	if id, ok := strings.CutPrefix(what, "append "); ok {
		var n ServiceID
		if _, err := fmt.Sscan(id, &n); err != nil {
			t.Fatal(err)
		}
		services = []ServiceID{n}
	}
	c := mustClaim(t, j, services...)
	if what == "hold and start" { // a process that outlives it, and keeps what it inherits
		outlives := exec.Command(os.Args[0], "-test.run=^TestJournalChild$") //nolint:gosec // this test
		outlives.Env = append(os.Environ(), "JOURNAL_CHILD=outlive")
		if err := outlives.Start(); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Println("ready")
	_, _ = io.ReadAll(os.Stdin)
	for n := range childStates {
		if strings.HasPrefix(what, "hold") {
			break
		}
		s := sampleRenewal(services[0])[0]
		s.Renewal = fmt.Sprint(services[0], " ", n%10)
		s.Order = OrderID(n)
		mustAppend(t, c, s)
	}
	mustRelease(t, c)
}

// wantBusy fails unless the journal says that this process has service 1.
func wantBusy(t *testing.T, j Journal, pid int, services ...ServiceID) {
	t.Helper()
	c, err := j.Claim(t.Context(), account, services...)
	if err == nil {
		mustRelease(t, c)
	}
	want := fmt.Sprintf("service 1: another run has it: process %d, since 20", pid)
	if !errors.Is(err, ErrBusy) || errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) {
		t.Errorf("Claim(%v) = %v, want %v with %q", services, err, ErrBusy, want)
	}
}

// TestJournalClaims names who has a service, in the process and out of it.
func TestJournalClaims(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, other := mustOpen(t, dir), mustOpen(t, dir)
	c := mustClaim(t, one, 2, 1, 1)
	for _, j := range []Journal{one, other} {
		wantBusy(t, j, os.Getpid(), 1)
		wantBusy(t, j, os.Getpid(), 3, 1)
	}
	mustRelease(t, c)
	mustRelease(t, c)
	mustRelease(t, mustClaim(t, other, 1, 2))
}

// TestJournalClaimsAcrossProcesses holds services in another process, which lets them
// go, or is killed. What is left of the dead goes away with the next claim.
func TestJournalClaimsAcrossProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	for _, how := range []string{"closed", "killed", "killed before a process that it has started"} {
		what := "hold"
		if strings.HasSuffix(how, "started") {
			what = "hold and start"
		}
		c := startChild(t, dir, what)
		c.says(t, "ready")
		wantBusy(t, j, c.Process.Pid, 1)
		if got := statesOf(t, j, 3); len(got) != 0 {
			t.Errorf("service 3 has %v, want nothing", got)
		}
		if how == "closed" {
			c.end(t)
		} else {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
		}
		mustRelease(t, mustClaim(t, j, 1))
	}
}

// TestJournalUnreadableClaim holds a claim that does not say whose it is, and finds one of
// a process that died, which said more than the next.
func TestJournalUnreadableClaim(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := mustClaim(t, mustOpen(t, dir), 1).(*fileClaim)
	if err := c.files[0].Truncate(0); err != nil {
		t.Fatal(err)
	}
	j := mustOpen(t, dir)
	if _, err := j.Claim(t.Context(), account, 1); !errors.Is(err, ErrBusy) {
		t.Errorf("Claim beside one that says nothing = %v, want %v", err, ErrBusy)
	}
	mustRelease(t, mustClaim(t, j, 2))
	mustRelease(t, c)
	putFile(t, j.path(claimsDir, "1"), []byte("process 123456789012345, since the beginning of the world"))
	c = mustClaim(t, j, 1).(*fileClaim)
	if _, err := j.Claim(t.Context(), account, 1); !errors.Is(err, ErrBusy) || strings.Contains(err.Error(), "world") {
		t.Errorf("Claim beside one that took over = %v, want %v without the former", err, ErrBusy)
	}
	mustRelease(t, c)
	if text := readFile(t, j.path(claimsDir, "1")); len(text) != 0 {
		t.Errorf("a claim that was released says %q", text)
	}
}

// TestJournalSharedByProcesses lets processes append at the same time.
func TestJournalSharedByProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	var children []*child
	for _, what := range []string{"append 1", "append 2", "append 3"} {
		c := startChild(t, dir, what)
		c.says(t, "ready")
		children = append(children, c)
	}
	var wg sync.WaitGroup
	for _, c := range children {
		c.in.Close()
		wg.Go(func() { c.end(t) })
	}
	wg.Wait()
	for id := ServiceID(1); id <= 3; id++ {
		states := statesOf(t, j, id)
		for n, s := range states {
			if want := fmt.Sprint(id, " ", n); s.Renewal != want || s.Order != OrderID(childStates-10+n) {
				t.Fatalf("service %d: state %d is of %q and order %d, want %q and %d", id, n, s.Renewal, s.Order, want, childStates-10+n)
			}
		}
		if len(states) != 10 {
			t.Errorf("service %d has %d states, want 10", id, len(states))
		}
	}
	if orders := ordersOf(t, j, time.Time{}); len(orders) != childStates-1 { // each of all three
		t.Errorf("there are %d orders, want %d", len(orders), childStates-1)
	}
}

// TestManyHandles lets many handles renew at once, each with locks of its own as a process
// has: nobody loses anything, and nobody is refused.
func TestManyHandles(t *testing.T) {
	t.Parallel()
	handles, renewals := 40, 2
	if *large {
		handles, renewals = 300, 5
	}
	dir := t.TempDir()
	var mu sync.Mutex
	var claims, appends, looks []time.Duration
	took := func(of *[]time.Duration, began time.Time) {
		mu.Lock()
		defer mu.Unlock()
		*of = append(*of, time.Since(began))
	}
	var wg sync.WaitGroup
	for h := range handles {
		j := mustOpen(t, dir)
		wg.Go(func() {
			for n := range renewals {
				id := ServiceID(1 + h*renewals + n)
				began := time.Now()
				c, err := j.Claim(t.Context(), account, id)
				if took(&claims, began); err != nil {
					t.Errorf("Claim(%d) = %v", id, err)
					return
				}
				for _, s := range sampleRenewal(id) {
					began = time.Now()
					err := c.Append(t.Context(), s)
					if took(&appends, began); err != nil {
						t.Errorf("Append(%d %s) = %v", id, s.Phase, err)
					}
				}
				began = time.Now()
				if _, err := j.Orders(t.Context(), account, noon.Add(-time.Hour)); err != nil {
					t.Error(err)
				}
				took(&looks, began)
				if err := c.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	j := mustOpen(t, dir)
	if orders, receipts := len(ordersOf(t, j, time.Time{})), len(receiptsOf(t, j, time.Time{})); orders != handles*renewals || receipts != handles*renewals {
		t.Errorf("there are %d orders and %d receipts, want %d of each", orders, receipts, handles*renewals)
	}
	t.Logf("%d handles: half of the claims, appends and looks take up to %v, %v and %v, all up to %v, %v and %v", handles,
		median(claims), median(appends), median(looks), slices.Max(claims), slices.Max(appends), slices.Max(looks))
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
