package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// openerFor is what a worker has for an account.
func openerFor(t *testing.T, change func(*workerConfig)) (*opener, *account) {
	t.Helper()
	dir := t.TempDir()
	a, err := openAccount(t.Context(), dir, "account", 2, scenario{delivery: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.server.Close)
	c := workerConfig{Dir: dir, Endpoints: map[string]string{"account": a.server.Endpoint()}, Keys: a.server.Credentials()}
	change(&c)
	return &opener{config: c, clients: map[string]ovhrenew.Client{}}, a
}

// A worker opens an account once, with its journal, and reads the plan that was made for it.
func TestOpener(t *testing.T) {
	t.Parallel()
	o, a := openerFor(t, func(*workerConfig) {})
	one, err := o.account(t.Context(), "account")
	if err != nil {
		t.Fatal(err)
	}
	two, err := o.account(t.Context(), "account")
	if err != nil || one.Client != two.Client {
		t.Errorf("the account was opened twice: %v", err)
	}
	if one.Journal.Sharing() != ovhrenew.OnlyJournal {
		t.Errorf("the journal is %v", one.Journal.Sharing())
	}
	if _, err := os.Stat(filepath.Join(o.config.Dir, "account")); err != nil {
		t.Errorf("the journal is elsewhere: %v", err)
	}
	if _, err := one.Client.Service(t.Context(), a.plan.Items[0].Via); err != nil {
		t.Errorf("the account cannot be read: %v", err)
	}
	plan, err := o.plan(t.Context(), "account", a.ref)
	if err != nil || len(plan.Items) != 2 || plan.Items[0].Via != a.plan.Items[0].Via {
		t.Errorf("the plan is %+v, %v", plan, err)
	}
	if _, err := o.plan(t.Context(), "account", "other"); !os.IsNotExist(err) {
		t.Errorf("a plan that nobody made: %v", err)
	}
}

// A pace is one of all workers together: without a database nobody keeps it.
func TestOpenerPace(t *testing.T) {
	t.Parallel()
	o, _ := openerFor(t, func(c *workerConfig) { c.Pace = 600 })
	if _, err := o.client("account"); err == nil || !strings.Contains(err.Error(), "needs the database") {
		t.Errorf("a pace without a database: %v", err)
	}
	if _, err := (&opener{clients: map[string]ovhrenew.Client{}}).account(t.Context(), "nobody"); err == nil {
		t.Error("an account that is not configured was opened")
	}
}

// A worker is this program with its configuration, and dies with the one that began it.
func TestWorkerProcess(t *testing.T) {
	t.Parallel()
	p := workerProcess("/bin/e2e", "/tmp/queue.json")
	if !slices.Equal(p.Args, []string{"/bin/e2e", "worker", "/tmp/queue.json"}) || p.SysProcAttr.Pdeathsig != syscall.SIGKILL {
		t.Errorf("%v, %+v", p.Args, p.SysProcAttr)
	}
}

// What cannot be read as a configuration ends a worker with an error.
func TestWorkFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := work(filepath.Join(dir, "nowhere.json")); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	broken := filepath.Join(dir, "broken.json")
	if err := os.WriteFile(broken, []byte(`{"Temporal":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := work(broken); err == nil || !strings.Contains(err.Error(), "JSON") {
		t.Errorf("a file that is cut off: %v", err)
	}
}
