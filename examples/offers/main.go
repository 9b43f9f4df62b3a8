// Offers reports what of an account can be renewed, for how long and for how much.
// It holds a Reader and nothing else, so it cannot spend.
//
// Without flags it reports on a simulated account; with -live on the account whose
// credentials go-ovh finds.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "offers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("offers", flag.ExitOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	options := flags.Bool("options", false, "list the offers with the services' options")
	_ = flags.Parse(args) // what is wrong ends the program
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: offers [-live] [-options]")
		os.Exit(2)
	}
	reader, err := connect(*live, out)
	if err != nil {
		return err
	}
	ids, err := reader.FindServices(ctx, ovhrenew.ServiceQuery{})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERVICE\tID\tEXPIRES\tPERIOD\tBEFORE TAX\tALONG WITH")
	failed := 0
	for _, id := range ids {
		switch err := list(ctx, reader, id, *options, table); {
		case errors.Is(err, ovhrenew.ErrUnsupported):
			return err // for every service
		case err != nil:
			failed++
			fmt.Fprintf(table, "not read\t%d\t%v\n", id, err)
		}
	}
	if failed > 0 {
		err = fmt.Errorf("%d of %d services could not be read", failed, len(ids))
	}
	return errors.Join(table.Flush(), err)
}

// list writes a line for each offer of a service.
func list(ctx context.Context, reader ovhrenew.Reader, id ovhrenew.ServiceID, options bool, out io.Writer) error {
	service, err := reader.Service(ctx, id)
	if err != nil {
		return err
	}
	descriptions, err := reader.Renewals(ctx, id, options)
	if err != nil {
		return err
	}
	offers := ovhrenew.Offers(id, descriptions)
	if len(offers) == 0 {
		fmt.Fprintf(out, "%s\t%d\t%s\tnothing offered\n", service.Name, id, service.Expiry)
	}
	for _, offer := range offers {
		others := slices.DeleteFunc(offer.Services(), func(other ovhrenew.ServiceID) bool { return other == id })
		with := strings.Trim(fmt.Sprint(others), "[]")
		fmt.Fprintf(out, "%s\t%d\t%s\t%s\t%s\t%s\n", service.Name, id, service.Expiry, offer.Period, offer.Price(), cmp.Or(with, "-"))
	}
	return nil
}

func connect(live bool, out io.Writer) (ovhrenew.Reader, error) {
	if live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return nil, err
		}
		return ovhrenew.New(api)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	fmt.Fprintln(out, "simulated account: nothing here is real (-live for your own)")
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
