package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/ovhrenew/ovhrenew"
)

// showPlan writes what the plan command is for.
func (p program) showPlan(o *options, plan *ovhrenew.Plan) error {
	if o.json {
		return writeJSON(p.out, plan)
	}
	if err := writePlan(p.out, plan, o.verbose); err != nil {
		return err
	}
	if o.output != "" {
		fmt.Fprintf(p.out, "\nThe plan is in %s.\n", o.output)
	}
	return nil
}

// writePlan writes a plan as a table with its total, and what is left out.
func writePlan(w io.Writer, plan *ovhrenew.Plan, verbose bool) error {
	totals, err := plan.Totals()
	if err != nil {
		return err
	}
	if len(plan.Items) == 0 {
		fmt.Fprintf(w, "The plan of %s renews nothing.\n", plan.Made)
	} else {
		writeItems(w, plan)
		fmt.Fprintf(w, "\n%s for %s. Total: %s with %s %% tax, of at most %s.\n",
			count(len(plan.Items), "order"), count(servicesOf(plan), "service"),
			amounts(totals), plan.Policy.TaxPercent, amounts(plan.Policy.Total))
	}
	writeLeftOut(w, plan, verbose)
	for _, gap := range plan.Gaps {
		fmt.Fprintf(w, "Not proven to be the best choice: %d services for %s before tax; no choice costs less than %s.\n",
			len(gap.Services), gap.Price, gap.AtLeast)
	}
	return nil
}

func writeItems(w io.Writer, plan *ovhrenew.Plan) {
	widest := 0
	for _, item := range plan.Items {
		widest = max(widest, len(item.Limit.String()))
	}
	t := newTable(w)
	t.row("EXPIRES", "NEW EXPIRY", "FOR", fmt.Sprintf("%*s", widest, "WITH TAX"), "SERVICE", "PRODUCT")
	for _, item := range plan.Items {
		period, price, name := string(item.Period), fmt.Sprintf("%*s", widest, item.Limit), ""
		for _, s := range item.Services {
			product := printable(s.Product)
			switch {
			case s.Along:
				product += " (comes along)"
			case s.Expiry.Before(plan.Made):
				product += " (expired)"
			}
			t.row(s.Expiry.String(), s.NewExpiry.String(), period, price, name+printable(s.Name), product)
			period, price, name = "", "", "+ "
		}
	}
	t.flush()
}

// reasons say in words why services are left out. Those to look at end, and nothing
// in this plan keeps them from it.
var reasons = []struct {
	why  ovhrenew.LeftWhy
	text string
	look bool
}{
	{ovhrenew.LeftState, "in a state that does not allow it", true},
	{ovhrenew.LeftNoOffer, "not offered as wanted", true},
	{ovhrenew.LeftOverlap, "only offered together with others that would be renewed twice", true},
	{ovhrenew.LeftOverLimit, "over the limit for one order or service", true},
	{ovhrenew.LeftBudget, "over the total", true},
	{ovhrenew.LeftNoLimit, "in a currency without a limit", true},
	{ovhrenew.LeftUnread, "offers could not be read", true},
	{ovhrenew.LeftUnclear, "listed twice, and differently", true},
	{ovhrenew.LeftNever, "never to be renewed", false},
	{ovhrenew.LeftAutomatic, "renew by themselves", false},
	{ovhrenew.LeftNotDue, "not due", false},
	{ovhrenew.LeftNoExpiry, "without an end", false},
}

// toLookAt reports whether somebody should know that a service is left out.
func toLookAt(left ovhrenew.LeftOut) bool {
	for _, r := range reasons {
		if r.why == left.Why {
			return r.look
		}
	}
	return true
}

// writeLeftOut counts what is left out by its reason, and lists what ends unless
// somebody does something; all of it if verbose.
func writeLeftOut(w io.Writer, plan *ovhrenew.Plan, verbose bool) {
	if len(plan.LeftOut) == 0 {
		return
	}
	counted := map[ovhrenew.LeftWhy]int{}
	for _, left := range plan.LeftOut {
		counted[left.Why]++
	}
	var parts []string
	for _, r := range reasons {
		if n := counted[r.why]; n > 0 {
			parts = append(parts, fmt.Sprintf("  %5d  %s\n", n, r.text))
			delete(counted, r.why)
		}
	}
	for why, n := range counted {
		parts = append(parts, fmt.Sprintf("  %5d  %s\n", n, printable(string(why))))
	}
	fmt.Fprintf(w, "\nLeft out: %s\n%s", count(len(plan.LeftOut), "service"), strings.Join(parts, ""))

	listed := plan.LeftOut
	if !verbose {
		listed = slices.DeleteFunc(slices.Clone(listed), func(left ovhrenew.LeftOut) bool { return !toLookAt(left) })
	}
	if len(listed) == 0 {
		return
	}
	const few = 12
	more := 0
	if !verbose && len(listed) > few {
		more, listed = len(listed)-few, listed[:few]
	}
	if verbose {
		fmt.Fprintln(w, "\nAll that is left out:")
	} else {
		fmt.Fprintln(w, "\nThese are due, and this plan does not renew them:")
	}
	t := newTable(w)
	for _, left := range listed {
		lines := []string{printable(left.Reason)}
		if !verbose { // for a person at a terminal, not for grep
			lines = fold(lines[0], 60)
		}
		t.row(left.Expiry.String(), printable(left.Name), lines[0])
		for _, line := range lines[1:] {
			t.row("", "", line)
		}
	}
	t.flush()
	if more > 0 {
		fmt.Fprintf(w, "… and %d more: -v lists all.\n", more)
	}
}

func servicesOf(plan *ovhrenew.Plan) int {
	n := 0
	for _, item := range plan.Items {
		n += len(item.Services)
	}
	return n
}

func amounts(list []ovhrenew.Money) string {
	var texts []string
	for _, m := range list {
		texts = append(texts, m.String())
	}
	return cmp.Or(strings.Join(texts, " and "), "nothing")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printable keeps control characters out of terminals: names and reasons come from
// elsewhere.
func printable(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// oneLine makes an error that joins several fit into a line.
func oneLine(text string) string { return printable(strings.ReplaceAll(text, "\n", "; ")) }

// fold breaks a text into lines of about so many characters, between words.
func fold(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// table lines up columns, without spaces at the ends of lines.
type table struct {
	w    io.Writer
	text *strings.Builder
	tabs *tabwriter.Writer
}

func newTable(w io.Writer) table {
	var text strings.Builder
	return table{w: w, text: &text, tabs: tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)}
}

func (t table) row(cells ...string) { fmt.Fprintln(t.tabs, strings.Join(cells, "\t")) }

func (t table) flush() {
	_ = t.tabs.Flush() // a Builder takes everything
	for line := range strings.Lines(t.text.String()) {
		fmt.Fprintln(t.w, strings.TrimRight(line, " \n"))
	}
}
