// What becomes of members that are null, missing or malformed, in every model.

package ovhrenew_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
)

// TestContractBodies decodes every model, as the table writes it, into its Go type:
// whole; with each field null and absent in turn, which must leave that field at
// its zero value and all others as they are; and with each field malformed, which
// must be an error.
func TestContractBodies(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	bodies, variants, nullable := 0, 0, map[string]bool{}
	for _, p := range c.pairs() {
		for _, us := range []bool{false, true} {
			s := sample{contract: c, us: us}
			body := s.value(p.model, "").(map[string]any)
			whole := decodeInto(t, p.typ, body)
			for _, wrong := range s.compare(p.model, body, whole, p.model) {
				t.Errorf("%v: %s", p.typ, wrong)
			}
			bodies++
			for _, name := range slices.Sorted(maps.Keys(body)) {
				typ := s.model(p.model, us)[name]
				if parseType(typ).nullable {
					nullable[p.model+"."+name] = true
				}
				checkMissing(t, p, body, whole, name)
				checkMalformed(t, p, body, name)
				variants += 3
			}
		}
	}
	for name := range c.Models["order.Price"] {
		if parseType(c.Models["order.Price"][name]).nullable {
			nullable["order.Price."+name] = true
		}
	}
	t.Logf("decoded: %d bodies, %d variants of them; null and absent of all fields, %d of them nullable", bodies, variants, len(nullable))
}

// decodeInto decodes a body into a new value of a type.
func decodeInto(t *testing.T, typ reflect.Type, body any) reflect.Value {
	t.Helper()
	value := reflect.New(typ)
	if err := json.Unmarshal(encodeJSON(t, body), value.Interface()); err != nil {
		t.Errorf("%v: %v", typ, err)
	}
	return value.Elem()
}

// checkMissing decodes the body with a field null, and without it.
func checkMissing(t *testing.T, p pair, body map[string]any, whole reflect.Value, name string) {
	t.Helper()
	want := reflect.New(p.typ).Elem()
	want.Set(whole)
	if field, ok := jsonMembers(p.typ)[name]; ok {
		want.FieldByIndex(field.Index).SetZero()
	}
	null, absent := maps.Clone(body), maps.Clone(body)
	null[name] = nil
	delete(absent, name)
	for how, variant := range map[string]map[string]any{"null": null, "absent": absent} {
		if got := decodeInto(t, p.typ, variant); !reflect.DeepEqual(got.Interface(), want.Interface()) {
			t.Errorf("%v with %s.%s %s is\n%+v, want\n%+v", p.typ, p.model, name, how, got, want)
		}
	}
}

// checkMalformed decodes the body with a field that is of another JSON type than
// its own: a field that is read must not take it for nothing.
func checkMalformed(t *testing.T, p pair, body map[string]any, name string) {
	t.Helper()
	field, read := jsonMembers(p.typ)[name]
	lenient := reflect.TypeFor[ovhrenew.ServicePricing]()
	if !read || p.typ == lenient || field.Type == lenient {
		return
	}
	malformed := maps.Clone(body)
	malformed[name] = map[string]any{"unexpected": []int{1}}
	if field.Type.Kind() == reflect.Struct && field.Type.Name() != "Date" && field.Type.Name() != "Timestamp" {
		malformed[name] = []any{"unexpected"}
	}
	value := reflect.New(p.typ)
	if err := json.Unmarshal(encodeJSON(t, malformed), value.Interface()); err == nil {
		t.Errorf("%v with %s.%s malformed (%v) is %+v, want an error", p.typ, p.model, name, malformed[name], value.Elem())
	}
}

// TestContractPrice decodes a price with and without its nullable member.
func TestContractPrice(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	for _, want := range []ovhrenew.Money{ovhrenew.NewMoney(548_000_000, ovhrenew.EUR), ovhrenew.NewMoney(0, ovhrenew.Points)} {
		price := map[string]any{}
		for name, typ := range c.Models["order.Price"] {
			switch name {
			case "currencyCode":
				price[name] = want.Currency()
			case "text":
				price[name] = "not to be read"
			case "value":
				price[name] = json.Number(fmt.Sprintf("%d.%08d", want.Ucents()/100_000_000, want.Ucents()%100_000_000))
			case "priceInUcents":
				price[name] = want.Ucents()
			default:
				t.Errorf("order.Price.%s (%s) is not read", name, typ)
			}
		}
		for name, typ := range c.Models["order.Price"] {
			if name != "text" && !parseType(typ).nullable {
				continue
			}
			for _, missing := range []bool{false, true} {
				body := maps.Clone(price)
				if body[name] = nil; missing {
					delete(body, name)
				}
				if got := decodeInto(t, reflect.TypeFor[ovhrenew.Money](), body).Interface(); got != want {
					t.Errorf("price %s is %v, want %v", encodeJSON(t, body), got, want)
				}
			}
		}
	}
}

// TestContractGuide decodes the bodies that OVHcloud's guide prints.
func TestContractGuide(t *testing.T) {
	t.Parallel()
	for currency, names := range map[string][2]string{"EUR": {"order-eur.json", "renew.json"}, "CAD": {"order-cad.json", "renew-2020.json"}} {
		var order ovhrenew.Order
		readGuide(t, names[0], &order)
		link := "https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=123456789&orderPassword=aBcD"
		read := []string{
			order.OrderID.String(), order.Date.String(), order.ExpirationDate.String(), order.RetractionDate.String(),
			order.PriceWithTax.String(), order.Tax.String(), order.PriceWithoutTax.String(),
			order.Password.Reveal(), order.URL.Reveal(), order.PdfURL.Reveal(),
		}
		printed := []string{
			"123456789", "2018-05-15T15:49:06+02:00", "2018-05-16T15:49:06+02:00", "none",
			"45.44 " + currency, "7.57 " + currency, "37.87 " + currency, "aBcD", link, link,
		}
		if diff := cmp.Diff(printed, read); diff != "" {
			t.Errorf("%s (-printed +read):\n%s", names[0], diff)
		}
		var renewals []ovhrenew.RenewDescription
		readGuide(t, names[1], &renewals)
		read = nil
		for _, offer := range ovhrenew.Offers(12345, renewals) {
			read = append(read, fmt.Sprintf("%s %v %d %v", offer.Period, offer.Strategy.Services, offer.Price().Ucents(), offer.Strategy.ServicesDetails))
		}
		printed = []string{
			"P1Y [12345] 199000000 [{12345  Domain .ovh}]",
			"P1Y [67890 12345] 3787000000 [{67890  Hosting Perso 2014} {12345  Domain .ovh}]",
		}
		if diff := cmp.Diff(printed, read); diff != "" {
			t.Errorf("%s (-printed +read):\n%s", names[1], diff)
		}
	}
}
