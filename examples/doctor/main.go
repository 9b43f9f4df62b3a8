// Doctor says what keeps a program from renewing: clock, credential and rights,
// region, payment. With -request it asks for a consumer key that has just the rights
// that are needed, and none to delete.
//
// Without -live it looks at a simulated account; with -live at the one whose
// credentials go-ovh finds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "doctor:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("doctor", flag.ExitOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	request := flags.Bool("request", false, "ask for a consumer key with the rights for -for")
	known := strings.Trim(fmt.Sprint(access.Needs()), "[]")
	wants := flags.String("for", "read,order,pay", "what the program is to do, some of:\n"+known+", \"infos /vps/{serviceName}\"\n")
	_ = flags.Parse(args) // what is wrong ends the program
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: doctor [-live] [-request] [-for WHAT,WHAT]")
		os.Exit(2)
	}
	var needs []access.Need
	for want := range strings.SplitSeq(*wants, ",") {
		needs = append(needs, access.Need(strings.TrimSpace(want)))
	}
	if _, err := access.Rules(needs...); err != nil {
		return fmt.Errorf("-for %s: %w: see -h", *wants, err)
	}

	api, config, err := connect(*live, out)
	if err != nil {
		return err
	}
	if *request {
		return requestKey(api, needs, in, out)
	}
	client, err := ovhrenew.NewWithConfig(api, config)
	if err != nil {
		return err
	}
	diagnosis := access.Diagnose(ctx, client, access.Query{Needs: needs})
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, check := range diagnosis.Checks {
		saw := check.Saw
		if len(saw) > 70 {
			saw = strings.NewReplacer("; ", ";\n\t\t", ", POST ", ",\n\t\tPOST ").Replace(saw)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", check.Verdict, check.Name, saw)
	}
	if !diagnosis.OK() {
		err = errors.New("something will not work: see above")
	}
	return errors.Join(table.Flush(), err)
}

// connect returns the simulated account, with a key that may only read; or with live
// the real one.
func connect(live bool, out io.Writer) (*ovh.Client, ovhrenew.Config, error) {
	if live {
		api, err := ovh.NewDefaultClient()
		return api, ovhrenew.Config{}, err
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return nil, ovhrenew.Config{}, err
	}
	rules, err := access.Rules(access.Read, access.Diagnosing)
	var granted []ovhrenewtest.Rule
	for _, rule := range rules {
		granted = append(granted, ovhrenewtest.Rule(rule))
	}
	server.Grant(granted...)
	fmt.Fprintln(out, "simulated account, and a key that may only read (-live for your own)")
	return server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited}, err
}
