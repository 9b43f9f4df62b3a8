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

// The diagnosis of an account that has no payment method a program could use.
func ExampleDiagnosis() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	for _, method := range []int64{ovhrenewtest.GuideMethodID, ovhrenewtest.GuideMethodID + 1} {
		server.ChangePaymentMethod(method, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
	}
	diagnosis := ovhrenew.Diagnose(ctx, client, ovhrenew.DiagnoseQuery{})
	fmt.Println(diagnosis.OK(), diagnosis.Unattended, len(diagnosis.Missing[ovhrenew.NeedPay]))
	for _, check := range diagnosis.Checks {
		fmt.Println(check.Verdict, check.Name)
	}
	// Output:
	// false [] 0
	// ok clock
	// ok credential
	// ok right to read
	// ok right to order
	// ok right to pay
	// warning rights
	// ok services
	// ok renewing
	// problem payment
}
