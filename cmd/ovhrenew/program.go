package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/ovhrenew/ovhrenew"
)

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1 // something failed or was not renewed; what was paid is known and told
	exitUsage  = 2 // the command line is wrong, and nothing was done
	exitUnsure = 3 // it is not known whether something was paid: run the same again
)

// program is one run of the command, with what it touches of the world.
type program struct {
	in       *bufio.Reader
	out, err io.Writer
	// terminal says that a person is there to be asked, live that err is a terminal, whose
	// last line can be written anew.
	terminal, live bool
	// open returns the account.
	open func(ctx context.Context, p *program) (*account, error)
	now  func() time.Time
	// columns is how wide tables may be: as the terminal that out is.
	columns int

	demo, json bool
	asksForKey bool // nothing is done with the one there is
	journal    journalFlags
	screen     screen
}

func newProgram() *program {
	isTerminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	return &program{
		in: bufio.NewReader(os.Stdin), out: os.Stdout, err: os.Stderr,
		terminal: isTerminal(os.Stdin) && isTerminal(os.Stderr), live: isTerminal(os.Stderr),
		open: open, now: time.Now, columns: width(os.Stdout), screen: screen{columns: min(width(os.Stderr), columns)},
	}
}

// usageError is a command line that makes no sense.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run carries out a command line and returns the exit status.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.command()
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	p.addCompletion(root)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	err = named(cmd, err)
	p.line("")
	if untold := untold(err); untold != nil {
		for i, line := range strings.Split("ovhrenew: "+inFlags(untold.Error()), "\n") {
			fmt.Fprintln(p.err, wrap(strings.Repeat("  ", min(i, 1))+line, "    "))
		}
	}
	_, usage := errors.AsType[usageError](err)
	switch {
	case usage:
		return exitUsage
	case errors.Is(err, ovhrenew.ErrUnsure):
		return exitUnsure
	}
	return exitFailed
}

// toldError is an error of which everything has been said.
type toldError struct{ error }

func (e toldError) Unwrap() error { return e.error }

// untold is what has not been said of an error; nil if everything has.
func untold(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, one := range joined.Unwrap() {
			rest = append(rest, untold(one))
		}
		return errors.Join(rest...)
	}
	if _, told := errors.AsType[toldError](err); told {
		return nil
	}
	return err
}

// writeJSON writes a value as JSON that a person can read too.
func (p *program) writeJSON(value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s\n", text)
	return err
}

// say tells a person something that is not the result.
func (p *program) say(format string, args ...any) {
	p.line("")
	fmt.Fprintln(p.err, wrap(fmt.Sprintf(format, args...), "  "))
}
