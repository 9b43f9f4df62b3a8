// Doctor says what keeps a program from renewing: clock, credential and rights,
// region, payment. With -request it asks for a consumer key that has just the rights
// that are needed, and none to delete.
//
// Without -live it looks at a simulated account; with -live at the one whose
// credentials go-ovh finds.
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
		fmt.Fprintln(os.Stderr, "doctor:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	request := flags.Bool("request", false, "ask for a consumer key with the rights for -for")
	wants := flags.String("for", "read,order,pay", "what the program is to do: "+fmt.Sprint(ovhrenew.Needs())+", or \"infos /vps/{serviceName}\"")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var needs []ovhrenew.Need
	for want := range strings.SplitSeq(*wants, ",") {
		needs = append(needs, ovhrenew.Need(want))
	}
	if *live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return err
		}
		return work(ctx, api, needs, *request, ovhrenew.Config{}, in, out)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	rules, err := ovhrenew.AccessRules(ovhrenew.NeedRead, ovhrenew.NeedDiagnose)
	if err != nil {
		return err
	}
	var granted []ovhrenewtest.Rule
	for _, rule := range rules {
		granted = append(granted, ovhrenewtest.Rule(rule))
	}
	server.Grant(granted...)
	return work(ctx, server.Client(), needs, *request, ovhrenew.Config{Limiter: ovhrenew.Unlimited}, in, out)
}

func work(ctx context.Context, api *ovh.Client, needs []ovhrenew.Need, request bool, config ovhrenew.Config, in io.Reader, out io.Writer) error {
	if request {
		return ask(api, needs, in, out)
	}
	client, err := ovhrenew.NewWithConfig(api, config)
	if err != nil {
		return err
	}
	diagnosis := ovhrenew.Diagnose(ctx, client, ovhrenew.DiagnoseQuery{Needs: needs})
	fmt.Fprint(out, diagnosis)
	if !diagnosis.OK() {
		return errors.New("something will not work: see above")
	}
	return nil
}

// ask asks OVHcloud for a key. It can do nothing until its owner has opened the link.
func ask(api *ovh.Client, needs []ovhrenew.Need, in io.Reader, out io.Writer) error {
	rules, err := ovhrenew.AccessRules(append(needs, ovhrenew.NeedDiagnose)...)
	if err != nil {
		return err
	}
	wanted := api.NewCkRequest()
	for _, rule := range rules {
		fmt.Fprintln(out, rule)
		wanted.AddRule(rule.Method, rule.Path)
	}
	fmt.Fprintf(out, "Ask %s for a consumer key with these rights? [y/N] ", api.Endpoint())
	if answer, _ := bufio.NewReader(in).ReadString('\n'); strings.TrimSpace(answer) != "y" {
		return errors.New("not confirmed: no key was asked for")
	}
	key, err := wanted.Do()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "open     %s\nthen set OVH_CONSUMER_KEY=%s\n", key.ValidationURL, key.ConsumerKey)
	return err
}
