package ovhrenew_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// An application key that may renew with the default payment method, and nothing else.
func ExampleAccessRules() {
	rules, err := ovhrenew.AccessRules(ovhrenew.NeedPay)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range rules {
		fmt.Println(rule) // for ovh.CkRequest: AddRule(rule.Method, rule.Path)
	}
	// Output:
	// GET /services
	// GET /services/*
	// GET /service/*
	// POST /service/*/renew
	// GET /me/order
	// GET /me/order/*
	// POST /me/order/*/pay
	// GET /me/payment/method
	// GET /me/payment/method/*
}

// An OAuth2 client that may set how VPS renew by themselves.
func ExampleIAMActions() {
	actions, err := ovhrenew.IAMActions(ovhrenew.NeedConfigure, ovhrenew.NeedSetInfos("/vps/{serviceName}"))
	fmt.Println(strings.Join(actions, "\n"), err)
	// Output:
	// account:apiovh:service/get
	// account:apiovh:services/edit
	// account:apiovh:services/get
	// account:apiovh:services/options/get
	// account:apiovh:services/renewPeriodCapacities/get
	// vps:apiovh:serviceInfos/edit
	// vps:apiovh:serviceInfos/get <nil>
}

// What a key that only reads lacks for renewing.
func ExampleMissingRules() {
	missing, err := ovhrenew.MissingRules([]ovhrenew.AccessRule{{Method: "GET", Path: "/*"}}, ovhrenew.NeedPay)
	fmt.Println(missing, err)
	// Output: [POST /service/*/renew POST /me/order/*/pay] <nil>
}

// A region that does not renew by order, and a key that may only read.
func ExampleDiagnose() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{NoRenewRoute: true})
	defer server.Close()
	ovhrenewtest.Guide(server)
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		fmt.Println(err)
		return
	}
	diagnosis := ovhrenew.Diagnose(context.Background(), client, ovhrenew.DiagnoseQuery{Needs: []ovhrenew.Need{ovhrenew.NeedConfigure}})
	for _, check := range diagnosis.Checks {
		if check.Verdict == ovhrenew.VerdictProblem {
			fmt.Println(check.Name+":", check.Saw)
		}
	}
	// Output:
	// right to configure: not granted: PUT /services/*
	// renewing: this region has no renewing by order: set services to renew by themselves (API.SetRenewal)
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
