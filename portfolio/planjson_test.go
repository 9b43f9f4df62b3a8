package portfolio_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// edit changes one thing in the JSON of the guide's plan.
func edit(t *testing.T, old, new string) []byte {
	t.Helper()
	data, err := json.Marshal(mustPlan(t, guideServices(), euroTotal("500 EUR")))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(data, []byte(old)) != 1 {
		t.Fatalf("%q is not once in %s", old, data)
	}
	return bytes.Replace(data, []byte(old), []byte(new), 1)
}

func TestPlanJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ field, old, new string }{
		{"v", `{"v":2,`, `{`},
		{"v", `"v":2`, `"v":1`},
		{"v", `"v":2`, `"v":"2"`},
		{"v", `"v":2`, `"v":null`},
		{"made", `"made":"2026-06-15",`, ``},
		{"made", `"made":"2026-06-15"`, `"made":"2026-06-31"`},
		{"made", `"made":"2026-06-15"`, `"made":null`},
		{"made", `"made":"2026-06-15"`, `"made":""`},
		{"fingerprint", `"fingerprint":"sha256:`, `"fingerprint":"md5:`},
		{"policy", `"policy":{`, `"policy":null,"Policies":{`},
		{"policy.total", `"total":["500.00 EUR"]`, `"total":"500.00 EUR"`},
		{"policy.total[0]", `"total":["500.00 EUR"]`, `"total":["500.00 euros"]`},
		{"Policy.Total[0]", `"total":["500.00 EUR"]`, `"total":["500.00"]`},
		{"Policy.TaxPercent", `"taxPercent":"20"`, `"taxPercent":"a fifth"`},
		{"items[0].limit", `"limit":"77.63 EUR"`, `"limit":"77.63"`},
		{"items[0].limit", `"limit":"77.63 EUR"`, `"limit":"77.63 USD"`},
		{"items[0].limit", `"limit":"77.63 EUR"`, `"limit":"-77.63 EUR"`},
		{"items[0].limit", `"limit":"77.63 EUR"`, `"limit":77.63`},
		{"items[0].limit", `"limit":"77.63 EUR",`, ``},
		{"items[0].limit", `"limit":"77.63 EUR"`, `"limit":"77.63 EUR","limit":"7.63 EUR"`},
		{"items[0].Limit", `"limit":"77.63 EUR"`, `"limit":"77.63 EUR","Limit":"7.63 EUR"`},
		{"items[0].limt", `"limit":"77.63 EUR"`, `"limt":"77.63 EUR"`},
		{"total", `"limit":"77.63 EUR"`, `"limit":"477.63 EUR"`},
		{"item\u017f", `"items":`, `"items":[],"item\u017f":`},
		{"items[0].Services", `"services":[{"id":11223344`, `"Services":[{"id":11223344`},
		{"policy.Total", `"total":["500.00 EUR"]`, `"total":["500.00 EUR"],"Total":["9000.00 EUR"]`},
		{"items[0].limit", `"total":["500.00 EUR"]`, `"total":["500.00 EUR"],"perOrder":["77.62 EUR"]`},
		{"items[0].limit", `"total":["500.00 EUR"]`, `"total":["500.00 EUR"],"perOrder":["77.63 EUR"],"perService":["77.62 EUR"]`},
		{"items[0].price", `"price":"64.69 EUR"`, `"price":""`},
		{"items[0].period", `{"period":"P1Y","services":[{"id":11223344`, `{"period":"a year","services":[{"id":11223344`},
		{"items[0].via", `{"period":"P1Y","services":[{"id":11223344`, `{"via":12345,"period":"P1Y","services":[{"id":11223344`},
		{"items[0].via", `{"period":"P1Y","services":[{"id":11223344`, `{"via":"11223344","period":"P1Y","services":[{"id":11223344`},
		{"items[0].services", `[{"id":11223344,"name":"vps112233.ovh.net","product":"vps-starter-1-2-20","expiry":"2026-06-20","newExpiry":"2027-06-20"}]`, `[]`},
		{"items[0].services[0].expiry", `"expiry":"2026-06-20"`, `"expiry":null`},
		{"items[0].services[0].newExpiry", `"newExpiry":"2027-06-20"`, `"newExpiry":"2028-06-20"`},
		{"items[1].services[1].id", `"id":67890`, `"id":12345`},
		{"items[1].services[1].id", `"id":67890`, `"id":-1`},
		{"items[1].services[1].id", `"id":67890`, `"id":11223344`},
		{"items[0].services", `"expiry":"2026-06-20"`, `"along":true,"expiry":"2026-06-20"`},
		{"leftOut", `,"leftOut":[]`, ``},
		{"leftOut[0].id", `"leftOut":[]`, `"leftOut":[{"id":12345,"why":"never"}]`},
		{"leftOut[0].id", `"leftOut":[]`, `"leftOut":[{"why":"never"}]`},
		{"leftOut[0].why", `"leftOut":[]`, `"leftOut":[{"id":5}]`},
		{"more", `"leftOut":[]`, `"leftOut":[],"more":1`},
		{"notDue", `,"notDue":{}`, ``},
		{"notDue.noOffer", `"notDue":{}`, `"notDue":{"noOffer":1}`},
		{"notDue.notDue", `"notDue":{}`, `"notDue":{"notDue":-1}`},
		{"notDue", `"notDue":{}`, `"notDue":{"notDue":1.5}`},
		{"via", `"leftOut":[]`, `"leftOut":[],"via":1e999`},
		{"totals[0]", `"totals":["123.08 EUR"]`, `"totals":["much"]`},
	} {
		data := edit(t, test.old, test.new)
		plan := portfolio.Plan{Fingerprint: "untouched"}
		err := json.Unmarshal(data, &plan)
		var input *ovhrenew.InputError
		if !errors.Is(err, ovhrenew.ErrBadInput) || !errors.As(err, &input) || input.Field != test.field {
			t.Errorf("with %s: %v, want an error about %s", test.new, err, test.field)
		}
		if plan.Fingerprint != "untouched" {
			t.Errorf("with %s: the plan was changed to %+v", test.new, plan)
		}
	}
	for _, data := range []string{`[]`, `1`, `"plan"`, `{}`, `{"v":2}`, `{"v":2,"items":{}}`} {
		var plan portfolio.Plan
		if err := json.Unmarshal([]byte(data), &plan); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Unmarshal(%s) = %v, want ErrBadInput", data, err)
		}
	}
	var plan portfolio.Plan
	err := json.Unmarshal(edit(t, `"total":["500.00 EUR"]`, `"total":["500.00 USD"]`), &plan)
	if !errors.Is(err, ovhrenew.ErrNoLimit) || !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("without a total in the items' currency: %v, want ErrNoLimit and ErrBadInput", err)
	}
}

