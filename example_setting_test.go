package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A setting asks for something, of what the service offers.
func ExampleRenewSetting() {
	ctx, client := account()
	for _, setting := range []ovhrenew.RenewSetting{
		{},
		{Mode: ovhrenew.ModeAutomatic},
		{Mode: ovhrenew.ModeManual, Period: ovhrenew.P1M},
		{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M},
	} {
		_, err := ovhrenew.PreviewSetting(ctx, client, ovhrenew.ID(11223344), setting)
		fmt.Println(err)
	}
	// Output:
	// PreviewSetting: RenewSetting asks for nothing
	// PreviewSetting: Period is not a number of months
	// PreviewSetting: Period "P1M" goes with the automatic mode only
	// <nil>
}

// What a setting changes, service by service; set again, nothing is left to do.
func ExampleSettingPlan() {
	ctx, client := account()
	monthly := ovhrenew.RenewSetting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M}
	for range 2 {
		plan, err := client.SetRenewal(ctx, ovhrenew.ID(11223344), monthly)
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

// A function that takes a SettingReader can preview settings, and cannot write them.
func ExampleSettingReader() {
	client, server := settingAccount()
	defer server.Close()
	ending := func(r ovhrenew.SettingReader, id ovhrenew.ServiceID) bool {
		_, err := ovhrenew.PreviewSetting(context.Background(), r, ovhrenew.ID(id), ovhrenew.RenewSetting{
			Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M,
		})
		return errors.Is(err, ovhrenew.ErrState)
	}
	fmt.Println(ending(client, 11223344))
	// Output: true
}

// How services renew by themselves, in words.
func ExampleRenewState() {
	fmt.Println(ovhrenew.RenewState{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y})
	fmt.Println(ovhrenew.RenewState{Mode: ovhrenew.ModeManual, Ending: true})
	fmt.Println(ovhrenew.RenewState{})
	// Output:
	// automatic, every P1Y
	// manual, to be deleted
	// not said
}

// A VPS that is to be deleted at its expiry is kept, and renews by itself from now on.
func ExamplePreviewSetting() {
	client, server := settingAccount()
	defer server.Close()
	plan, err := ovhrenew.PreviewSetting(context.Background(), client, ovhrenew.Name("vps112233.ovh.net"), ovhrenew.RenewSetting{
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
func ExampleAPI_SetRenewal() {
	client, server := settingAccount()
	defer server.Close()
	_, err := client.SetRenewal(context.Background(), ovhrenew.Name("vps112233.ovh.net"), ovhrenew.RenewSetting{
		Mode: ovhrenew.ModeAutomatic, Period: "P7M", KeepService: true,
	})
	fmt.Println(err)
	plan, err := client.SetRenewal(context.Background(), ovhrenew.Name("vps112233.ovh.net"), ovhrenew.RenewSetting{
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
