package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/flock"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestMain lets a test run the program itself.
func TestMain(m *testing.M) {
	if os.Getenv("OVHRENEW_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is the program as a process of its own, with the keys of a server.
func process(t *testing.T, server *ovhrenewtest.Server, args ...string) (cmd *exec.Cmd, out, errs *bytes.Buffer) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = t.TempDir() // where there is no ovh.conf
	cmd.Env = append(os.Environ(), "OVHRENEW_MAIN=1", "HOME="+cmd.Dir)
	if server != nil {
		keys := server.Credentials()
		cmd.Env = append(cmd.Env, "OVH_ENDPOINT="+server.Endpoint(), "OVH_APPLICATION_KEY="+keys.AppKey,
			"OVH_APPLICATION_SECRET="+keys.AppSecret, "OVH_CONSUMER_KEY="+keys.ConsumerKey)
	}
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, errs
	return cmd, out, errs
}

// The process's arguments, streams and exit status are the program's.
func TestProcess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		status int
		out    bool
	}{
		{[]string{"list", "--demo"}, exitDone, true},
		{[]string{"--help"}, exitDone, true},
		{[]string{"doctor", "--demo"}, exitFailed, true},
		{[]string{"lst"}, exitUsage, false},
		{nil, exitUsage, false},
	} {
		cmd, out, errs := process(t, nil, c.args...)
		err := cmd.Run()
		if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || ok && exit.ExitCode() != c.status || err == nil && c.status != 0 {
			t.Errorf("%v: %v, want status %d", c.args, err, c.status)
		}
		if (out.Len() > 0) != c.out || errs.Len() == 0 && !strings.Contains(strings.Join(c.args, " "), "help") {
			t.Errorf("%v: on the standard output\n%son the standard error\n%s", c.args, out, errs)
		}
	}
}

// waiting starts the program with requests of a route that are held, and returns when one
// has come in.
func waiting(t *testing.T, server *ovhrenewtest.Server, route string, args ...string) (cmd *exec.Cmd, errs *bytes.Buffer) {
	t.Helper()
	came := make(chan struct{}, 1000)
	server.OnRequest(func(r ovhrenewtest.Request) {
		if r.Route == route {
			came <- struct{}{}
		}
	})
	server.Inject(ovhrenewtest.Fault{Route: route, Kind: ovhrenewtest.Hang, Times: -1, Delay: time.Hour})
	cmd, _, errs = process(t, server, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-came:
	case <-time.After(time.Minute):
		t.Fatalf("no %s came\n%s", route, errs)
	}
	return cmd, errs
}

// A signal stops what is waited for, and the program ends by itself, with an error.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
		ovhrenewtest.Guide(server)
		cmd, errs := waiting(t, server, "GET /services", "list")
		if err := cmd.Process.Signal(signal); err != nil {
			t.Skipf("this system cannot do that to a process: %v", err)
		}
		err := cmd.Wait()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitFailed || !strings.Contains(errs.String(), "signal received") {
			t.Errorf("%v: %v\n%s", signal, err, errs)
		}
	}
}

// What was sent is kept whatever the signal, also where the journal has to be waited for. A
// second signal does not wait: what was begun is in the journal before it is sent.
func TestInterruptTwice(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	dir := t.TempDir()
	plan, journal := filepath.Join(dir, "plan.json"), filepath.Join(dir, "journal")
	cmd, _, errs := process(t, server, "plan", "--total", "500 EUR", "--tax", "20", "-o", plan)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs)
	}
	cmd, errs = waiting(t, server, ovhrenewtest.RoutePay, "apply", plan, "--yes", "--journal", journal, "--only-journal")
	lock, err := os.OpenFile(filepath.Join(journal, "account.jsonl"), os.O_RDWR, 0)
	if err == nil {
		err = flock.Lock(t.Context(), lock) // as a program that is suspended
	}
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skipf("this system cannot do that to a process: %v", err)
	}
	select {
	case err := <-ended:
		t.Fatalf("it did not wait for the journal: %v\n%s", err, errs)
	case <-time.After(200 * time.Millisecond):
	}
	tick, late := time.NewTicker(50*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	for again := true; again; {
		select {
		case <-tick.C:
			_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		case err := <-ended:
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != -1 {
				t.Errorf("a second signal: %v, want the process to be ended by it\n%s", err, errs)
			}
			again = false
		case <-late:
			t.Errorf("a second signal did not end it\n%s", errs)
			_ = cmd.Process.Kill()
			<-ended
			again = false
		}
	}
	lock.Close()
	server.ClearFaults()
	cmd, out, errs := process(t, server, "report", "--journal", journal)
	if err := cmd.Run(); err != nil || !strings.Contains(line(out.String(), ovhrenewtest.GuideVPS), " unsure ") {
		t.Errorf("the journal knows nothing of the payment: %v\n%s%s", err, out, errs)
	}
}
