package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func (p *program) planCommand() *cobra.Command {
	var flags policyFlags
	var out, html string
	cmd := &cobra.Command{
		Use:   "plan --total AMOUNT [flags]",
		Short: "Plan what to renew, for a person to look at; spends nothing",
		Long: `Plan reads the account and plans what is due. It spends nothing. Look at the
plan, or let somebody look at it, and apply the file.

A policy file is JSON; docs/plan.md describes it. What else is on the command
line changes it.`,
		Args: arguments("", false),
		Example: `  ovhrenew plan --demo --total "500 EUR"
  ovhrenew plan --policy policy.json --out plan.json --html plan.html
  ovhrenew plan --for any --only "*.com" --total "500 EUR" --per-month "900 EUR"`,
	}
	flags.add(cmd)
	cmd.Flags().StringVarP(&out, "out", "o", "", "write the plan to `FILE`, for apply")
	cmd.Flags().StringVar(&html, "html", "", "write a page to look at to `FILE`")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		policy, err := flags.read(p.now())
		if err != nil {
			return err
		}
		return p.with(cmd.Context(), func(a *account) error {
			plan, err := p.makePlan(cmd.Context(), a, policy)
			if err != nil {
				return err
			}
			place := func(u portfolio.Unused) portfolio.Unused { return flags.place(cmd, u) }
			return p.showPlan(plan, place, out, html)
		})
	}
	return cmd
}

// makePlan reads the account, the tax and what the month has cost, as far as the policy
// asks for them.
func (p *program) makePlan(ctx context.Context, a *account, policy portfolio.Policy) (*portfolio.Plan, error) {
	defer p.reading("reading the account")()
	now, err := a.client.Time(ctx)
	if err != nil {
		return nil, err
	}
	today := ovhrenew.DateOf(now)
	if len(policy.PerMonth) > 0 {
		if policy, err = p.budget(ctx, a, policy, today); err != nil {
			return nil, err
		}
	}
	services, unread, err := portfolio.Gather(ctx, a.client, policy, today)
	if err != nil {
		return nil, err
	}
	for _, one := range unread {
		p.say("not read: %v", one)
	}
	if policy.TaxPercent == "" {
		if policy, err = portfolio.LearnTax(ctx, a.client, services, policy, today); err != nil {
			return nil, err
		}
		if policy.TaxPercent != "" {
			p.say("tax: %s %%, as a quote says", policy.TaxPercent)
		}
	}
	return portfolio.MakePlan(services, policy, today)
}

func (p *program) budget(ctx context.Context, a *account, policy portfolio.Policy, today ovhrenew.Date) (portfolio.Policy, error) {
	first := today.Time()
	ledger, err := p.ledger(ctx, a, first.AddDate(0, 0, 1-first.Day()))
	if err != nil {
		return policy, err
	}
	return ledger.Into(policy, today)
}

