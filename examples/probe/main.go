// Probe finds out which assumptions about OVHcloud's API hold for an account. It is
// safe to run on a real one: it can send nothing but GET requests, some dozens of
// them at the pace that OVHcloud calls safe; with -quote also one dry run, which asks
// for a price and orders nothing. It prints no names, numbers, prices or secrets of
// the account: its output is made to be posted in public. Read it before you do. Of each
// answer it says which of those that people have published it matches.
//
// Without -live it probes a simulated account.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/probe"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("probe", flag.ExitOnError)
	live := flags.Bool("live", false, "probe the real account that go-ovh's credentials belong to")
	quote := flags.Bool("quote", false, "ask for one quote too: a POST with dryRun true, which orders nothing")
	_ = flags.Parse(args) // what is wrong ends the program
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: probe [-live] [-quote]")
		os.Exit(2)
	}
	if *live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return err
		}
		fmt.Fprintln(out, "probing the real account at", api.Endpoint())
		return probe.Run(ctx, probe.Account{API: api, Base: http.DefaultTransport, Quote: *quote}, out)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Agency(server, 150, 1)
	server.AddOrder(ovhrenewtest.Order{Services: []int64{server.Services()[0].ID}, Period: "P1Y", Price: "9.99"})
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintln(out, "probing a simulated account: this says nothing about OVHcloud (-live for your own)")
	return probe.Run(ctx, probe.Account{API: server.Client(), Base: server.Transport(), Limiter: ovhrenew.Unlimited, Quote: *quote}, out)
}
