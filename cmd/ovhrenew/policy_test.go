package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Every field of a policy has a flag, or is one that only a file or a program can set.
func TestPolicyFlags(t *testing.T) {
	t.Parallel()
	others := []string{"Exceptions", "RenewAutomatic", "PerService", "NoTotal", "Spent", "Rules", "Prefer"} // --total sets NoTotal
	var filled []string
	for _, flag := range policyFlagTable {
		filled = append(filled, strings.TrimPrefix(flag.fills, "Policy."))
	}
	for field := range reflect.TypeFor[portfolio.Policy]().Fields() {
		if slices.Contains(filled, field.Name) == slices.Contains(others, field.Name) {
			t.Errorf("the field %s has no flag, or is said to have none and has", field.Name)
		}
	}
}

// What is on the command line takes the place of what a file says, and adds to what is
// never renewed or comes along.
func TestPolicyOfFileAndFlags(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, []byte(`{"period":"P1M","taxPercent":"19","dueWithinDays":10,"total":["1 EUR","2 USD"],"noTotal":["PLN"],
		"perMonth":["3 EUR"],"only":[{"names":["a"]}],"never":[{"names":["b"]}],"along":[{"names":["c"]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	names := func(all ...string) (selections []portfolio.Selection) {
		for _, name := range all {
			selections = append(selections, portfolio.Selection{Names: []string{name}})
		}
		return selections
	}
	money := func(all ...string) (amounts []ovhrenew.Money) {
		for _, text := range all {
			amounts = append(amounts, ovhrenew.MustMoney(text))
		}
		return amounts
	}
	of := func(args ...string) portfolio.Policy {
		t.Helper()
		f := policyFlags{}
		cmd := newProgram().planCommand()
		cmd.ResetFlags()
		f.add(cmd)
		if err := cmd.ParseFlags(append(args, "--policy", file)); err != nil {
			t.Fatal(err)
		}
		policy, err := f.read(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return policy
	}
	want := portfolio.Policy{
		Period: "P1M", TaxPercent: "19", DueWithinDays: 10, Total: money("1 EUR", "2 USD"), NoTotal: []ovhrenew.Currency{"PLN"}, PerMonth: money("3 EUR"),
		Only: names("a"), Never: names("b"), Along: names("c"),
	}
	if diff := cmp.Diff(want, of()); diff != "" {
		t.Errorf("the file alone (-want +got):\n%s", diff)
	}
	want = portfolio.Policy{
		Period: "any", TaxPercent: "20", DueWithinDays: 5, Total: money("7 EUR"), NoTotal: []ovhrenew.Currency{"USD"}, PerMonth: money("8 EUR", "9 USD"), PerOrder: money("6 EUR"),
		Only: names("x", "y"), Never: names("b", "v", "w"), Along: names("c", "z"),
	}
	if diff := cmp.Diff(want, of("--for", "any", "--tax", "20", "--due-within", "5", "--total", "7 EUR", "--total", "none USD", "--per-month", "8 EUR", "--per-month", "9 USD",
		"--per-order", "6 EUR", "--only", "x", "--only", "y", "--never", "v", "--never", "w", "--along", "z")); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
}
