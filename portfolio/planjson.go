package portfolio

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

const planVersion = 2

type planJSON struct {
	V           int              `json:"v"`
	Made        ovhrenew.Date    `json:"made"`
	Fingerprint string           `json:"fingerprint"`
	Policy      policyFields     `json:"policy"`
	Totals      []ovhrenew.Money `json:"totals"`
	Items       []PlanItem       `json:"items"`
	LeftOut     []LeftOut        `json:"leftOut"`
	NotDue      map[LeftWhy]int  `json:"notDue"`
	Gaps        []PlanGap        `json:"gaps,omitempty"`
	Unused      []Unused         `json:"unused,omitempty"`
}

// MarshalJSON writes the plan with its version, "v": 2. Amounts are exact texts such
// as "45.44 EUR", days are "2026-06-15", and the same plan is always the same bytes.
// With it go the totals of the items, for the reader. The error is that of
// [Plan.Totals].
func (p Plan) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := p.WriteJSON(&b)
	return b.Bytes(), err
}

// WriteJSON writes what MarshalJSON does with a line for each item and each service that
// is left out, so that two plans can be compared line by line. The error is w's, or that
// of [Plan.Totals].
func (p Plan) WriteJSON(w io.Writer) error {
	totals, err := p.Totals()
	if err != nil {
		return err
	}
	items := slices.Clone(p.Items)
	for i := range items {
		if ids := items[i].ServiceIDs(); len(ids) > 0 && ids[0] == items[i].Via {
			items[i].Via = 0
		}
	}
	notDue := p.NotDue
	if notDue == nil {
		notDue = map[LeftWhy]int{}
	}
	members := []member{
		{"v", planVersion},
		{"made", p.Made},
		{"fingerprint", p.Fingerprint},
		{"policy", p.Policy},
		{"totals", append([]ovhrenew.Money{}, totals...)},
		{"items", lines(items)},
		{"leftOut", lines(p.LeftOut)},
		{"notDue", notDue},
	}
	if len(p.Gaps) > 0 {
		members = append(members, member{"gaps", lines(p.Gaps)})
	}
	if len(p.Unused) > 0 {
		members = append(members, member{"unused", lines(p.Unused)})
	}
	var b bytes.Buffer
	for i, m := range members {
		open := "{"
		if i > 0 {
			open = ","
		}
		fmt.Fprintf(&b, "%s\n%q:", open, m.name)
		if err := m.write(&b); err != nil {
			return err
		}
	}
	b.WriteString("\n}\n")
	_, err = w.Write(b.Bytes())
	return err
}

// member is one of the JSON of a plan. A value of type []any has a line for each element.
type member struct {
	name  string
	value any
}

