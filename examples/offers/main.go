// Offers reports what of an account can be renewed, for how long and for how much.
// It holds a Reader and nothing else, so it cannot spend.
//
// Without flags it reports on a simulated account; with -live on the account whose
// credentials go-ovh finds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "offers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("offers", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	options := flags.Bool("options", false, "list the offers with the services' options")
	if err := flags.Parse(args); err != nil {
		return err
	}
	reader, err := connect(*live)
	if err != nil {
		return err
	}
	ids, err := reader.ServiceIDs(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERVICE\tEXPIRES\tPERIOD\tBEFORE TAX\tRENEWS")
	failed := 0
	for _, id := range ids {
		err := list(ctx, reader, id, *options, table)
		if errors.Is(err, ovhrenew.ErrUnsupported) || ctx.Err() != nil {
			return err // for the next service too
		}
		if err != nil {
			failed++
			fmt.Fprintf(table, "%d\t-\t-\t-\t%v\n", id, err)
		}
	}
	if failed > 0 {
		err = fmt.Errorf("%d of %d services could not be read", failed, len(ids))
	}
	return errors.Join(table.Flush(), err)
}

func connect(live bool) (ovhrenew.Reader, error) {
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
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}

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
		_, err = fmt.Fprintf(out, "%s\t%s\t-\t-\tnothing offered\n", service.Name(), service.Expiry())
		return err
	}
	for _, offer := range offers {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%v\n", service.Name(), service.Expiry(), offer.Period, offer.Price(), offer.Services())
	}
	return nil
}
