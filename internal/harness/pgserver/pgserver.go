// Package pgserver runs a Postgres server of its own for tests and examples. It is
// gone, with its data, when it is stopped or when the process ends.
package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ErrMissing says that there is no Postgres on this machine.
var ErrMissing = errors.New("there is no Postgres server on this machine: install one (Debian: apt-get install postgresql), or put its bin directory into PATH")

// Server is a running server.
type Server struct {
	dir    string
	cmd    *exec.Cmd
	stdin  io.Closer // its end stops the server
	stderr *bytes.Buffer
}

// Start starts a server that only this machine can reach, through a socket. The error is
// [ErrMissing] if none is installed. It runs until Stop, and no longer than the process.
func Start(ctx context.Context) (*Server, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, stderr: &bytes.Buffer{}}
	if err := s.start(ctx, bin); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// find returns the directory of the server's programs.
func find() (string, error) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	packaged, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(packaged) // the newest first
	dirs = append(dirs, packaged...)
	for _, dir := range dirs {
		program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil {
			continue
		}
		dir = filepath.Dir(program)
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	return "", ErrMissing
}

// asUser is what has to stand before a command: Postgres refuses to be run by root.
func asUser() []string {
	if os.Geteuid() != 0 {
		return nil
	}
	return []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}
}

func (s *Server) start(ctx context.Context, bin string) error {
	user := asUser()
	if user != nil {
		if out, err := exec.CommandContext(ctx, "chown", "postgres:", s.dir).CombinedOutput(); err != nil {
			return fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	data := filepath.Join(s.dir, "data")
	initdb := slices.Concat(user, []string{filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"})
	if out, err := exec.CommandContext(ctx, initdb[0], initdb[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	// The shell ends the server when its input does, which is when this process dies.
	script := `"$@" & pid=$!; read -r _; kill -INT $pid; wait $pid`
	server := slices.Concat(user, []string{
		"sh", "-c", script, "sh", filepath.Join(bin, "postgres"), "-D", data, "-k", s.dir,
		"-c", "listen_addresses=", "-c", "max_connections=200", "-c", "max_wal_size=2GB",
	})
	s.cmd = exec.Command(server[0], server[1:]...) //nolint:noctx // it lives until Stop
	s.cmd.Stdout, s.cmd.Stderr = s.stderr, s.stderr
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.stdin = stdin
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return err
	}
	return s.ready(ctx, bin)
}

// ready waits until the server answers.
func (s *Server) ready(ctx context.Context, bin string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if exec.CommandContext(ctx, filepath.Join(bin, "pg_isready"), "-q", "-h", s.dir).Run() == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w: %s", ctx.Err(), strings.TrimSpace(s.stderr.String()))
		case <-tick.C:
		}
	}
}

// URL is how to connect to the server's database postgres, as pgx and psql take it.
func (s *Server) URL() string { return "postgres:///postgres?user=postgres&host=" + s.dir }

// Stop stops the server and removes its data.
func (s *Server) Stop() error {
	if s.cmd != nil {
		s.stdin.Close()
		_ = s.cmd.Wait() // the shell's status says nothing
	}
	return os.RemoveAll(s.dir)
}
