// Autorenew sets a service and its options to renew by themselves, and shows before
// what changes: the way to go in regions that do not renew by order. It spends later:
// what renews by itself is charged when its day comes.
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
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "autorenew:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("autorenew", flag.ExitOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	name := flags.String("service", ovhrenewtest.GuideVPS, "name, route (/vps/NAME) or id of the service")
	mode := flags.String("mode", "automatic", "automatic or manual; empty: as it is")
	every := flags.String("every", "P1M", "period of the automatic renewal")
	keep := flags.Bool("keep", true, "take back a planned deletion")
	preview := flags.Bool("preview", false, "only show what would change")
	_ = flags.Parse(args) // what is wrong ends the program
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: autorenew [-live] [-preview] [-service NAME] [-mode MODE] [-every PERIOD] [-keep=false]")
		os.Exit(2)
	}
	service, err1 := ovhrenew.ParseTarget(*name)
	period, err2 := ovhrenew.ParsePeriod(*every)
	client, err3 := connect(*live, out)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	setting := autorenew.Setting{Mode: ovhrenew.RenewMode(*mode), KeepService: *keep, Options: true}
	if setting.Mode == ovhrenew.ModeAutomatic {
		setting.Period = period
	}

	plan, err := autorenew.Preview(ctx, client, service, setting)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, strings.ReplaceAll(plan.String(), "; ", ";\n    "))
	if *preview || plan.None() {
		return nil
	}
	if *live {
		fmt.Fprint(out, "Set this? Automatic renewals are charged later, without a limit. [y/N] ")
		answer, _ := bufio.NewReader(in).ReadString('\n') // no answer is no
		if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
			return errors.New("not confirmed: nothing was changed")
		}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt) // from here on, Ctrl-C still tells what was done
	defer stop()
	if plan, err = autorenew.Set(ctx, client, service, setting); plan == nil {
		return err
	}
	for _, change := range plan.Changes {
		if change.Done {
			fmt.Fprintln(out, "done:", change.Name)
		}
	}
	return err
}

// connect returns the simulated account, in a region without renewing by order and
// with a VPS that is to be deleted; or with live the real one.
func connect(live bool, out io.Writer) (*ovhrenew.API, error) {
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
	fmt.Fprintln(out, "simulated account: nothing here is real (-live for your own)")
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
