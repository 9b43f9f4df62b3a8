// Portfolio renews the services of a whole account: it surveys them, plans the
// renewals that a policy wants, shows the plan, asks, and applies it.
//
//	portfolio plan  [flags]   shows the plan, and with -o keeps it in a file
//	portfolio apply [flags]   makes a plan, or with -plan reads one, and carries it out
//
// Without -live the account is a simulated one inside this program, and nothing is
// real. Credentials that lie around change nothing about that.
//
// On a real account, apply shows the plan and asks at a terminal; anything but yes
// means no. A cron job, which has no terminal, applies a plan that somebody has seen:
// it says -yes, names the file with -plan, and repeats the plan's total with -limit.
//
// An apply that was interrupted is run again with the same -journal: it goes on where
// it was, and pays nothing twice.
//
// The exit status is the first of these that is true:
//
//	4  it is unsure whether something was paid: run again
//	5  something was ordered and not paid, or paid and not seen to be renewed: run again
//	7  something was not begun: interrupted, over budget, or stopped after failures
//	3  something was refused, and neither ordered nor paid, such as since its price changed
//	6  the answer was no: nothing was done
//	2  the command line, the policy or the plan file is wrong: nothing was done
//	1  something else went wrong, or a service could not be read
//	0  everything in the plan is renewed, now or by an earlier run
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The exit statuses, in the order of their numbers.
const (
	exitOK = iota
	exitError
	exitUsage
	exitRefused
	exitUnsure
	exitFailed
	exitNo
	exitNotBegun
)

// program is the world that a run of the program lives in.
type program struct {
	in       io.Reader
	out, err io.Writer
	// asks says that somebody sits at in, and rewrites that err is a terminal, on
	// which a line can be written over.
	asks, rewrites bool
	// live connects to the real account, and simulated has a say in the simulated one.
	live      func() (*ovh.Client, error)
	simulated func(*ovhrenewtest.Server)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	p := program{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, asks: terminal(os.Stdin), rewrites: terminal(os.Stderr),
		live: ovh.NewDefaultClient, simulated: func(*ovhrenewtest.Server) {},
	}
	os.Exit(p.run(ctx, os.Args[1:]))
}

// run runs one command and returns the exit status.
func (p program) run(ctx context.Context, args []string) int {
	o, err := parse(args)
	if err == nil {
		var status int
		if status, err = p.command(ctx, o); err == nil {
			return status
		}
	}
	switch {
	case errors.Is(err, errHelp):
		writeUsage(p.out)
		return exitOK
	case errors.Is(err, errNo):
		fmt.Fprintln(p.err, "portfolio:", err)
		return exitNo
	}
	fmt.Fprintln(p.err, "portfolio:", oneLine(err.Error()))
	if _, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintln(p.err, "portfolio -h lists the flags. Nothing was done.")
		return exitUsage
	}
	return exitError
}

func (p program) command(ctx context.Context, o *options) (int, error) {
	plan, err := o.readPlan()
	if err != nil {
		return 0, err
	}
	account, err := p.connect(o, plan)
	if err != nil {
		return 0, err
	}
	defer account.close()
	show := &progress{w: p.err, rewrite: p.rewrites}
	unread := 0
	if plan == nil {
		if plan, unread, err = makePlan(ctx, account.api, o.policy, show); err != nil {
			return 0, err
		}
	}
	status := exitOK
	if unread > 0 {
		status = exitError
	}
	if err := o.writePlan(plan); err != nil {
		return 0, err
	}
	if o.name == "plan" {
		return status, p.showPlan(o, plan)
	}
	applied, err := p.apply(ctx, account, o, plan, show)
	if applied != exitOK {
		status = applied
	}
	return status, err
}

// terminal reports whether a file is a terminal, or another device that writes
// character by character.
func terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
