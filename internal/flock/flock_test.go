package flock_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

func open(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func TestTryLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	one, other := open(t, path), open(t, path)
	if err := flock.TryLock(one); err != nil {
		t.Fatal(err)
	}
	if err := flock.TryLock(other); !errors.Is(err, flock.ErrLocked) {
		t.Errorf("TryLock of a locked file = %v, want %v", err, flock.ErrLocked)
	}
	if _, err := other.WriteAt([]byte("text"), 0); err != nil {
		t.Errorf("WriteAt of a locked file = %v, want no error", err)
	}
	if err := flock.Unlock(one); err != nil {
		t.Errorf("Unlock = %v", err)
	}
	if err := flock.TryLock(other); err != nil {
		t.Errorf("TryLock after Unlock = %v", err)
	}
	other.Close()
	if err := flock.TryLock(one); err != nil {
		t.Errorf("TryLock after Close = %v", err)
	}
	one.Close()
	if err := flock.TryLock(one); err == nil || errors.Is(err, flock.ErrLocked) {
		t.Errorf("TryLock of a closed file = %v, want another error than %v", err, flock.ErrLocked)
	}
}

func TestLockWaits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	one, other := open(t, path), open(t, path)
	if err := flock.Lock(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, cause)
	defer cancel()
	if err := flock.Lock(ctx, other); !errors.Is(err, cause) {
		t.Errorf("Lock until its context ends = %v, want %v", err, cause)
	}
	done := make(chan error)
	go func() { done <- flock.Lock(t.Context(), other) }()
	select {
	case err := <-done:
		t.Errorf("Lock of a locked file = %v, want it to wait", err)
	case <-time.After(20 * time.Millisecond):
		if err := flock.Unlock(one); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Errorf("Lock after Unlock = %v", err)
		}
	}
	if err := flock.Lock(ctx, open(t, path+"2")); !errors.Is(err, cause) {
		t.Errorf("Lock of a free file with an ended context = %v, want %v", err, cause)
	}
}

// TestChild is the other process of TestProcessEnds. It is no test by itself.
func TestChild(t *testing.T) {
	path := os.Getenv("FLOCK_CHILD")
	if path == "" {
		return
	}
	if err := flock.TryLock(open(t, path)); err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready")
	_, _ = io.ReadAll(os.Stdin)
}

func TestProcessEnds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self, "-test.run=^TestChild$")
	child.Env = append(os.Environ(), "FLOCK_CHILD="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("ready"))); err != nil {
		t.Fatal(err)
	}
	file := open(t, path)
	if err := flock.TryLock(file); !errors.Is(err, flock.ErrLocked) {
		t.Errorf("TryLock of what another process has = %v, want %v", err, flock.ErrLocked)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	if err := flock.TryLock(file); err != nil {
		t.Errorf("TryLock after the other process was killed = %v", err)
	}
}
