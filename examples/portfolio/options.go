package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// usageError is a mistake of whoever started the program.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

var errHelp = errors.New("help is wanted")

// options are what the command line says.
type options struct {
	name string // plan or apply

	live, json, verbose bool
	policyFile          string
	policy              ovhrenew.Policy
	output              string
	services            int
	seed                uint64

	planFile  string
	yes       bool
	pay       ovhrenew.Payment
	journal   string
	workers   int
	stopAfter int
}

// policyFlags make up a policy, which a file or a plan can bring instead.
var policyFlags = []string{"policy", "period", "within", "limit", "never", "tax"}

func parse(args []string) (*options, error) {
	if len(args) == 0 {
		return nil, usage("say plan or apply")
	}
	o := &options{name: args[0], pay: ovhrenew.DefaultMethod}
	switch o.name {
	case "plan", "apply":
	case "help", "-h", "-help", "--help":
		return nil, errHelp
	default:
		return nil, usage("%q is neither plan nor apply", o.name)
	}
	flags := o.flags()
	switch err := flags.Parse(args[1:]); {
	case errors.Is(err, flag.ErrHelp):
		return nil, errHelp
	case err != nil:
		return nil, usageError{err}
	case flags.NArg() > 0:
		return nil, usage("%q is left over on the command line", flags.Arg(0))
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return o, o.settle(given)
}

// flags are those of the command; of both commands if it has no name.
func (o *options) flags() *flag.FlagSet {
	f := flag.NewFlagSet(o.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&o.live, "live", false, "use the real account of go-ovh's credentials; without it all is simulated")
	f.BoolVar(&o.json, "json", false, "write JSON to the standard output: the plan, or what came of it")
	f.BoolVar(&o.verbose, "v", false, "list everything that is left out, and everything that was renewed")

	f.StringVar(&o.policyFile, "policy", "", "`file` with a policy in JSON, instead of the flags for one")
	o.policy.Period = ovhrenew.P1Y
	f.Func("period", "`period` to renew for, such as P1Y or P3M (default P1Y)", func(s string) (err error) {
		o.policy.Period, err = ovhrenew.ParsePeriod(s)
		return err
	})
	f.IntVar(&o.policy.DueWithinDays, "within", 0, "renew what ends within so many `days` (default 30, or half of the period)")
	f.Func("limit", "what may be spent, tax included, such as \"500 EUR\"; `amount`s in several currencies by several -limit", func(s string) error {
		limit, err := ovhrenew.ParseMoney(s)
		o.policy.Total = append(o.policy.Total, limit)
		return err
	})
	f.Func("never", "`pattern` of names never to renew, such as *.example.ovh; repeatable", func(s string) error {
		o.policy.Never = append(o.policy.Never, ovhrenew.Selection{Names: []string{s}})
		return nil
	})
	f.StringVar(&o.policy.TaxPercent, "tax", "20", "`percent` of tax on top of the prices offered")
	f.StringVar(&o.output, "o", "", "`file` to write the plan to")
	f.IntVar(&o.services, "services", 300, "how many services the simulated account has")
	f.Uint64Var(&o.seed, "seed", 1, "which simulated account")
	if o.name == "plan" {
		return f
	}
	f.StringVar(&o.planFile, "plan", "", "apply: `file` with the plan to carry out; -limit then repeats its total")
	f.BoolVar(&o.yes, "yes", false, "apply: do not ask; with -live only along with -plan and -limit")
	f.Func("pay", "apply: `how` to pay, such as \"payment method 42\" (default \""+ovhrenew.DefaultMethod.String()+"\")", func(s string) (err error) {
		o.pay, err = ovhrenew.ParsePayment(s)
		return err
	})
	f.StringVar(&o.journal, "journal", "", "apply: `directory` that remembers what was begun (default with -live: "+defaultJournal()+")")
	f.IntVar(&o.workers, "workers", 4, "apply: how many orders at once")
	f.IntVar(&o.stopAfter, "stop-after", 3, "apply: begin nothing further after so many failures; 0: go on")
	return f
}

// settle refuses what does not go together, before anything is asked of an account.
func (o *options) settle(given map[string]bool) error {
	for _, name := range policyFlags {
		switch {
		case o.planFile != "" && name != "limit" && given[name]:
			return usage("-%s does not go with -plan, which has its policy", name)
		case o.policyFile != "" && name != "policy" && given[name]:
			return usage("-%s does not go with -policy", name)
		}
	}
	for _, name := range []string{"services", "seed"} {
		if o.live && given[name] {
			return usage("-%s is for the simulated account, not for -live", name)
		}
	}
	switch {
	case o.services < 0:
		return usage("-services %d is negative", o.services)
	case o.workers < 0 || o.stopAfter < 0:
		return usage("-workers and -stop-after take no negative numbers")
	case o.journal != "" && !o.live:
		return usage("-journal is for -live: the simulated account ends with the program")
	case o.live && o.yes && (o.planFile == "" || !given["limit"]):
		return usage("-live -yes needs -plan with a plan that somebody has seen, and -limit with its total")
	case o.planFile != "":
		return nil // the limits are compared once it is read
	case o.policyFile != "":
		return o.readPolicy()
	case o.live && !given["limit"]:
		return usage("-live needs -limit: what may be spent, tax included")
	case !given["limit"]:
		o.policy.Total = []ovhrenew.Money{simulatedLimit}
	}
	return o.checkPolicy()
}

// simulatedLimit is what the simulated account may spend if nothing is said.
var simulatedLimit = ovhrenew.MustMoney("2000 EUR")

func (o *options) readPolicy() error {
	data, err := os.ReadFile(o.policyFile)
	if err != nil {
		return usageError{err}
	}
	o.policy = ovhrenew.Policy{}
	if err := decodeStrictly(data, &o.policy); err != nil {
		return usage("%s: %w", o.policyFile, err)
	}
	return o.checkPolicy()
}

func (o *options) checkPolicy() error {
	if _, err := o.policy.Wants(today()); err != nil {
		return usageError{err}
	}
	return nil
}

// repeats reports whether the limits on the command line are a plan's totals.
func repeats(limits, totals []ovhrenew.Money) bool {
	for _, total := range totals {
		if !slices.Contains(limits, total) {
			return false
		}
	}
	// What is left over is 0 of something.
	extra := slices.DeleteFunc(slices.Clone(limits), func(m ovhrenew.Money) bool { return slices.Contains(totals, m) })
	return !slices.ContainsFunc(extra, func(m ovhrenew.Money) bool { return m.Sign() != 0 })
}

func defaultJournal() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = "."
	}
	return filepath.Join(dir, "ovhrenew")
}

func writeUsage(w io.Writer) {
	fmt.Fprint(w, `Portfolio renews the services of an account: of a simulated one, or with -live of yours.

  portfolio plan  [flags]   shows what would be renewed; -o keeps the plan in a file
  portfolio apply [flags]   shows it, asks, and renews; -plan takes the plan from a file

`)
	f := (&options{}).flags()
	f.SetOutput(w)
	f.PrintDefaults()
	fmt.Fprint(w, `
Exit status, the first that is true:
  4  unsure whether something was paid: run again
  5  something was ordered and not paid, or paid and not seen to be renewed: run again
  7  something was not begun: interrupted, over budget, or stopped after failures
  3  something was refused, and neither ordered nor paid
  6  the answer was no: nothing was done
  2  the command line, the policy or the plan file is wrong: nothing was done
  1  something else went wrong, or a service could not be read
  0  everything in the plan is renewed, now or by an earlier run
`)
}