func (m member) write(b *bytes.Buffer) error {
	list, ok := m.value.([]any)
	if !ok {
		text, err := json.Marshal(m.value)
		b.Write(text)
		return err
	}
	b.WriteByte('[')
	for i, element := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		if err := (member{value: element}).write(b); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

func lines[T any](list []T) []any {
	return mapped(list, func(one T) any { return one })
}

// UnmarshalJSON reads what [Plan.MarshalJSON] writes. Items may have been removed or
// changed since, as long as [Plan.Check] accepts them; the totals are not read, since
// they follow from the items. The error is [ovhrenew.ErrBadInput] and names the field:
// for another version, for what is missing, unknown or named twice, and for what Check
// refuses.
func (p *Plan) UnmarshalJSON(data []byte) error {
	members, err := object("Plan", data)
	if err != nil {
		return err
	}
	if v := string(members["v"]); v != fmt.Sprint(planVersion) {
		return badPlan("v", v, fmt.Sprintf("is not a version that is known here: %d", planVersion))
	}
	for _, name := range []string{"made", "fingerprint", "policy", "items", "leftOut", "notDue"} {
		if value := members[name]; len(value) == 0 || string(value) == "null" {
			return badPlan(name, "", "is missing")
		}
	}
	read, err := decode[planJSON]("Plan", data)
	if err != nil {
		return err
	}
	for i := range read.Items {
		if item := &read.Items[i]; item.Via == 0 && len(item.Services) > 0 {
			item.Via = item.Services[0].ID
		}
	}
	plan := Plan{
		Made: read.Made, Fingerprint: read.Fingerprint, Policy: Policy(read.Policy),
		Items: read.Items, LeftOut: read.LeftOut, NotDue: read.NotDue, Gaps: read.Gaps, Unused: read.Unused,
	}
	if err := plan.Check(); err != nil {
		return err
	}
	*p = plan
	return nil
}

func badPlan(field string, value any, why string) error {
	return badInput("Plan", field, value, why)
}

// Check says what is wrong with a plan that was edited or put together by hand, so
// that nothing is applied which MakePlan could not have meant: a service that would be
// renewed twice, an expiry that does not follow from the period, limits that exceed
// those of the plan's own policy. The error is [ovhrenew.ErrBadInput] and names the field, and
// [ovhrenew.ErrNoLimit] if the policy has no total in an item's currency.
func (p Plan) Check() error {
	if p.Made.IsZero() {
		return badPlan("made", "", "is missing")
	}
	digits, found := strings.CutPrefix(p.Fingerprint, "sha256:")
	if raw, err := hex.DecodeString(digits); !found || err != nil || len(raw) != 32 {
		return badPlan("fingerprint", p.Fingerprint, "is not that of a plan")
	}
	if err := p.Policy.check("Plan"); err != nil {
		return err
	}
	if len(p.Items) > 0 {
		if err := p.Policy.checkTax("Plan"); err != nil {
			return err
		}
	}
	seen := map[ovhrenew.ServiceID]string{}
	for i, item := range p.Items {
		if err := p.checkItem(item, fmt.Sprintf("items[%d]", i), seen); err != nil {
			return err
		}
	}
	for i, left := range p.LeftOut {
		field := fmt.Sprintf("leftOut[%d]", i)
		switch first := seen[left.ID]; {
		case left.ID <= 0:
			return badPlan(field+".id", left.ID, "is not an id")
		case first != "":
			return badPlan(field+".id", left.ID, "is in "+first+" too")
		case left.Why == "":
			return badPlan(field+".why", "", "is missing")
		}
		seen[left.ID] = field
	}
	for why, n := range p.NotDue {
		if n < 0 || !why.counted() {
			return badPlan("notDue."+string(why), n, "is not a count of services that are not due")
		}
	}
	totals, err := p.Totals()
	if err != nil {
		return &ovhrenew.InputError{Call: "Plan", Field: "items", Why: err.Error(), Err: err}
	}
	for _, total := range totals {
		if limit := p.Policy.limits()[total.Currency()]; exceeds(total, limit.total, 1) {
			return badPlan("total", total, "is more than the policy allows: "+limit.by)
		}
	}
	return nil
}

// checkItem looks at one item; seen is where each service was found before.
func (p Plan) checkItem(item PlanItem, field string, seen map[ovhrenew.ServiceID]string) error {
	bad := func(name string, value any, why string) error { return badPlan(field+"."+name, value, why) }
	switch {
	case !item.Period.Known():
		return bad("period", item.Period, "is not a period")
	case len(item.Services) == 0:
		return bad("services", "", "is missing")
	case !slices.Contains(item.ServiceIDs(), item.Via):
		return bad("via", item.Via, "is not one of the item's services")
	}
	needed := count(item.Services, func(s PlannedService) bool { return !s.Along })
	for i, s := range item.Services {
		if err := checkPlanned(item, i, fmt.Sprintf("%s.services[%d]", field, i)); err != nil {
			return err
		}
		if first := seen[s.ID]; first != "" {
			return bad(fmt.Sprintf("services[%d].id", i), s.ID, "is in "+first+" too")
		}
		seen[s.ID] = field
	}
	switch {
	case item.Expiry().IsZero():
		return bad("services", item.called(), "has none that needs renewing")
	case !isPrice(item.Price):
		return bad("price", item.Price, "is not a price")
	case !isPrice(item.Limit):
		return bad("limit", item.Limit, "is not a price")
	}
	limits, given := p.Policy.limits()[item.Price.Currency()]
	switch {
	case item.Limit.Currency() != item.Price.Currency():
		return bad("limit", item.Limit, "is in another currency than the price")
	case !given:
		return &ovhrenew.InputError{
			Call: "Plan", Field: field + ".limit", Value: item.Limit.String(), Why: "is in a currency of which the policy has no total", Err: ovhrenew.ErrNoLimit,
		}
	case exceeds(item.Limit, limits.perService, needed):
		return bad("limit", item.Limit, fmt.Sprintf("is more than the policy's %s for each service that needs renewing", limits.perService))
	case exceeds(item.Limit, limits.perOrder, 1):
		return bad("limit", item.Limit, fmt.Sprintf("is more than the policy's %s for an order", limits.perOrder))
	}
	return nil
}

func checkPlanned(item PlanItem, i int, field string) error {
	s := item.Services[i]
	switch {
	case s.ID <= 0:
		return badPlan(field+".id", s.ID, "is not an id")
	case i > 0 && s.ID <= item.Services[i-1].ID:
		return badPlan(field+".id", s.ID, "is not in ascending order")
	case s.Expiry.IsZero():
		return badPlan(field+".expiry", "", "is missing")
	}
	if end, err := item.Period.AddTo(s.Expiry); err != nil || end != s.NewExpiry {
		return badPlan(field+".newExpiry", s.NewExpiry, fmt.Sprintf("is not %s after %s", item.Period, s.Expiry))
	}
	return nil
}
