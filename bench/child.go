package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// child is a server in another process, so that neither its time nor its memory is
// measured.
type child struct {
	endpoint string
	command  *exec.Cmd
	stdin    io.Closer
}

// runChild is the whole of such a process. It is false if args are not for one.
func runChild(args []string) bool {
	var do func(args []string) error
	switch args[0] {
	case "child-serve":
		do = serve
	case "child-answer":
		do = serveAnswers
	case "child-stream":
		do = stream
	default:
		return false
	}
	if err := do(args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", args[0], err)
		os.Exit(1)
	}
	return true
}

// startChild starts a process that serves.
func startChild(args ...string) (*child, error) {
	c := &child{command: again(args...)}
	stdin, err := c.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.stdin = stdin
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		c.stop()
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	c.endpoint = strings.TrimSpace(line)
	return c, nil
}

func (c *child) stop() {
	_ = c.stdin.Close()
	_ = c.command.Wait()
}

// again is this program, in another process.
func again(args ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], args...)
	command.Stderr = os.Stderr
	return command
}

// serveUntilEOF tells the parent where this process serves, and waits until it wants
// no more or is no more.
func serveUntilEOF(endpoint string) error {
	fmt.Println(endpoint)
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}
