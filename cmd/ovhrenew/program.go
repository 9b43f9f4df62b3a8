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

	"github.com/spf13/cobra"
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
		open: open, now: time.Now,
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
	// Cobra's command takes the output as it is now, and any shell.
	root.InitDefaultCompletionCmd("completion")
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args = arguments("", false)
		completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	err = named(cmd, err)
	p.line("")
	if _, told := errors.AsType[toldError](err); !told {
		for i, line := range strings.Split("ovhrenew: "+inFlags(err.Error()), "\n") {
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

func init() { cobra.EnableCommandSorting = false } // they stand in the order in which they are needed

func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "ovhrenew COMMAND [flags]",
		Short: "Renew services of an OVHcloud account, once, within a limit",
		Long: `Ovhrenew lists what ends, shows what is offered, plans, applies a plan that a
person has seen, and reports what it has cost.

With --demo it works on a simulated account. Otherwise it works on the account
whose credentials go-ovh finds: OVH_ENDPOINT, OVH_APPLICATION_KEY,
OVH_APPLICATION_SECRET and OVH_CONSUMER_KEY, or ovh.conf. It spends nothing
without a limit and a yes at a terminal, or --yes together with a plan file.

Exit status: 0 done; 1 something failed or was not renewed; 2 the command line
is wrong, and nothing was done; 3 it is not known whether something was paid:
run the same again.`,
		Args:                       arguments("", false),
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors:              true,
		SilenceUsage:               true,
		TraverseChildren:           true,
		SuggestionsMinimumDistance: 2,
	}
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.BoolVar(&p.demo, "demo", false, "use a simulated account, where nothing is real")
	flags.BoolVar(&p.json, "json", false, "write JSON to the standard output")
	root.AddCommand(
		p.doctorCommand(), p.listCommand(), p.offersCommand(), p.planCommand(), p.applyCommand(),
		p.reportCommand(), p.renewCommand(), p.autoCommand(), p.probeCommand(),
	)
	for _, command := range root.Commands() {
		command.DisableFlagsInUseLine = true
		command.Flags().SortFlags = false
	}
	usage := strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", columns))
	root.SetUsageTemplate(strings.Replace(usage, "{{if .Runnable}}\n  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}\n  {{.CommandPath}} [command]{{end}}", "\n  {{.UseLine}}", 1))
	return root
}

// arguments are those that a command takes: name, or none if that is empty, and several of
// it if more is set.
func arguments(name string, more bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		see := "see " + cmd.CommandPath() + " --help"
		switch {
		case name != "" && len(args) == 0:
			return usagef("%s is missing: %s", name, see)
		case name == "" && len(args) > 0 && cmd.HasSubCommands():
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				see = "is it " + strings.Join(near, " or ") + "? Else " + see
			}
			return usagef("there is no command %q: %s", args[0], see)
		case !more && len(args) > len(strings.Fields(name)):
			return usagef("the argument %q is one too many: %s", args[len(strings.Fields(name))], see)
		}
		return nil
	}
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
