package postgres_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/postgres"
)

const account = "ab12345-ovh"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func paying(id ovhrenew.ServiceID) ovhrenew.State {
	return ovhrenew.State{Version: 1, Renewal: fmt.Sprint("renewal of ", id), Phase: ovhrenew.PhasePaying, Services: []ovhrenew.ServiceID{id}, Time: noon, Order: 100 + ovhrenew.OrderID(id)}
}

func open(t testing.TB, pool *pgxpool.Pool, how postgres.Options) *postgres.Journal {
	t.Helper()
	j, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

// child is another process that has claimed service 1 and written that it pays.
type child struct {
	cmd *osexec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// TestChild is what a child runs: it says when it has its claim, and after each line that
// it is given, what came of another append.
func TestChild(t *testing.T) {
	url := os.Getenv("JOURNAL")
	if url == "" {
		t.Skip("it is for a child process")
	}
	pool := connect(t, url)
	j, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, postgres.Options{Lease: time.Second, NoSession: os.Getenv("NOSESSION") != ""})
	if err != nil {
		t.Fatal(err)
	}
	c, err := j.Claim(t.Context(), account, 1)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for {
		err := c.Append(t.Context(), paying(1))
		fmt.Printf("child: append: %v\n", err)
		if !lines.Scan() {
			return
		}
	}
}

func start(t *testing.T, url string, noSession bool) *child {
	t.Helper()
	c := &child{cmd: osexec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.v")}
	c.cmd.Env = append(os.Environ(), "JOURNAL="+url)
	if noSession {
		c.cmd.Env = append(c.cmd.Env, "NOSESSION=1")
	}
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	})
	if said := c.says(t); said != "<nil>" {
		t.Fatalf("the child's first append: %s", said)
	}
	return c
}

// says returns what came of the child's append.
func (c *child) says(t *testing.T) string {
	t.Helper()
	for {
		line, err := c.out.ReadString('\n')
		if err != nil {
			t.Fatalf("the child: %v", err)
		}
		if _, said, ok := strings.Cut(line, "child: append: "); ok {
			return strings.TrimSpace(said)
		}
	}
}

