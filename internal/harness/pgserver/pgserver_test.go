package pgserver_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/internal/harness/pgserver"
)

func TestStart(t *testing.T) {
	t.Parallel()
	s, err := pgserver.Start(t.Context())
	if errors.Is(err, pgserver.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, dir, _ := strings.Cut(s.URL(), "host=")
	if psql, err := exec.LookPath("psql"); err == nil {
		out, err := exec.CommandContext(t.Context(), psql, "-At", "-c", "select 6*7", s.URL()).CombinedOutput()
		if err != nil || string(out) != "42\n" {
			t.Errorf("psql = %q, %v", out, err)
		}
	}
	if err := s.Stop(); err != nil {
		t.Errorf("Stop = %v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("after Stop there is still %s: %v", dir, err)
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := os.Stat("/usr/lib/postgresql"); err == nil {
		t.Skip("Postgres is found where Debian puts it")
	}
	if _, err := pgserver.Start(t.Context()); !errors.Is(err, pgserver.ErrMissing) || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("Start without Postgres = %v, want it to say how to install it", err)
	}
}