// What a reviewer may do: take items out, lower limits, and lay the plan out anew.
func TestPlanJSONEdited(t *testing.T) {
	t.Parallel()
	plan := mustPlan(t, guideServices(), euroTotal("500 EUR"))
	lower := edit(t, `"limit":"77.63 EUR"`, `"limit":"70 EUR"`)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, lower, "", "\t"); err != nil {
		t.Fatal(err)
	}
	var read portfolio.Plan
	if err := json.Unmarshal(pretty.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	totals, err := read.Totals()
	if want := ovhrenew.MustMoney("115.45 EUR"); err != nil || !slices.Equal(totals, []ovhrenew.Money{want}) {
		t.Errorf("with a lower limit the totals are %v, %v, want %v", totals, err, want)
	}
	if read.Fingerprint != plan.Fingerprint {
		t.Error("an edit changes the fingerprint")
	}
	plan.Items = plan.Items[1:]
	if err := plan.Check(); err != nil {
		t.Errorf("without an item: Check = %v", err)
	}
}

// No JSON makes reading a plan panic, and what is read is written and read again.
func FuzzPlanJSON(f *testing.F) {
	for _, services := range [][]portfolio.Surveyed{guideServices(), agencyWeek(), nil} {
		f.Add([]byte(encode(f, mustPlan(f, services, euroTotal("90 EUR")))))
	}
	f.Add([]byte(`{"v":2,"made":"2026-06-15","items":[{}],"leftOut":[{}],"policy":{},"fingerprint":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var plan portfolio.Plan
		if err := json.Unmarshal(data, &plan); err != nil {
			return
		}
		if err := plan.Check(); err != nil {
			t.Fatalf("a plan was read that does not hold: %v", err)
		}
		first := encode(t, plan)
		var again portfolio.Plan
		if err := json.Unmarshal([]byte(first), &again); err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if second := encode(t, again); first != second {
			t.Fatalf("written again it is\n%s\nnot\n%s", second, first)
		}
		_ = plan.String()
	})
}
