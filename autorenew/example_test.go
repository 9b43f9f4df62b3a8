package autorenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A setting asks for something, of what the service offers.
func ExampleSetting() {
	ctx, client := account()
	for _, setting := range []autorenew.Setting{
		{},
		{Mode: ovhrenew.ModeAutomatic},
		{Mode: ovhrenew.ModeManual, Period: ovhrenew.P1M},
		{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M},
	} {
		_, err := autorenew.Preview(ctx, client, ovhrenew.ID(11223344), setting)
		fmt.Println(err)
	}
	// Output:
	// autorenew.Preview: Setting asks for nothing
	// autorenew.Preview: Period is not a number of months
	// autorenew.Preview: Period "P1M" goes with the automatic mode only
	// <nil>
}

// What a setting changes, service by service; set again, nothing is left to do.
func ExamplePlan() {
	ctx, client := account()
	monthly := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M}
	for range 2 {
		plan, err := autorenew.Set(ctx, client, ovhrenew.ID(11223344), monthly)
		if err != nil {
			log.Fatal(err)
		}
		change := plan.Changes[0]
		fmt.Println(change.Name, "from", change.From, "to", change.To, "- nothing to do:", plan.None())
	}
	// Output:
	// vps112233.ovh.net from manual to automatic, every P1M - nothing to do: false
	// vps112233.ovh.net from automatic, every P1M to automatic, every P1M - nothing to do: true
}

// A function that takes a Reader can preview settings, and cannot write them.
func ExampleReader() {
	client, server := settingAccount()
	defer server.Close()
	ending := func(r autorenew.Reader, id ovhrenew.ServiceID) bool {
		_, err := autorenew.Preview(context.Background(), r, ovhrenew.ID(id), autorenew.Setting{
			Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M,
		})
		return errors.Is(err, ovhrenew.ErrState)
	}
	fmt.Println(ending(client, 11223344))
	// Output: true
}

// How services renew by themselves, in words.
func ExampleState() {
	fmt.Println(autorenew.State{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y})
	fmt.Println(autorenew.State{Mode: ovhrenew.ModeManual, Ending: true})
	fmt.Println(autorenew.State{})
	// Output:
	// automatic, every P1Y
	// manual, to be deleted
	// not said
}

// A VPS that is to be deleted at its expiry is kept, and renews by itself from now on.
func ExamplePreview() {
	client, server := settingAccount()
	defer server.Close()
	plan, err := autorenew.Preview(context.Background(), client, ovhrenew.Name("vps112233.ovh.net"), autorenew.Setting{
		Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, KeepService: true, Options: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range plan.Changes {
		if change.Follows {
			fmt.Printf("%s: goes with its service\n", change.Name)
			continue
		}
		fmt.Printf("%s: %s -> %s\n", change.Name, change.From, change.To)
	}
	// Output:
	// vps112233.ovh.net: manual, to be deleted -> automatic, every P1M
	// backup: goes with its service
}

// Setting is checked as a whole first; what was set is read again.
func ExampleSet() {
	client, server := settingAccount()
	defer server.Close()
	_, err := autorenew.Set(context.Background(), client, ovhrenew.Name("vps112233.ovh.net"), autorenew.Setting{
		Mode: ovhrenew.ModeAutomatic, Period: "P7M", KeepService: true,
	})
	fmt.Println(err)
	plan, err := autorenew.Set(context.Background(), client, ovhrenew.Name("vps112233.ovh.net"), autorenew.Setting{
		Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, KeepService: true,
	})
	fmt.Println(plan.Changes[0].Done, err)
	// Output:
	// vps112233.ovh.net (11223344): setting not offered: period P7M (offered: P1M, P3M, P6M, P1Y)
	// true <nil>
}

// settingAccount is a simulated account with a VPS that is to be deleted.
func settingAccount() (*ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ChangeService(ovhrenewtest.GuideVPSID, func(s *ovhrenewtest.Service) { s.DeleteAtExpiration = true })
	server.AddService(ovhrenewtest.Service{Name: "backup", Parent: ovhrenewtest.GuideVPSID})
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		panic(err)
	}
	return client, server
}

// account returns a client of a simulated account.
func account() (context.Context, *ovhrenew.API) {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client
}