// showPlan shows and writes a plan. Place says where on the command line something stands.
func (p *program) showPlan(plan *portfolio.Plan, place func(portfolio.Unused) portfolio.Unused, out, html string) error {
	var errs []error
	if out != "" {
		errs = append(errs, writeFile(out, plan.WriteJSON))
	}
	if html != "" {
		errs = append(errs, writeFile(html, func(w io.Writer) error { return page.Plan(w, *plan) }))
	}
	if p.json {
		errs = append(errs, plan.WriteJSON(p.out))
	} else {
		errs = append(errs, writePlan(p.out, plan, place))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if out != "" {
		demo := ""
		if p.demo {
			demo = " --demo"
		}
		p.say("written to %s: look at it, then ovhrenew apply %s%s", out, out, demo)
	}
	return nil
}

// writeFile writes a file beside the one it takes the place of, so that none is cut off.
func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(dirOf(name), ".ovhrenew-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if err := errors.Join(write(file), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

func dirOf(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		return name[:i+1]
	}
	return "."
}

// writePlan writes a plan for a terminal of 80 columns.
func writePlan(w io.Writer, plan *portfolio.Plan, place func(portfolio.Unused) portfolio.Unused) error {
	totals, err := plan.Totals()
	if err != nil {
		return err
	}
	services := 0
	for _, item := range plan.Items {
		services += len(item.Services)
	}
	fmt.Fprintf(w, "Plan of %s: %s for %s.\n", plan.Made, words.Count(len(plan.Items), "order"), words.Count(services, "service"))
	for _, unused := range plan.Unused {
		fmt.Fprintln(w, wrap("LOOK: "+place(unused).String()+".", "  "))
	}
	if len(plan.Items) > 0 {
		fmt.Fprintln(w)
		rows := [][]string{}
		shared := sharedNames(plan)
		for _, item := range plan.Items {
			for i, s := range item.Services {
				name := planned(s, shared[s.Name])
				row := []string{s.Expiry.String(), s.NewExpiry.String(), "", "", "+ " + name}
				if i == 0 {
					row = []string{s.Expiry.String(), s.NewExpiry.String(), string(item.Period), item.Limit.String(), name}
				}
				rows = append(rows, row)
			}
		}
		cols := []column{{title: "ENDS"}, {title: "NEW END"}, {title: "FOR"}, {title: "AT MOST", right: true}, {title: "SERVICE", least: 16}}
		if err := table(w, cols, rows); err != nil {
			return err
		}
	}
	if len(totals) > 0 {
		fmt.Fprintln(w)
	}
	for _, total := range totals {
		fmt.Fprintf(w, "Total: at most %s, tax included.\n", total)
	}
	if len(plan.LeftOut) > 0 {
		fmt.Fprintf(w, "\nDue, or to be looked at, and left out:\n")
		for _, left := range plan.LeftOut {
			fmt.Fprintln(w, wrap(fmt.Sprintf("%s  %s (%d): %s", left.Expiry, fit(left.Name, 40), left.ID, left.Reason), "    "))
		}
	}
	if text := notDue(plan.NotDue); text != "" {
		fmt.Fprintf(w, "\n%s\n", wrap("Not in the plan: "+text+".", "  "))
	}
	return nil
}

// serviceColumn is how wide the last column of a plan is at most.
const serviceColumn = 36

// planned is the name of a service of a plan, its number where others share the name, and
// why it is there. A long name is shortened, and not what follows it.
func planned(s portfolio.PlannedService, shared bool) string {
	var notes []string
	if shared {
		notes = append(notes, s.ID.String())
	}
	switch {
	case s.Ahead:
		notes = append(notes, "early")
	case s.Along:
		notes = append(notes, "comes along")
	}
	if len(notes) == 0 {
		return s.Name
	}
	note := " (" + strings.Join(notes, ", ") + ")"
	return fit(s.Name, max(serviceColumn-len("+ ")-len(note), 1)) + note
}

// sharedNames are the names that more than one service of the plan has, such as a domain
// and its hosting: their numbers tell which is which.
func sharedNames(plan *portfolio.Plan) map[string]bool {
	seen, shared := map[string]bool{}, map[string]bool{}
	add := func(name string) { shared[name] = seen[name]; seen[name] = true }
	for _, item := range plan.Items {
		for _, s := range item.Services {
			add(s.Name)
		}
	}
	for _, left := range plan.LeftOut {
		add(left.Name)
	}
	return shared
}

// notDueWords say why services are not in a plan.
var notDueWords = []struct {
	why  portfolio.LeftWhy
	text string
}{
	{portfolio.LeftNotDue, "not due"}, {portfolio.LeftRenewsItself, "renewing by themselves"}, {portfolio.LeftNoExpiry, "without an end"},
	{portfolio.LeftNever, "never renewed"}, {portfolio.LeftNotOnly, "not among those renewed only"},
}

func notDue(counts map[portfolio.LeftWhy]int) string {
	var texts []string
	for _, w := range notDueWords {
		if n := counts[w.why]; n > 0 {
			texts = append(texts, fmt.Sprintf("%d %s", n, w.text))
		}
	}
	return strings.Join(texts, ", ")
}
