package ovhrenew

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
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

const childRecords = 200

// TestJournalChild is what a child does: it holds service 1, or it appends to one of
// its own. It is no test by itself.
func TestJournalChild(t *testing.T) {
	what := os.Getenv("JOURNAL_CHILD")
	if what == "" {
		return
	}
	id := ServiceID(1)
	if what == "append 2" {
		id = 2
	}
	l, err := mustOpen(t, os.Getenv("JOURNAL_DIR")).Open(id)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready")
	_, _ = io.ReadAll(os.Stdin)
	if what != "hold" {
		record := sampleRenewal(id)[0]
		for n := range childRecords {
			record.Why = fmt.Sprint(n)
			if err := l.Append(record); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// busy fails unless the journal says that this process has service 1.
func busy(t *testing.T, j Journal, pid int, services ...ServiceID) {
	t.Helper()
	l, err := j.Open(services...)
	if err == nil {
		l.Close()
	}
	want := fmt.Sprintf("service 1: another run has it: process %d, since ", pid)
	if !errors.Is(err, ErrBusy) || errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) {
		t.Errorf("Open(%v) = %v, want %v with %q", services, err, ErrBusy, want)
	}
}

func TestJournalLocks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, other := mustOpen(t, dir), mustOpen(t, dir)
	l, err := one.Open(2, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, j := range map[string]Journal{"the same journal": one, "another of the directory": other} {
		t.Log(name)
		busy(t, j, os.Getpid(), 1)
		busy(t, j, os.Getpid(), 3, 1)
		if got := recordsOf(t, j, 3); len(got) != 0 { // which the failed one let go
			t.Errorf("%s: service 3 has %v, want nothing", name, got)
		}
	}
	if err := l.Append(sampleRenewal(1)[0]); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Errorf("Close, twice: %v", err)
	}
	if got := recordsOf(t, other, 1, 2); len(got) != 1 {
		t.Errorf("after Close the other journal has %v, want what was appended", got)
	}
}

// TestJournalLocksAcrossProcesses holds a service in another process, which lets it
// go, or is killed.
func TestJournalLocksAcrossProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	for _, how := range []string{"closed", "killed"} {
		c := startChild(t, dir, "hold")
		c.says(t, "ready")
		busy(t, j, c.Process.Pid, 1)
		if got := recordsOf(t, j, 2); len(got) != 0 {
			t.Errorf("service 2 has %v, want nothing", got)
		}
		if how == "closed" {
			c.end(t)
		} else {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
		}
		l, err := j.Open(1)
		if err != nil {
			t.Fatalf("when the other process had %s it: %v", how, err)
		}
		l.Close()
	}
}

// TestJournalSharedByProcesses lets two processes append at the same time.
func TestJournalSharedByProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	children := []*child{startChild(t, dir, "append 1"), startChild(t, dir, "append 2")}
	for _, c := range children {
		c.says(t, "ready")
	}
	var wg sync.WaitGroup
	for _, c := range children {
		c.in.Close()
		wg.Go(func() { c.end(t) })
	}
	wg.Wait()
	for _, id := range []ServiceID{1, 2} {
		records := recordsOf(t, j, id)
		for n, record := range records {
			if record.Why != fmt.Sprint(n) {
				t.Fatalf("service %d: record %d is %q", id, n, record.Why)
			}
		}
		if len(records) != childRecords {
			t.Errorf("service %d has %d records, want %d", id, len(records), childRecords)
		}
	}
}

