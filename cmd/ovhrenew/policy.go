package main

import (
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// policyFlags are the policy of a plan: that of a file, changed by what else is on the
// command line.
type policyFlags struct {
	file    string
	changes []change
	// never and along are how many selections the file has of them.
	never, along int
}

// change is what a flag changes in a policy, which may have changes of the same flag.
type change struct {
	flag *policyFlag
	text string
}

// policyFlag is a flag that changes a policy. What may be repeated is set with n from 0 up:
// the first takes the place of what a file has, but for never and along, which grow.
type policyFlag struct {
	name, kind, does, fills string
	set                     func(p *portfolio.Policy, text string, n int) error
}

const which = `, such as *.com, product:vps-*, tag:shop or an id; may be repeated`

var policyFlagTable = []policyFlag{
	{"total", "AMOUNT", `what the plan may spend, tax included, such as "500 EUR", or "none EUR" for no bound; may be repeated for other currencies`, "Policy.Total", setTotal},
	{"per-month", "AMOUNT", "what all runs with the journal may spend in a month", "Policy.PerMonth", limits(func(p *portfolio.Policy) *[]ovhrenew.Money { return &p.PerMonth })},
	{"per-order", "AMOUNT", "what one order may cost", "Policy.PerOrder", limits(func(p *portfolio.Policy) *[]ovhrenew.Money { return &p.PerOrder })},
	{"for", "PERIOD", "how long to renew for, such as P1Y; today: as it is; any: the cheapest for each month (default P1Y)", "Policy.Period", setPeriod},
	{"due-within", "DAYS", "how long before its end a service is renewed (default: 30 days, or half of its period)", "Policy.DueWithinDays", setDueWithin},
	{"only", "WHICH", "renew only these" + which, "Policy.Only", setOnly},
	{"never", "WHICH", "never renew these" + which, "Policy.Never", selections(func(p *portfolio.Policy) *[]portfolio.Selection { return &p.Never })},
	{"along", "WHICH", "let these come along with others that need it" + which, "Policy.Along", selections(func(p *portfolio.Policy) *[]portfolio.Selection { return &p.Along })},
	{"tax", "PERCENT", "the tax on what is offered (default: asked from the account by one quote, which orders nothing)", "Policy.TaxPercent", func(p *portfolio.Policy, text string, _ int) error {
		p.TaxPercent = text
		return nil
	}},
}

// add adds the flags to a command.
func (f *policyFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "policy", "", "read the policy from `FILE`")
	for i := range policyFlagTable {
		one := &policyFlagTable[i]
		cmd.Flags().Var(&value[string]{
			kind: one.kind, fills: one.fills,
			parse: func(text string) (string, error) { return text, nil },
			take:  func(text string) { f.changes = append(f.changes, change{one, text}) },
		}, one.name, one.does)
	}
}

// read is the policy. After each change it is checked, so that an error is that of the flag.
func (f *policyFlags) read(now time.Time) (portfolio.Policy, error) {
	var policy portfolio.Policy
	if f.file != "" {
		data, err := os.ReadFile(f.file)
		if err != nil {
			return policy, usageError{err}
		}
		if policy, err = portfolio.ParsePolicy(data); err != nil {
			return policy, usageError{inFile(f.file, err)}
		}
	}
	f.never, f.along = len(policy.Never), len(policy.Along)
	if policy.Period == "" {
		policy.Period = ovhrenew.P1Y
	}
	if err := checked(policy, now); err != nil {
		return policy, usageError{inFile(f.file, err)}
	}
	count := map[*policyFlag]int{}
	for _, c := range f.changes {
		err := c.flag.set(&policy, c.text, count[c.flag])
		if err == nil {
			err = checked(policy, now)
		}
		if err != nil {
			return policy, usageError{ofText("--"+c.flag.name, c.text, err)}
		}
		count[c.flag]++
	}
	if len(policy.Total)+len(policy.NoTotal) == 0 {
		return policy, usagef(`a limit is missing: say --total "500 EUR", or --total "none EUR" for no bound`)
	}
	return policy, nil
}

// checked finds what is wrong with a policy before anything is read. What the month has
// cost is read later.
func checked(policy portfolio.Policy, now time.Time) error {
	today := ovhrenew.DateOf(now)
	if len(policy.PerMonth) > 0 {
		policy.Spent = portfolio.MonthSpent{Month: today.String()[:len("2006-01")]}
	}
	_, err := policy.Wants(today)
	return err
}

func setTotal(p *portfolio.Policy, text string, n int) error {
	if n == 0 {
		p.Total, p.NoTotal = nil, nil
	}
	if currency, none := strings.CutPrefix(text, "none "); none {
		p.NoTotal = append(p.NoTotal, ovhrenew.Currency(strings.TrimSpace(currency)))
		return nil
	}
	amount, err := ovhrenew.ParseMoney(text)
	p.Total = append(p.Total, amount)
	return err
}

func limits(of func(*portfolio.Policy) *[]ovhrenew.Money) func(*portfolio.Policy, string, int) error {
	return func(p *portfolio.Policy, text string, n int) error {
		amount, err := ovhrenew.ParseMoney(text)
		all := of(p)
		*all = append((*all)[:n:n], amount)
		return err
	}
}

func setPeriod(p *portfolio.Policy, text string, _ int) (err error) {
	switch p.Period = ovhrenew.Period(text); p.Period {
	case portfolio.PeriodToday, portfolio.PeriodAny:
	default:
		p.Period, err = ovhrenew.ParsePeriod(text)
	}
	return err
}

func setDueWithin(p *portfolio.Policy, text string, _ int) (err error) {
	p.DueWithinDays, err = parseNumber(text)
	return err
}

func setOnly(p *portfolio.Policy, text string, n int) error {
	p.Only = append(p.Only[:n:n], parseSelection(text))
	return nil
}

func selections(of func(*portfolio.Policy) *[]portfolio.Selection) func(*portfolio.Policy, string, int) error {
	return func(p *portfolio.Policy, text string, _ int) error {
		all := of(p)
		*all = append(*all, parseSelection(text))
		return nil
	}
}

// place says where the part of a policy stands that selects nothing: in a flag or in the
// file.
func (f *policyFlags) place(cmd *cobra.Command, u portfolio.Unused) portfolio.Unused {
	list, _ := element(u.Field)
	u, ok := unusedFlag(cmd, "Policy", u, map[string]int{"never": f.never, "along": f.along}[list])
	if !ok {
		u.Field = f.file + ": " + u.Field
	}
	return u
}
