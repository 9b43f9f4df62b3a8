package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

var errNo = errors.New("not confirmed: this run has ordered and paid nothing")

// apply shows a plan, asks, carries it out, and returns the exit status.
func (p program) apply(ctx context.Context, account *account, o *options, plan *ovhrenew.Plan, show *progress) (int, error) {
	human := p.out
	if o.json {
		human = p.err
	}
	if err := writePlan(human, plan, o.verbose); err != nil {
		return 0, err
	}
	report := &ovhrenew.Report{Items: []ovhrenew.ItemReport{}}
	if len(plan.Items) > 0 {
		journal, remove, err := o.openJournal()
		if err != nil {
			return 0, err
		}
		defer remove()
		if err := p.confirm(ctx, o, plan, unpaid(journal, plan)); err != nil {
			return 0, err
		}
		if report, err = carryOut(ctx, account, o, plan, journal, show); err != nil {
			return 0, err
		}
		if err := writeReport(human, report, o.verbose); err != nil {
			return 0, err
		}
		if status := statusOf(report); o.live && status != exitOK && status != exitRefused {
			fmt.Fprintln(human, "What was begun and not ended: the same command with the same journal goes on with it.")
		}
	}
	if o.json {
		return statusOf(report), writeJSON(p.out, report)
	}
	return statusOf(report), nil
}

// carryOut applies the plan with a journal.
func carryOut(ctx context.Context, account *account, o *options, plan *ovhrenew.Plan, journal ovhrenew.Journal, show *progress) (*ovhrenew.Report, error) {
	told := make(chan struct{})
	uninterrupted := context.AfterFunc(ctx, func() {
		defer close(told)
		show.line("Interrupted: what is under way is left as it is, nothing further is begun.")
	})
	defer func() {
		if !uninterrupted() {
			<-told
		}
	}()
	tracker := tracker{show: show}
	report, err := ovhrenew.Apply(ctx, account.api, plan, ovhrenew.Application{
		PayWith: o.pay, Journal: journal, Workers: o.workers, StopAfter: o.stopAfter,
		Patience: account.patience, Progress: tracker.hear,
	})
	show.clear()
	return report, err
}

// confirm asks, if any item may still cost something. The real account's question is
// for a person at a terminal: what comes out of a pipe has not seen the plan.
func (p program) confirm(ctx context.Context, o *options, plan *ovhrenew.Plan, left []ovhrenew.PlanItem) error {
	if done := len(plan.Items) - len(left); done > 0 {
		fmt.Fprintf(p.err, "\nPaid by an earlier run, and not again: %s of %d.\n", count(done, "order"), len(plan.Items))
	}
	if o.yes || len(left) == 0 {
		return nil
	}
	if o.live && !p.asks {
		return fmt.Errorf("%w (there is no terminal to ask at: see -yes)", errNo)
	}
	rest := *plan
	rest.Items = left
	totals, err := rest.Totals()
	if err != nil {
		return err
	}
	where := "on the simulated account"
	if o.live {
		where = "on the REAL account: payments cannot be taken back"
	}
	fmt.Fprintf(p.err, "\n%s, by %s, %s.\nPay up to %s? [y/N] ", count(len(left), "order"), o.pay, where, amounts(totals))
	answers := make(chan string, 1)
	go func() {
		answer, _ := bufio.NewReader(p.in).ReadString('\n') // no answer is no
		answers <- strings.ToLower(strings.TrimSpace(answer))
	}()
	var answer string
	select {
	case answer = <-answers:
	case <-ctx.Done():
	}
	if !p.asks || answer == "" {
		fmt.Fprintln(p.err) // nobody pressed the key that ends the line
	}
	if answer == "y" || answer == "yes" {
		return nil
	}
	return errNo
}

// statusOf is the exit status for what became of a plan.
func statusOf(r *ovhrenew.Report) int {
	switch {
	case r.Count(ovhrenew.OutcomeUnsure) > 0:
		return exitUnsure
	case r.Count(ovhrenew.OutcomeOrdered)+r.Count(ovhrenew.OutcomePaid) > 0:
		return exitFailed
	case r.Count(ovhrenew.OutcomeSkipped) > 0:
		return exitNotBegun
	case r.Count(ovhrenew.OutcomeRefused) > 0:
		return exitRefused
	}
	return exitOK
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
