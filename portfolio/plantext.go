package portfolio

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

// WriteText writes the plan for a person: a table of what is renewed, with its total,
// and what is left out and why. Services that are not due, or never are, are counted
// only. The error is w's, or that of [Plan.Totals].
func (p Plan) WriteText(w io.Writer) error {
	totals, err := p.Totals()
	if err != nil {
		return err
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
	for _, total := range totals {
		fmt.Fprintf(&b, "Total: %s, tax included, of at most %s.\n", total, inCurrency(p.Policy.Total, total.Currency()))
	}
	p.writeLeftOut(&b)
	for _, gap := range p.Gaps {
		fmt.Fprintf(&b, "\nNot proven optimal: %s cost %s before tax, and at least %s", idList(gap.Services), gap.Price, gap.AtLeast)
		if gap.MayCover > 0 {
			fmt.Fprintf(&b, "; up to %d more of them might be renewed", gap.MayCover)
		}
		b.WriteString(".\n")
	}
	_, err = w.Write(b.Bytes())
	return err
}

// String is the text of [Plan.WriteText].
func (p Plan) String() string {
	var b strings.Builder
	if err := p.WriteText(&b); err != nil {
		return err.Error()
	}
	return b.String()
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
			}
			service := fmt.Sprintf("%s (%d%s)", words.Printable(s.Name), s.ID, along)
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
	counted := map[LeftWhy]int{}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	listed := 0
	for _, left := range p.LeftOut {
		if left.Why == LeftNotDue || left.Why == LeftNoExpiry {
			counted[left.Why]++
			continue
		}
		if listed++; listed == 1 {
			b.WriteString("\nLeft out:\n")
		}
		fmt.Fprintf(t, "%s\t%s (%d)\t%s: %s\n", left.Expiry, words.Printable(left.Name), left.ID, words.Printable(string(left.Why)), words.Printable(left.Reason))
	}
	_ = t.Flush()
	if due, ends := counted[LeftNotDue], counted[LeftNoExpiry]; due+ends > 0 {
		fmt.Fprintf(b, "\nNot due: %d. Without an expiry: %d.\n", due, ends)
	}
}
