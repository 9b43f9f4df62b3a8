// Autorenew sets a service and its options to renew by themselves, takes back a
// planned deletion, and shows before what changes: the way to go in regions that do
// not renew by order. It spends later: what renews by itself is charged when its day
// comes.
//
// Without -live it works on a simulated account; with -live on the one whose
// credentials go-ovh finds, and asks before it changes anything.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "autorenew:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("autorenew", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	name := flags.String("service", ovhrenewtest.GuideVPS, "name of the service")
	mode := flags.String("mode", string(ovhrenew.ModeAutomatic), "automatic or manual; empty: as it is")
	period := flags.String("every", "P1M", "period of the automatic renewal")
	keep := flags.Bool("keep", true, "take back a planned deletion")
	preview := flags.Bool("preview", false, "only show what would change")
	if err := flags.Parse(args); err != nil {
		return err
	}
	setting := ovhrenew.RenewSetting{Mode: ovhrenew.RenewMode(*mode), KeepService: *keep, Options: true}
	if setting.Mode == ovhrenew.ModeAutomatic {
		var err error
		if setting.Period, err = ovhrenew.ParsePeriod(*period); err != nil {
			return err
		}
	}
	client, err := connect(*live)
	if err != nil {
		return err
	}
	plan, err := ovhrenew.PreviewSetting(ctx, client, ovhrenew.Name(*name), setting)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, plan)
	if *preview || plan.None() {
		return nil
	}
	if *live {
		fmt.Fprint(out, "Set this? Automatic renewals are charged later, without a limit. [y/N] ")
		if answer, _ := bufio.NewReader(in).ReadString('\n'); strings.TrimSpace(answer) != "y" {
			return errors.New("not confirmed: nothing was changed")
		}
	}
	done, err := client.SetRenewal(ctx, ovhrenew.Name(*name), setting)
	if done != nil {
		for _, change := range done.Changes {
			if change.Done {
				fmt.Fprintln(out, "done:", change.Name)
			}
		}
	}
	return err
}

// connect returns the simulated account, in a region without renewing by order and
// with a VPS that is to be deleted; or with live the real one.
func connect(live bool) (*ovhrenew.API, error) {
	if live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return nil, err
		}
		return ovhrenew.New(api)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{NoRenewRoute: true})
	ovhrenewtest.Guide(server)
	server.ChangeService(ovhrenewtest.GuideVPSID, func(s *ovhrenewtest.Service) { s.DeleteAtExpiration = true })
	server.AddService(ovhrenewtest.Service{Name: "backup", Parent: ovhrenewtest.GuideVPSID})
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
