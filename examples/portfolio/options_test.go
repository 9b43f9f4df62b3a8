package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A mistake on the command line is found before anything is asked of an account.
func TestUsage(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"period": "P1Y", "limit": 3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, says := range map[string]string{
		"":                                 "say plan or apply",
		"renew":                            `"renew" is neither`,
		"plan -x":                          "-x",
		"plan now":                         `"now" is left over`,
		"plan -plan plan.json":             "-plan",
		"plan -period P1X":                 "P1X",
		"plan -limit 500":                  "500",
		"plan -limit=-1_EUR":               "Total",
		"plan -limit 1.5EUR":               "1.5EUR",
		"plan -never [":                    "Never",
		"plan -tax much":                   "TaxPercent",
		"plan -within -1":                  "DueWithinDays",
		"plan -services -1":                "-services -1",
		"apply -workers -1":                "negative",
		"apply -pay cash":                  "cash",
		"apply -journal dir":               "-journal is for -live",
		"plan -live":                       "-live needs -limit",
		"plan -live -seed 2 -limit 1_EUR":  "-seed is for the simulated",
		"apply -live -yes":                 "-live -yes needs",
		"apply -live -yes -plan plan.json": "-live -yes needs",
		"apply -live -yes -limit 1_EUR":    "-live -yes needs",
		"apply -plan p.json -period P1Y":   "-period does not go with -plan",
		"apply -plan p.json -policy q":     "-policy does not go with -plan",
		"plan -policy q -tax 20":           "-tax does not go with -policy",
		"plan -policy missing.json":        "missing.json",
		"plan -policy " + broken:           `unknown field "limit"`,
		"apply -plan missing.json":         "missing.json",
		"apply -plan " + broken:            "v",
	} {
		r := newTrial(t)
		var args []string
		for arg := range strings.FieldsSeq(line) {
			args = append(args, strings.ReplaceAll(arg, "_", " "))
		}
		r.want(exitUsage, args...)
		r.says(says, "Nothing was done")
		if r.server != nil || r.out.Len() > 0 {
			t.Errorf("%q begins something: %s", line, &r.out)
		}
	}
	r := newTrial(t)
	r.want(exitOK, "apply", "-h")
	r.says("-stop-after", "Exit status", "  4  unsure")
}

// What -h shows as a default can be said.
func TestDefaults(t *testing.T) {
	t.Parallel()
	r := newTrial(t)
	r.want(exitOK, "-h")
	defaults := regexp.MustCompile(`(?m)^  -([a-z-]+) .*\n.*\(default "?([^")]*)"?\)$`).FindAllStringSubmatch(r.out.String(), -1)
	if len(defaults) < 6 {
		t.Fatalf("-h shows only %d defaults:\n%s", len(defaults), &r.out)
	}
	for _, d := range defaults {
		if d[1] == "journal" || d[1] == "within" { // in words
			continue
		}
		if _, err := parse([]string{"apply", "-" + d[1], d[2]}); err != nil {
			t.Errorf("-%s %q: %v", d[1], d[2], err)
		}
	}
}
