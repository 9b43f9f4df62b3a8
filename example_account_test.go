package ovhrenew_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The account's name, by which a journal tells accounts apart. Config.Account names it
// for a credential that may not read it.
func ExampleAPI_Account() {
	_, _, server := simulation(ovhrenewtest.Behaviour{})
	ctx := context.Background()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Account: "xx1111-ovh"})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Account(ctx)
	host, name, _ := strings.Cut(account, "/")
	fmt.Println(strings.Contains(server.Endpoint(), host), name, err)
	// Output: true xx1111-ovh <nil>
}

// The API's time does not depend on the clock of this machine.
func ExampleAPI_Time() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	server.SetNow(func() time.Time { return time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC) })
	now, err := client.Time(ctx)
	fmt.Println(ovhrenew.DateOf(now), err)
	// Output: 2026-11-25 <nil>
}

// A key with too few rights: what it has, and what it lacks.
func ExampleAPI_CurrentCredential() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
	key, err := client.CurrentCredential(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.Status, key.Rules, key.Expiration)
	missing, err := ovhrenew.MissingRules(key.Rules, ovhrenew.NeedOrder)
	fmt.Println("missing:", missing, err)
	// Output:
	// validated [GET /*] none
	// missing: [POST /service/*/renew] <nil>
}

// A clock that is wrong does no harm: requests are signed with the API's time.
func ExampleAPI_ClockOffset() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	server.SetNow(func() time.Time { return time.Now().Add(2 * time.Hour) })
	offset, err := client.ClockOffset(ctx)
	fmt.Println(offset.Round(time.Minute), err)
	_, err = client.Account(ctx)
	fmt.Println(err)
	// Output:
	// 2h0m0s <nil>
	// <nil>
}

// A rule of an application key. The star stands for slashes too, and not for nothing.
func ExampleAccessRule() {
	rule := ovhrenew.AccessRule{Method: "GET", Path: "/services/*"}
	fmt.Println(rule)
	fmt.Println(rule.Allows("GET", "/services/11223344/options"), rule.Allows("GET", "/services"), rule.Allows("PUT", "/services/11223344"))
	// Output:
	// GET /services/*
	// true false false
}

func ExampleNeeds() {
	fmt.Println(ovhrenew.Needs())
	// Output: [read order pay pay-mean settings configure bills diagnose]
}

// Naming services by their routes asks the product, which is a right of its own.
func ExampleNeedInfos() {
	fmt.Println(ovhrenew.AccessRules(ovhrenew.NeedInfos("/vps/{serviceName}")))
	fmt.Println(ovhrenew.AccessRules(ovhrenew.NeedInfos("/vps/vps112233.ovh.net"))) // the same: rules are for a product
	_, err := ovhrenew.IAMActions(ovhrenew.NeedInfos("/unheard/of/{serviceName}"))
	fmt.Println(err)
	// Output:
	// [GET /vps/*/serviceInfos] <nil>
	// [GET /vps/*/serviceInfos] <nil>
	// IAMActions: Need "GET /unheard/of/{serviceName}/serviceInfos" has no action on record
}

func ExampleNeedSetInfos() {
	fmt.Println(ovhrenew.AccessRules(ovhrenew.NeedSetInfos("/domain/{serviceName}")))
	// Output: [GET /domain/*/serviceInfos PUT /domain/*/serviceInfos] <nil>
}

// The products that can be named by route, such as those for mail.
func ExampleProducts() {
	for _, product := range ovhrenew.Products() {
		if strings.HasPrefix(product.Route, "/email/domain") {
			fmt.Println(product.Route, product.Actions, product.ReadOnly)
		}
	}
	// Output: /email/domain/{domain} emailDomain:apiovh:serviceInfos false
}
