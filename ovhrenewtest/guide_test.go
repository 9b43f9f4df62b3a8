package ovhrenewtest_test

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// printed is when the guide's example was written down.
var printed = time.Date(2018, 5, 15, 13, 49, 6, 0, time.UTC)

// The guide's bodies are fixtures of their own; see testdata/guide/README.md.
func TestGuideBodies(t *testing.T) {
	t.Parallel()
	for _, edition := range []struct{ file, currency, text string }{
		{"order-eur.json", "EUR", ""},
		{"order-cad.json", "CAD", "€"},
	} {
		s := Start(t, Behaviour{Currency: edition.currency, CurrencyText: edition.text, OrderValidity: 24 * time.Hour})
		s.SetNow(NewClock(printed).Now)
		Guide(s)

		_, got := do(t, s, signed(t, s, "GET", "/service/12345/renew?includeOptions=False", ""))
		if diff := cmp.Diff(fixture(t, "offers.json"), abbreviate(decode(t, []byte(got)))); diff != "" {
			t.Errorf("offers differ from the guide's (-want +got)\n%s", diff)
		}
		_, got = do(t, s, signed(t, s, "POST", "/service/12345/renew", `{"dryRun":false,"duration":"P1Y","services":[67890,12345]}`))
		if diff := cmp.Diff(fixture(t, edition.file), decode(t, []byte(got))); diff != "" {
			t.Errorf("order differs from the guide's (-want +got)\n%s", diff)
		}
	}
}

func fixture(t *testing.T, name string) any {
	t.Helper()
	data, err := os.ReadFile("testdata/guide/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, data)
}

// abbreviate leaves out of offers what the guide leaves out.
func abbreviate(v any) any {
	for _, offer := range v.([]any) {
		for _, strategy := range offer.(object)["strategies"].([]any) {
			delete(strategy.(object), "priceInUcents")
			price := strategy.(object)["price"].(object)
			delete(price, "text")
			delete(price, "currencyCode")
			for _, service := range strategy.(object)["servicesDetails"].([]any) {
				delete(service.(object), "serviceName")
			}
		}
	}
	return v
}

// The guide's program, step by step.
func TestGuideProgram(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	infos := get[struct {
		ServiceID  int64
		Expiration string
	}](t, s, "/vps/vps112233.ovh.net/serviceInfos")
	if infos.ServiceID != GuideVPSID || infos.Expiration != "2026-11-30" {
		t.Fatalf("serviceInfos = %+v, want service %d until 2026-11-30", infos, int64(GuideVPSID))
	}
	path := order(t, s)
	if path != "/me/order/123456789" {
		t.Fatalf("order = %s, want /me/order/123456789", path)
	}
	mustSend(t, s, "POST", path+"/payWithRegisteredPaymentMean", payPayPal)
	if got := get[string](t, s, path+"/status"); got != "delivered" {
		t.Errorf("status = %s, want delivered", got)
	}
	if got, want := s.Expiry(GuideVPSID), time.Date(2027, 2, 28, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("Expiry = %v, want %v", got, want)
	}
	// 17.97 and 20 % of it, 3.594, which is 3.59 to the cent.
	if diff := cmp.Diff(map[string]Amount{"EUR": 21_56_000_000}, s.Spent()); diff != "" {
		t.Errorf("Spent (-want +got)\n%s", diff)
	}
	if got := s.PaymentsFor(GuideVPSID); got != 1 {
		t.Errorf("PaymentsFor = %d, want 1", got)
	}
	for route, want := range map[string]int{RouteOrder: 1, RouteQuote: 0, RoutePayMean: 1, RoutePay: 0} {
		if got := s.Count(route); got != want {
			t.Errorf("Count(%s) = %d, want %d", route, got, want)
		}
	}
}
