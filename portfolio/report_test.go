package portfolio_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Err is nil of a plan that was carried out, and else finds what went wrong.
func TestReportErr(t *testing.T) {
	t.Parallel()
	renewed := portfolio.ItemReport{Outcome: portfolio.OutcomeRenewed}
	if err := (portfolio.Report{Items: []portfolio.ItemReport{renewed}}).Err(); err != nil {
		t.Errorf("Err of what was renewed = %v", err)
	}
	unsure := &ovhrenew.StepError{Step: ovhrenew.StepPay, Order: 7, Paid: ovhrenew.PaidUnsure, Err: ovhrenew.ErrServer}
	err := portfolio.Report{Items: []portfolio.ItemReport{
		renewed, {Outcome: portfolio.OutcomeSkipped}, {Outcome: portfolio.OutcomeUnsure, Err: unsure}, {Outcome: portfolio.OutcomePaid, Err: ovhrenew.ErrPending},
	}}.Err()
	for _, target := range []error{ovhrenew.ErrUnsure, ovhrenew.ErrServer, ovhrenew.ErrPending} {
		if !errors.Is(err, target) {
			t.Errorf("Err = %v, want it to be %v", err, target)
		}
	}
	if want := "3 of 4 items not renewed: 1 paid, 1 unsure, 1 skipped; pay: "; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("Err says %q, want %q", err, want)
	}
}

// A report in a few lines has the money first, and is as sure of it as its items are.
func TestReportString(t *testing.T) {
	t.Parallel()
	item := func(id ovhrenew.ServiceID) portfolio.PlanItem {
		return portfolio.PlanItem{Services: []portfolio.PlannedService{{ID: id, Name: fmt.Sprintf("s%d.example", id), Expiry: planDay.AddDays(int(id))}}}
	}
	dollars := ovhrenew.MustMoney("3 USD")
	for want, items := range map[string][]portfolio.ItemReport{
		"nothing is known to be paid; 0 items: nothing\n": nil,
		"paid 12.00 EUR; 1 item: 1 renewed\n":             {{Item: item(1), Outcome: portfolio.OutcomeRenewed, Spent: euros(1200)}},
		"paid 24.00 EUR, 3.00 USD, and at most 5.00 EUR that is not verified, and perhaps up to 7.00 EUR; 7 items: 3 renewed, 1 paid, 1 ordered, 1 unsure, 1 skipped\n" +
			"unsure: s1.example (1) until 2026-06-16, order 9: \"no answer; twice\\x1b\"\npaid: s2.example (2) until 2026-06-17, order 8\nordered: s3.example (3) until 2026-06-18, order 7\nskipped: s4.example (4) until 2026-06-19\n": {
			{Item: item(5), Outcome: portfolio.OutcomeRenewed, Spent: euros(1200)},
			{Item: item(1), Outcome: portfolio.OutcomeUnsure, Order: 9, Spent: euros(700), Why: "no answer\ntwice\x1b"},
			{Item: item(2), Outcome: portfolio.OutcomePaid, Order: 8, Spent: euros(500)},
			{Item: item(6), Outcome: portfolio.OutcomeRenewed, Spent: euros(1200)},
			{Item: item(3), Outcome: portfolio.OutcomeOrdered, Order: 7},
			{Item: item(7), Outcome: portfolio.OutcomeRenewed, Spent: dollars},
			{Item: item(4), Outcome: portfolio.OutcomeSkipped},
		},
		"add: 92233720368.54775807 EUR and 0.01 EUR: out of range": {
			{Item: item(1), Outcome: portfolio.OutcomeRenewed, Spent: ovhrenew.NewMoney(1<<63-1, "EUR")},
			{Item: item(2), Outcome: portfolio.OutcomeRenewed, Spent: euros(1)},
		},
	} {
		if got := fmt.Sprint(portfolio.Report{Items: items}); got != want {
			t.Errorf("the report is\n%q\nwant\n%q", got, want)
		}
	}
}

// What is due and not renewed is listed with why, from the plan and from its report.
func TestPlanNotRenewed(t *testing.T) {
	t.Parallel()
	plan := mustPlan(t, guideServices(), euroTotal("60 EUR"))
	list := func(r *portfolio.Report) string {
		var all []string
		for _, l := range plan.NotRenewed(r) {
			all = append(all, fmt.Sprint(l.ID, " ", l.Why, " ", l.Reason))
		}
		return strings.Join(all, "\n")
	}
	before := list(nil)
	if !strings.Contains(before, "11223344 overLimit ") || !strings.Contains(before, "12345 skipped not begun") || !strings.Contains(before, "67890 skipped not begun") {
		t.Errorf("without a report: %s", before)
	}
	report := &portfolio.Report{Items: []portfolio.ItemReport{{Item: plan.Items[0], Outcome: portfolio.OutcomeUnsure, Why: "no answer"}}}
	if got := list(report); !strings.Contains(got, "12345 unsure not known whether it was paid: no answer") {
		t.Errorf("with an unsure outcome: %s", got)
	}
	report.Items[0].Outcome = portfolio.OutcomeRenewed
	if got := list(report); strings.Contains(got, "12345") || !strings.Contains(got, "11223344") {
		t.Errorf("with a renewed item: %s", got)
	}
}

// What an earlier run has paid is not told as paid by this one.
func TestReportTellsEarlierRuns(t *testing.T) {
	t.Parallel()
	item := portfolio.ItemReport{Outcome: portfolio.OutcomeRenewed, Spent: ovhrenew.MustMoney("1.20 EUR"), Already: true}
	first := item
	first.Already = false
	report := portfolio.Report{Items: []portfolio.ItemReport{item, first, item}}
	if text := report.String(); !strings.HasPrefix(text, "paid 3.60 EUR (2 items by an earlier run); 3 items: 3 renewed") {
		t.Errorf("String() = %q", text)
	}
	stopped := &ovhrenew.StepError{Order: 5, Paid: ovhrenew.PaidNo, Err: errors.New("interrupted: by a signal")}
	if text := stopped.Error(); text != "interrupted: by a signal [order 5, not paid by this journal's runs]" {
		t.Errorf("an item that was stopped: %q", text)
	}
}