func TestOpenJournalRefuses(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	noLog := filepath.Join(root, "no log")
	if err := os.MkdirAll(filepath.Join(noLog, "journal.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	noLocks := filepath.Join(root, "no locks")
	holding(t, noLocks, nil)
	if err := os.WriteFile(filepath.Join(noLocks, "locks"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{
		"a file": file, "below a file": filepath.Join(file, "x"), "log is a directory": noLog, "locks is a file": noLocks,
	}
	if runtime.GOOS != "windows" && os.Getuid() != 0 { // nothing is closed to root
		closed := filepath.Join(root, "closed")
		if err := os.Mkdir(closed, 0o500); err != nil {
			t.Fatal(err)
		}
		dirs["not writable"] = closed
	}
	for name, dir := range dirs {
		if j, err := OpenJournal(dir); !errors.Is(err, ErrJournal) || j != nil {
			t.Errorf("OpenJournal of what is %s = %v, %v, want %v", name, j, err, ErrJournal)
		}
	}
	if _, err := OpenJournal(""); !errors.Is(err, ErrBadInput) {
		t.Errorf("OpenJournal without a directory: error = %v, want %v", err, ErrBadInput)
	}
	j := mustOpen(t, filepath.Join(root, "new", "er"))
	if err := os.Mkdir(filepath.Join(j.dir, "locks", "5"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Open(5); !errors.Is(err, ErrJournal) || errors.Is(err, ErrBusy) {
		t.Errorf("Open where the lock cannot be made: error = %v, want %v", err, ErrJournal)
	}
}

// TestNothingIsSentOnAFullDisk lets the disk fill at each record of a renewal, and
// wants nothing sent whose record could not be kept.
func TestNothingIsSentOnAFullDisk(t *testing.T) {
	t.Parallel()
	type count struct{ Orders, Payments int }
	want := []count{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {1, 1}}
	for kept, want := range want {
		for _, bytes := range []int{-1, 0, 100} {
			server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			ovhrenewtest.Guide(server)
			c, err := NewWithConfig(server.Client(), Config{Limiter: Unlimited})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			d := onFullDisk(t, dir, kept, bytes)
			req := Request{
				Service: ID(ovhrenewtest.GuideVPSID), Rules: []Rule{For(P3M), Alone}, Limit: MustMoney("30 EUR"), PayWith: DefaultMethod,
				Journal: d, Patience: Patience{Poll: 1, Settle: 1},
			}
			_, err = Renew(t.Context(), c, req)
			if !errors.Is(err, ErrJournal) {
				t.Errorf("%d records fit: error = %v, want %v", kept, err, ErrJournal)
			}
			got := count{server.Count(ovhrenewtest.RouteOrder), server.Count(ovhrenewtest.RoutePay)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d records fit: sent (-want +got):\n%s", kept, diff)
			}
			if failed, ok := errors.AsType[*StepError](err); !ok || (failed.Paid == PaidNo) != (want.Payments == 0) {
				t.Errorf("%d records and %d bytes fit: told %v", kept, bytes, err)
			}
			// With room again the same journal goes on, and pays once in all.
			req.Journal = mustOpen(t, dir)
			if receipt, err := Renew(t.Context(), c, req); err != nil {
				t.Errorf("%d records fit, then there was room: error = %v", kept, err)
			} else if len(receipt.Services) != 1 || server.PaymentsFor(ovhrenewtest.GuideVPSID) != 1 {
				t.Errorf("%d records fit, then there was room: %d payments, %+v", kept, server.PaymentsFor(ovhrenewtest.GuideVPSID), receipt)
			}
		}
	}
}

// FuzzJournal reads any log: without a panic, as records that were written whole, or
// as damaged. What it accepts it reads the same again.
func FuzzJournal(f *testing.F) {
	var log []byte
	for _, record := range sampleRenewal(7) {
		line, err := formatRecord(record)
		if err != nil {
			f.Fatal(err)
		}
		log = append(log, line...)
		f.Add(line)
	}
	f.Add(log)
	f.Add(log[:len(log)-9])
	f.Add([]byte("\n"))
	f.Add([]byte("00000000 \n"))
	f.Add([]byte("99914b93 {}\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, log []byte) {
		path := filepath.Join(dir, fmt.Sprint(os.Getpid()))
		if err := os.WriteFile(path, log, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var j FileJournal
		if err := j.refresh(file); err != nil {
			if !errors.Is(err, ErrJournal) {
				t.Fatalf("refresh: error = %v, want %v", err, ErrJournal)
			}
			return
		}
		stories(j.all)
		info, err := file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if whole := int64(strings.LastIndexByte(string(log), '\n') + 1); info.Size() != whole || j.end != whole {
			t.Fatalf("refresh left %d bytes and read %d of a log with whole lines up to %d", info.Size(), j.end, whole)
		}
		var again FileJournal
		if err := again.refresh(file); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asJSON(t, j.all), asJSON(t, again.all)); diff != "" {
			t.Fatalf("read again (-first +second):\n%s", diff)
		}
	})
}
