package access_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// An application key that may renew with the default payment method, and nothing else.
func ExampleRules() {
	rules, err := access.Rules(access.Pay)
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
	// GET /me
	// POST /service/*/renew
	// GET /me/order
	// GET /me/order/*
	// POST /me/order/*/pay
	// GET /me/payment/method
	// GET /me/payment/method/*
}

// An OAuth2 client that may set how VPS renew by themselves.
func ExampleActions() {
	actions, err := access.Actions(access.Configure, access.SetInfos("/vps/{serviceName}"))
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
func ExampleMissing() {
	missing, err := access.Missing([]access.Rule{{Method: "GET", Path: "/*"}}, access.Pay)
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
	diagnosis := access.Diagnose(context.Background(), client, access.Query{Needs: []access.Need{access.Configure}})
	for _, check := range diagnosis.Checks {
		if check.Verdict == access.Problem {
			fmt.Println(check.Name+":", check.Saw)
		}
	}
	// Output:
	// right to configure: not granted: PUT /services/*
	// renewing: this region answers that it has no renewing by order: set services to renew by themselves (package autorenew)
}

// A key with too few rights: what it has, and what it lacks.
func ExampleCurrent() {
	ctx, client, server := simulation()
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
	key, err := access.Current(ctx, client)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.Status, key.Rules, key.Expiration)
	missing, err := access.Missing(key.Rules, access.Order)
	fmt.Println("missing:", missing, err)
	// Output:
	// validated [GET /*] none
	// missing: [POST /service/*/renew] <nil>
}

// A rule of an application key. The star stands for slashes too, and not for nothing.
func ExampleRule() {
	rule := access.Rule{Method: "GET", Path: "/services/*"}
	fmt.Println(rule)
	fmt.Println(rule.Allows("GET", "/services/11223344/options"), rule.Allows("GET", "/services"), rule.Allows("PUT", "/services/11223344"))
	// Output:
	// GET /services/*
	// true false false
}

func ExampleNeeds() {
	fmt.Println(access.Needs())
	// Output: [read order pay pay-mean settings configure bills diagnose]
}

// Naming services by their routes asks the product, which is a right of its own.
func ExampleInfos() {
	fmt.Println(access.Rules(access.Infos("/vps/{serviceName}")))
	fmt.Println(access.Rules(access.Infos("/vps/vps112233.ovh.net"))) // the same: rules are for a product
	_, err := access.Actions(access.Infos("/unheard/of/{serviceName}"))
	fmt.Println(err)
	// Output:
	// [GET /vps/*/serviceInfos] <nil>
	// [GET /vps/*/serviceInfos] <nil>
	// access.Actions: Need "GET /unheard/of/{serviceName}/serviceInfos" has no action on record
}

func ExampleSetInfos() {
	fmt.Println(access.Rules(access.SetInfos("/domain/{serviceName}")))
	// Output: [GET /domain/*/serviceInfos PUT /domain/*/serviceInfos] <nil>
}

// The diagnosis of an account that has no payment method a program could use.
func ExampleDiagnosis() {
	ctx, client, server := simulation()
	for _, method := range []int64{ovhrenewtest.GuideMethodID, ovhrenewtest.GuideMethodID + 1} {
		server.ChangePaymentMethod(method, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
	}
	diagnosis := access.Diagnose(ctx, client, access.Query{})
	fmt.Println(diagnosis.OK(), diagnosis.Unattended, len(diagnosis.Missing[access.Pay]))
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

// simulation returns a client of a simulated account, and the server behind it.
func simulation() (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