// claimSoon claims service 1 once it can be, and says how often it was busy.
func claimSoon(t *testing.T, j *postgres.Journal, within time.Duration) (c ovhrenew.Claim, busy int) {
	t.Helper()
	for deadline := time.Now().Add(within); ; busy++ {
		c, err := j.Claim(t.Context(), account, 1)
		if err == nil {
			return c, busy
		}
		if !errors.Is(err, ovhrenew.ErrBusy) || time.Now().After(deadline) {
			t.Fatalf("Claim = %v", err)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// TestKilled: what a process of this machine held that is dead passes at once, and what it
// had begun to pay may be paid again once it has settled.
func TestKilled(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("whether a process is dead is told on Linux only")
	}
	url := schema(t)
	pool := connect(t, url)
	migrate(t, pool)
	j := open(t, pool, postgres.Options{Lease: time.Minute})
	c := start(t, url, false)
	if _, err := j.Claim(t.Context(), account, 1); !errors.Is(err, ovhrenew.ErrBusy) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", c.cmd.Process.Pid)) {
		t.Fatalf("Claim of what a living process has = %v, want %v with the process", err, ovhrenew.ErrBusy)
	}
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.cmd.Wait()
	got, err := j.Claim(t.Context(), account, 1)
	if err != nil {
		t.Fatalf("Claim of what a dead process had = %v", err)
	}
	if got.Inherited() {
		t.Error("Inherited of what a dead process had = true")
	}
	if states := got.States(); len(states) != 1 || states[0].Phase != ovhrenew.PhasePaying {
		t.Errorf("States = %v", states)
	}
}

// TestSuspended: a process that is suspended keeps its session, and so its claims for
// longer than its lease. Without a session they pass, and when it wakes it can write
// nothing any more.
func TestSuspended(t *testing.T) {
	t.Parallel()
	for _, noSession := range []bool{false, true} {
		t.Run(map[bool]string{true: "NoSession", false: "Session"}[noSession], func(t *testing.T) {
			t.Parallel()
			url := schema(t)
			pool := connect(t, url)
			migrate(t, pool)
			j := open(t, pool, postgres.Options{Lease: time.Second})
			c := start(t, url, noSession)
			signal(t, c, syscall.SIGSTOP)
			if noSession {
				heir, _ := claimSoon(t, j, 20*time.Second)
				if !heir.Inherited() {
					t.Error("Inherited of what a suspended process had = false")
				}
				signal(t, c, syscall.SIGCONT)
				fmt.Fprintln(c.in)
				if said := c.says(t); !strings.Contains(said, "has passed to another") {
					t.Errorf("the append of who was suspended: %s, want it to fail", said)
				}
				return
			}
			for range 4 {
				<-time.After(time.Second)
				if got, err := j.Claim(t.Context(), account, 1); !errors.Is(err, ovhrenew.ErrBusy) {
					t.Fatalf("Claim of what a suspended process has = %v, %v, want %v", got, err, ovhrenew.ErrBusy)
				}
			}
			signal(t, c, syscall.SIGCONT)
			fmt.Fprintln(c.in)
			if said := c.says(t); said != "<nil>" {
				t.Errorf("the append of who was suspended: %s, want it kept", said)
			}
		})
	}
}

func signal(t *testing.T, c *child, s syscall.Signal) {
	t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// TestSessionsEnd: when the database ends all sessions, as a restart does, claims go on.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	pool := database(t)
	a, b := open(t, pool, postgres.Options{Lease: time.Second}), open(t, pool, postgres.Options{Lease: time.Second})
	c, err := a.Claim(t.Context(), account, 1)
	if err != nil {
		t.Fatal(err)
	}
	var ended int
	if err := pool.QueryRow(t.Context(), `select count(pg_terminate_backend(l.pid)) from ovhrenew_holder h join pg_locks l
		on l.locktype = 'advisory' and l.classid = (h.lock >> 32 & 4294967295)::oid and l.objid = (h.lock & 4294967295)::oid`).Scan(&ended); err != nil || ended != 2 {
		t.Fatalf("ended %d sessions, %v, want 2", ended, err)
	}
	if err := c.Append(t.Context(), paying(1)); err != nil {
		t.Errorf("Append after the sessions ended = %v", err)
	}
	waitFor(t, "the sessions are there again", func() bool {
		var n int
		err := pool.QueryRow(t.Context(), `select count(*) from ovhrenew_holder h where exists (select from pg_locks l
			where l.locktype = 'advisory' and l.classid = (h.lock >> 32 & 4294967295)::oid and l.objid = (h.lock & 4294967295)::oid)`).Scan(&n)
		return err == nil && n == 2
	})
	if _, err := b.Claim(t.Context(), account, 1); !errors.Is(err, ovhrenew.ErrBusy) {
		t.Errorf("Claim after the sessions came back = %v, want %v", err, ovhrenew.ErrBusy)
	}
	if err := c.Append(t.Context(), paying(1)); err != nil {
		t.Errorf("Append = %v", err)
	}
}

// TestReleaseLater: what could not be released is released when the database is back.
// TestLateCommit: the commit that makes a claim is answered too late, and comes to its end
// when its caller has given up. Nobody has the claim then: this process takes it at once,
// and another as soon as this one has looked, while it goes on.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 seconds: %s", what)
		}
		<-time.After(50 * time.Millisecond)
	}
}

func exec(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// TestClose: Close releases what is held, and what is held can write nothing any more.
func TestClose(t *testing.T) {
	t.Parallel()
	pool := database(t)
	a, b := open(t, pool, postgres.Options{}), open(t, pool, postgres.Options{})
	c, err := a.Claim(t.Context(), account, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Close(), a.Close()); err != nil {
		t.Errorf("Close, twice = %v", err)
	}
	if err := c.Append(t.Context(), paying(1)); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Append after Close = %v, want %v", err, ovhrenew.ErrJournal)
	}
	if _, err := a.Claim(t.Context(), account, 1); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Claim after Close = %v, want %v", err, ovhrenew.ErrJournal)
	}
	heir, err := b.Claim(t.Context(), account, 1)
	if err != nil || heir.Inherited() {
		t.Errorf("Claim of what a closed journal held = %v, %v", heir, err)
	}
	if err := c.Release(); err != nil {
		t.Errorf("Release after Close = %v", err)
	}
	if _, err := a.Claim(t.Context(), account, 1); err == nil {
		t.Error("Release after Close has let go what is another's")
	}
	var rows int
	if err := pool.QueryRow(context.Background(), "select count(*) from ovhrenew_holder").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d holders, %v, want 1", rows, err)
	}
}

// TestNotText: names that the database would keep as others are refused.
