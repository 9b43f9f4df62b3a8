package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// writeReport writes what became of a plan. What was renewed has been seen in the
// plan, and is only counted unless all is wanted.
func writeReport(w io.Writer, report *ovhrenew.Report, verbose bool) error {
	spent, err := report.Spent()
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, item := range report.Items {
		if verbose || item.Outcome != ovhrenew.OutcomeRenewed && item.Outcome != ovhrenew.OutcomeSkipped {
			line := itemLine(item)
			if len(line) > 100 { // under the name, as far as a terminal is wide
				line = line[:9] + strings.Join(fold(line[9:], 90), "\n         ")
			}
			fmt.Fprintln(w, line)
		}
	}
	if !verbose {
		writeSkipped(w, report)
	}
	var counts []string
	for _, outcome := range outcomes {
		if n := report.Count(outcome); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	upTo := ""
	if report.Count(ovhrenew.OutcomeUnsure)+report.Count(ovhrenew.OutcomePaid) > 0 {
		upTo = "up to " // what may have been spent counts as spent
	}
	_, err = fmt.Fprintf(w, "Of %s: %s. Spent on this plan: %s%s.\n",
		count(len(report.Items), "order"), strings.Join(counts, ", "), upTo, amounts(spent))
	return err
}

var outcomes = []ovhrenew.Outcome{
	ovhrenew.OutcomeRenewed, ovhrenew.OutcomePaid, ovhrenew.OutcomeOrdered,
	ovhrenew.OutcomeRefused, ovhrenew.OutcomeUnsure, ovhrenew.OutcomeSkipped,
}

// writeSkipped says once for how many orders there was the same reason not to begin.
func writeSkipped(w io.Writer, report *ovhrenew.Report) {
	var reasons []string
	counted := map[string]int{}
	for _, item := range report.Items {
		if item.Outcome != ovhrenew.OutcomeSkipped {
			continue
		}
		why := whyOf(item)
		if counted[why]++; counted[why] == 1 {
			reasons = append(reasons, why)
		}
	}
	for _, reason := range reasons {
		fmt.Fprintf(w, "%-8s %s: %s\n", ovhrenew.OutcomeSkipped, count(counted[reason], "order"), reason)
	}
}

// itemLine is what became of one item.
func itemLine(item ovhrenew.ItemReport) string {
	line := fmt.Sprintf("%-8s %s", item.Outcome, nameOf(item.Item))
	for _, s := range item.Services {
		if s.ServiceID == item.Item.Via {
			line += fmt.Sprintf(", %s -> %s", s.From, s.To)
		}
	}
	if item.Spent.Sign() != 0 {
		line += fmt.Sprintf(", %s", item.Spent)
	}
	if item.Order != 0 {
		line += fmt.Sprintf(", order %d", item.Order)
	}
	if item.Already {
		line += ", by an earlier run"
	}
	if item.Why != "" {
		line += ": " + whyOf(item)
	}
	return line
}

// whyOf is why an item was not renewed, without what its line says already.
func whyOf(item ovhrenew.ItemReport) string {
	why := item.Why
	if failed, ok := errors.AsType[*ovhrenew.StepError](item.Err); ok {
		why = fmt.Sprintf("%s: %v", failed.Step, failed.Err)
	}
	if why == context.Canceled.Error() {
		why = "interrupted"
	}
	return oneLine(why)
}

// nameOf names an item by the service under which it is offered.
func nameOf(item ovhrenew.PlanItem) string {
	name := item.Via.String()
	for _, s := range item.Services {
		if s.ID == item.Via {
			name = printable(s.Name)
		}
	}
	if others := len(item.Services) - 1; others > 0 {
		name += fmt.Sprintf(" and %d more", others)
	}
	return name
}
