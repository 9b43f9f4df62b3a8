// What the reference shows of finding and reading services.

package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A service is named as a person knows it, by its path in the API, or by its number.
func ExampleTarget() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	for _, target := range []ovhrenew.Target{
		ovhrenew.Name("vps112233.ovh.net"), ovhrenew.Route("/vps/vps112233.ovh.net"), ovhrenew.ID(11223344), {},
	} {
		id, err := ovhrenew.Find(ctx, client, target)
		fmt.Println(target, "is", id, err)
	}
	// Output:
	// vps112233.ovh.net is 11223344 <nil>
	// /vps/vps112233.ovh.net is 11223344 <nil>
	// 11223344 is 11223344 <nil>
	// no service is 0 Find: Target names no service
}

// A name is the whole name, as the account has it.
func ExampleName() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	fmt.Println(ovhrenew.Find(ctx, client, ovhrenew.Name("vps112233.ovh.net")))
	_, err := ovhrenew.Find(ctx, client, ovhrenew.Name("vps112233"))
	fmt.Println(err, errors.Is(err, ovhrenew.ErrNotFound))
	// Output:
	// 11223344 <nil>
	// service "vps112233": not found: similar names: vps112233.ovh.net true
}

// A domain and its hosting have one name. Their routes differ.
func ExampleRoute() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	fmt.Println(ovhrenew.Find(ctx, client, ovhrenew.Route("/domain/example.ovh")))
	fmt.Println(ovhrenew.Find(ctx, client, ovhrenew.Route("/hosting/web/example.ovh")))
	_, err := ovhrenew.Find(ctx, client, ovhrenew.Route("domain/example.ovh"))
	fmt.Println(err)
	// Output:
	// 12345 <nil>
	// 67890 <nil>
	// Find: route "domain/example.ovh" must begin with a slash and not end with one
}

// A number is taken as it is: Find asks nobody, and whether there is such a service
// shows when it is read.
func ExampleID() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	id, err := ovhrenew.Find(ctx, client, ovhrenew.ID(999))
	fmt.Println(id, err)
	_, err = ovhrenew.ReadService(ctx, client, id)
	fmt.Println(errors.Is(err, ovhrenew.ErrNotFound))
	// Output:
	// 999 <nil>
	// true
}

// For a flag or a line of a file.
func ExampleParseTarget() {
	for _, text := range []string{"vps112233.ovh.net", "/domain/example.ovh", "11223344", "-5", "/vps/../domain", " "} {
		target, err := ovhrenew.ParseTarget(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s: %v\n", target, target == ovhrenew.ID(11223344))
	}
	// Output:
	// vps112233.ovh.net: false
	// /domain/example.ovh: false
	// 11223344: true
	// ParseTarget: text "-5" is not an id
	// ParseTarget: route "/vps/../domain" has an empty or relative segment
	// ParseTarget: text is empty: want a name, a route or an id
}

// A snapshot is what the guards decide by, read uncached.
func ExampleReadService() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	service, err := ovhrenew.ReadService(ctx, client, 11223344)
	if err != nil {
		log.Fatal(err)
	}
	today := ovhrenew.DateOf(time.Now())
	fmt.Println(service.Name, service.Mode, "expires in two weeks:", today.DaysUntil(service.Expiry) <= 14)
	// Output: vps112233.ovh.net manual expires in two weeks: true
}

// The guards are pure: they can be asked about any service on any day.
func ExampleGuards_State() {
	option := ovhrenew.Service{ID: 55, Name: "backup", Expiry: ovhrenew.MustDate("2026-06-15"), Parent: 11223344}
	fmt.Println(ovhrenew.Guards{}.State(option, ovhrenew.MustDate("2026-06-01")))
	endless := ovhrenew.Service{ID: 56, Name: "zone"}
	fmt.Println(ovhrenew.Guards{}.State(endless, ovhrenew.MustDate("2026-06-01")))
	// Output:
	// backup (55): not in a renewable state: it is an option of service 11223344: renew that one
	// zone (56): not in a renewable state: it has no expiry, so that a renewal could not be verified
}

// FindServices asks the API, which matches names in its own way; Find makes sure.
func ExampleAPI_FindServices() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	ids, err := client.FindServices(ctx, ovhrenew.ServiceQuery{ResourceName: "example.ovh"})
	fmt.Println(ids, err)
	ids, err = client.FindServices(ctx, ovhrenew.ServiceQuery{Routes: []string{"/vps/{serviceName}"}})
	fmt.Println(ids, err)
	all, err := client.FindServices(ctx, ovhrenew.ServiceQuery{})
	fmt.Println(all, err)
	// Output:
	// [12345 67890] <nil>
	// [11223344] <nil>
	// [11223344 12345 67890] <nil>
}

// Services streams the account: no deciding about money by it, since it may be cached.
func ExampleAPI_Services() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	for service, err := range client.Services(ctx, ovhrenew.ServiceQuery{}) {
		if err != nil {
			fmt.Println(err) // one service; the stream goes on
			continue
		}
		fmt.Println(service.ID, service.Route, service.Mode)
	}
	// Output:
	// 11223344 /vps/vps112233.ovh.net manual
	// 12345 /domain/example.ovh manual
	// 67890 /hosting/web/example.ovh manual
}

// One service with its billing, and the same as the account's other list has it.
func ExampleAPI_Service() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	service, err := client.Service(ctx, 11223344)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(service.Name, service.Product, service.Lifecycle)
	listed, err := client.ListedService(ctx, 11223344)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listed.Billing, listed.Type, listed.Expiry == service.Expiry)
	_, err = client.Service(ctx, 999)
	fmt.Println(errors.Is(err, ovhrenew.ErrNotFound))
	// Output:
	// vps112233.ovh.net vps-starter-1-2-20 active
	// ok manual true
	// true
}

// What has expired is answered with an error by its product, and may be renewable.
func ExampleAPI_ServiceInfos() {
	ctx, client, server := simulatedServices(ovhrenewtest.Behaviour{})
	infos, err := client.ServiceInfos(ctx, "/vps/vps112233.ovh.net")
	fmt.Println(infos.ID, infos.Billing, infos.Type, *infos.Automatic, err)

	server.SetExpiry(ovhrenewtest.GuideVPSID, time.Now().AddDate(0, 0, -3)) // somebody forgot it
	_, err = client.ServiceInfos(ctx, "/vps/vps112233.ovh.net")
	fmt.Println("expired:", errors.Is(err, ovhrenew.ErrExpired))
	// Output:
	// 11223344 ok automaticV2016 false <nil>
	// expired: true
}

// What no method reads, Read does: here the periods at which a service can renew by
// itself. It cannot spend.
func ExampleAPI_Read() {
	ctx, client, _ := simulatedServices(ovhrenewtest.Behaviour{})
	var periods []ovhrenew.Period
	err := client.Read(ctx, "/services/11223344/renewPeriodCapacities", &periods)
	fmt.Println(periods, err)
	fmt.Println(client.Read(ctx, "/services/../me", &periods))
	// Output:
	// [P1M P3M P6M P1Y] <nil>
	// Read: route "/services/../me" has an empty or relative segment
}

// simulatedServices returns a client of the guide's account, and the simulated server behind it.
func simulatedServices(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
