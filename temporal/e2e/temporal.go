package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// temporalServer is the process of a Temporal server.
type temporalServer struct {
	address, namespace string

	process *exec.Cmd
	stdin   io.Closer
}

// startTemporal compiles and starts the server, which is a module of its own: what it
// depends on is not what workers depend on.
func startTemporal(ctx context.Context, dir string) (*temporalServer, error) {
	_, file, _, ok := runtime.Caller(0)
	source := filepath.Join(filepath.Dir(file), "server")
	if _, err := os.Stat(source); !ok || err != nil {
		return nil, errors.New("the server's source is not where this program was compiled: use go run . in its directory")
	}
	binary := filepath.Join(dir, "temporal")
	fmt.Println("Compiling the Temporal server: some minutes the first time")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir, build.Stderr = source, os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("compiling the Temporal server: %w", err)
	}
	return runTemporal(binary)
}

func runTemporal(binary string) (*temporalServer, error) {
	s := &temporalServer{process: exec.Command(binary)}
	s.process.Stderr = os.Stderr
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdin, err := s.process.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.stdin = stdin
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err == nil {
		_, err = fmt.Sscan(line, &s.address, &s.namespace)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("the Temporal server did not start: %w", err)
	}
	fmt.Println("Temporal started in", time.Since(began).Round(time.Millisecond))
	return s, nil
}

func (s *temporalServer) stop() {
	s.stdin.Close()
	time.AfterFunc(10*time.Second, func() { _ = s.process.Process.Kill() })
	_ = s.process.Wait()
}
