package ovhrenewtest

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Agency fills a server with n services such as an agency has: domains with their
// zones, hostings in bundles with a domain, VPS with options, dedicated servers
// with components, databases, a few cloud projects; some renew by themselves, some
// are expired, unpaid or end at their expiry. It adds a default payment method and
// prepaid money. The same n, seed and time make the same account.
func Agency(s *Server, n int, seed uint64) {
	a := agency{
		server: s,
		random: rand.New(rand.NewPCG(seed, 0)), // reproducible on purpose
		today:  s.Now().UTC().Truncate(24 * time.Hour),
		left:   n,
	}
	for a.left > 0 {
		a.number++
		switch pick := a.random.IntN(100); {
		case pick < 45 || a.left < 4:
			a.domain()
		case pick < 68:
			a.bundle()
		case pick < 83:
			a.vps()
		case pick < 88:
			a.dedicated()
		case pick < 97:
			a.database()
		default:
			a.project()
		}
	}
	s.AddPaymentMethod(PaymentMethod{Type: "CREDIT_CARD", SubType: "VISA", Default: true, OneClick: new(true), Integration: "IN_CONTEXT"})
	s.AddPaymentMethod(PaymentMethod{Type: "SEPA_DIRECT_DEBIT", OneClick: new(true), Integration: "POST_FORM"})
	s.AddPaymentMethod(PaymentMethod{Type: "CREDIT_CARD", SubType: "MASTERCARD", Status: "EXPIRED", Integration: "IN_CONTEXT"})
	s.AddPaymentMean("ovhAccount", 0)
	s.SetPrepaid("1000")
}

type agency struct {
	server *Server
	random *rand.Rand
	today  time.Time
	number int // of what was added, for unique names
	left   int // services that are still to come
}

func (a *agency) add(v Service) int64 {
	a.left--
	return a.server.AddService(v)
}

// renewable expires within the year to come; now and then a renewal has to heed something.
func (a *agency) renewable(v Service) Service {
	days := a.random.IntN(360) + 1
	if a.random.IntN(4) == 0 {
		days = a.random.IntN(30) + 1 // what is due soon is what it is all about
	}
	v.Expiry = a.today.AddDate(0, 0, days)
	v.Creation = v.Expiry.AddDate(-1-a.random.IntN(6), 0, 0)
	v.Tags = []string{fmt.Sprintf("customer-%d", a.random.IntN(40))}
	switch a.random.IntN(40) {
	case 0:
		v.Expiry = a.today.AddDate(0, 0, -1-a.random.IntN(20))
	case 1:
		v.DeleteAtExpiration = true
	case 2:
		v.State, v.BillingState, v.Status = "unpaid", "unpaid", "unPaid"
	case 3:
		v.State, v.BillingState, v.Status = "inCreation", "pending", "inCreation"
	case 4, 5, 6, 7, 8, 9, 10, 11:
		v.Mode, v.Period = "automatic", "P1Y"
	}
	return v
}

// sell adds something that can be renewed by itself, for periods and at their prices.
func (a *agency) sell(name, under, kind, product string, periodsAndPrices ...string) int64 {
	id := a.add(a.renewable(Service{Name: name, Route: under + name, Type: kind, Product: product}))
	a.server.offers(id, periodsAndPrices...)
	return id
}

// tlds are what domains end in, and what one year costs, and two.
var tlds = []struct{ name, year, two string }{
	{"fr", "6.99", "13.98"},
	{"com", "11.99", "23.98"},
	{"ovh", "3.59", "7.18"},
	{"eu", "8.49", "16.98"},
	{"net", "14.99", "29.98"},
	{"io", "46.19", "92.38"},
}

// domain is a domain, and its zone where there is room for one.
func (a *agency) domain() (id int64, name string) {
	tld := tlds[a.random.IntN(len(tlds))]
	name = fmt.Sprintf("customer%05d.%s", a.number, tld.name)
	id = a.sell(name, "/domain/", "Domain ."+tld.name, "domain-"+tld.name, "P1Y", tld.year, "P2Y", tld.two)
	if a.left > 0 {
		created := a.today.AddDate(-2, 0, -a.random.IntN(100))
		a.add(Service{
			Name: name, Route: "/domain/zone/" + name, Type: "DNS zone", Product: "zone",
			// The real API tells such dates for zones.
			Creation: created, Expiry: created.AddDate(0, 0, -1), RenewalType: "oneShot",
		})
	}
	return id, name
}

func (a *agency) bundle() {
	domain, name := a.domain()
	hosting := a.sell(name, "/hosting/web/", "Hosting Perso 2014", "perso2014", "P1Y", "35.88")
	a.server.Offer("P1Y", "41.99", hosting, domain)
}

func (a *agency) vps() {
	name := fmt.Sprintf("vps-%08x.vps.ovh.net", a.number)
	id := a.sell(name, "/vps/", "VPS", "vps-value-1-2-40", "P1M", "6.5", "P3M", "19.5", "P6M", "37.05", "P1Y", "70.2")
	if a.random.IntN(3) == 0 {
		option := a.add(Service{Name: name + "-backup", Type: "Automated backup", Product: "option-backup", Parent: id, NoExpiry: true})
		a.server.Offer("P1M", "8.5", id, option)
		a.server.Offer("P1Y", "91.8", id, option)
	}
}

func (a *agency) dedicated() {
	name := fmt.Sprintf("ns%07d.ip-198-51-100.eu", 3_000_000+a.number)
	id := a.sell(name, "/dedicated/server/", "Dedicated server", "24ska01", "P1M", "64.99", "P3M", "194.97", "P1Y", "740.88")
	for _, part := range []string{"ram-32g", "softraid-2x2000sa", "bandwidth-500"} {
		a.add(Service{Name: name, DisplayName: name + " " + part, Type: "Component", Product: part, Parent: id, NoExpiry: true})
	}
}

func (a *agency) database() {
	name := fmt.Sprintf("db%05d-001", a.number)
	a.sell(name, "/hosting/privateDatabase/", "Web Cloud Databases", "private-sql-512", "P1M", "9.99", "P1Y", "119.88")
}

// project is what only OVHcloud itself renews.
func (a *agency) project() {
	name := fmt.Sprintf("%032x", uint64(a.number)*0x9e3779b97f4a7c15)
	a.add(Service{
		Name: name, DisplayName: "Project " + fmt.Sprint(a.number), Route: "/cloud/project/" + name,
		Type: "Public Cloud project", Product: "project", Mode: "automatic", RenewalType: "automaticForcedProduct",
		Expiry: a.today.AddDate(0, 1, 0).AddDate(0, 0, 1-a.today.Day()),
	})
}
