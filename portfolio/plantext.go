package portfolio

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// String returns the plan for a person: a table of what is renewed, with its total, and what is
// due and left out, and why. Other services are only counted.
func (p Plan) String() string {
	totals, err := p.Totals()
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	services := 0
	for _, item := range p.Items {
		services += len(item.Services)
	}
	fmt.Fprintf(&b, "Plan of %s: %s, %s.\n", p.Made, words.Count(len(p.Items), "order"), words.Count(services, "service"))
	for _, unused := range p.Unused {
		fmt.Fprintf(&b, "LOOK: %s.\n", unused)
	}
	p.writeItems(&b)
	limits := p.Policy.limits()
	for _, total := range totals {
		bound := "without a total to keep to"
		if limit := limits[total.Currency()]; !limit.total.IsZero() {
			bound = "within " + limit.by
		}
		fmt.Fprintf(&b, "Total: %s, tax included, %s.\n", total, bound)
	}
	p.writeLeftOut(&b)
	for _, gap := range p.Gaps {
		fmt.Fprintf(&b, "\nNot proven optimal: %s cost %s before tax, and at least %s", p.called(gap.Services), gap.Price, gap.AtLeast)
		if gap.MayCover > 0 {
			fmt.Fprintf(&b, "; up to %d more of them might be renewed", gap.MayCover)
		}
		b.WriteString(".\n")
	}
	return b.String()
}

func (i PlanItem) called() string {
	return Plan{Items: []PlanItem{i}}.called(i.ServiceIDs())
}

// called names services that the plan renews or leaves out.
func (p Plan) called(ids []ovhrenew.ServiceID) string {
	names := map[ovhrenew.ServiceID]string{}
	for _, item := range p.Items {
		for _, s := range item.Services {
			names[s.ID] = s.Name
		}
	}
	for _, left := range p.LeftOut {
		names[left.ID] = left.Name
	}
	return words.CalledAll(func(id ovhrenew.ServiceID) string { return names[id] }, ids)
}

func (p Plan) writeItems(b *bytes.Buffer) {
	if len(p.Items) == 0 {
		return
	}
	b.WriteByte('\n')
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "EXPIRES\tNEW EXPIRY\tPERIOD\tBEFORE TAX\tAT MOST\tSERVICE\tWHY")
	for _, item := range p.Items {
		for i, s := range item.Services {
			along := ""
			if s.Along {
				along = ", comes along"
			} else if s.Ahead {
				along = ", ahead of its time"
			}
			service := words.Called(s.Name, s.ID) + along
			if i == 0 {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Expiry, s.NewExpiry, item.Period, item.Price, item.Limit, service, words.Printable(item.Reason))
			} else {
				fmt.Fprintf(t, "%s\t%s\t\t\t\t+ %s\t\n", s.Expiry, s.NewExpiry, service)
			}
		}
	}
	_ = t.Flush() // a Buffer takes everything
	trimLines(b)
}

// trimLines takes away the spaces with which a table pads its last column.
func trimLines(b *bytes.Buffer) {
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	b.Reset()
	b.WriteString(strings.Join(lines, "\n"))
}

func (p Plan) writeLeftOut(b *bytes.Buffer) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	if len(p.LeftOut) > 0 {
		b.WriteString("\nLeft out:\n")
	}
	for _, left := range p.LeftOut {
		fmt.Fprintf(t, "%s\t%s\t%s: %s\n", left.Expiry, words.Called(left.Name, left.ID), words.Printable(string(left.Why)), words.Printable(left.Reason))
	}
	_ = t.Flush()
	var counts []string
	for _, c := range []struct {
		why  LeftWhy
		text string
	}{{LeftNotDue, "not due"}, {LeftRenewsItself, "renewing by themselves"}, {LeftNoExpiry, "without an expiry"}, {LeftNever, "never renewed"}, {LeftNotOnly, "not among those renewed only"}} {
		if n := p.NotDue[c.why]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, c.text))
		}
	}
	if len(counts) > 0 {
		fmt.Fprintf(b, "\nNot in the plan: %s.\n", strings.Join(counts, ", "))
	}
}
