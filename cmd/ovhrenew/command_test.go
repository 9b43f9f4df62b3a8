package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// everyCommand are the words of each command that there is, the root's none.
func everyCommand(t *testing.T) (all [][]string) {
	t.Helper()
	p := newProgram()
	root := p.command()
	root.InitDefaultHelpCmd()
	p.addCompletion(root)
	var walk func(cmd *cobra.Command, words []string)
	walk = func(cmd *cobra.Command, words []string) {
		all = append(all, words)
		for _, sub := range cmd.Commands() {
			walk(sub, append(slices.Clone(words), sub.Name()))
		}
	}
	walk(root, nil)
	if len(all) < 16 {
		t.Fatalf("only %d commands: %v", len(all), all)
	}
	return all
}

// Help, asked for in each of the ways that there are, is on the standard output, says in a
// sentence what the command does and how it is called, and is at most 80 columns wide.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, words := range everyCommand(t) {
		name := strings.Join(append([]string{"ovhrenew"}, words...), " ")
		r := run(t, nil, append(slices.Clone(words), "--help")...)
		if r.status != exitDone || r.err != "" {
			t.Errorf("%s --help: status %d, on the standard error %q", name, r.status, r.err)
		}
		does, _, _ := strings.Cut(r.out, "\n")
		if len(strings.Fields(does)) < 4 || !strings.Contains(r.out, "\nUsage:\n  "+name) {
			t.Errorf("%s --help does not say what it does and how:\n%s", name, r.out)
		}
		for _, bad := range []string{`(default "")`, "\t", "{{"} {
			if strings.Contains(r.out, bad) {
				t.Errorf("%s --help has %q:\n%s", name, bad, r.out)
			}
		}
		for line := range strings.Lines(r.out) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > columns {
				t.Errorf("%s --help has a line of %d columns: %s", name, n, line)
			}
		}
		if short := run(t, nil, append(slices.Clone(words), "-h")...); short != r {
			t.Errorf("%s -h differs: status %d\n%s%s", name, short.status, short.out, short.err)
		}
		if slices.Equal(words, []string{"help"}) {
			continue // help help is help's help by cobra's own way
		}
		if first := run(t, nil, append([]string{"help"}, words...)...); first != r {
			t.Errorf("help %s differs: status %d\n%s%s", strings.Join(words, " "), first.status, first.out, first.err)
		}
	}
}

// Who names no command is shown them, on the standard error, since that is a mistake: a
// script that does it has done nothing.
func TestNoCommand(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{}, {"--demo"}, {"--json"}, {"completion"}} {
		help := slices.DeleteFunc(append(slices.Clone(words), "--help"), func(word string) bool { return word == "--demo" || word == "--json" })
		r, asked := run(t, nil, words...), run(t, nil, help...)
		if r.status != exitUsage || r.out != "" || r.err != asked.out {
			t.Errorf("ovhrenew %v: status %d\n%s---\n%s", words, r.status, r.out, r.err)
		}
	}
	for line, want := range map[string]string{
		"help lst":           `there is no command "lst": is it list? Else see ovhrenew --help`,
		"help nosuch":        `there is no command "nosuch": see ovhrenew --help`,
		"help plan nosuch":   `the argument "nosuch" is one too many: see ovhrenew plan --help`,
		"completion tcsh":    `there is no command "tcsh": see ovhrenew completion --help`,
		"completion bash me": `the argument "me" is one too many: see ovhrenew completion bash --help`,
	} {
		if r := run(t, nil, strings.Fields(line)...); r.status != exitUsage || r.out != "" || !strings.Contains(oneLine(r.err), want) {
			t.Errorf("ovhrenew %s: status %d, want %q\n%s---\n%s", line, r.status, want, r.out, r.err)
		}
	}
}

// demoLines are a command line for each command that works on an account.
var demoLines = map[string][]string{
	"doctor": {"doctor"}, "list": {"list"}, "offers": {"offers", "12345"}, "plan": {"plan", "--total", "500 EUR"},
	"apply": {"apply", "PLAN"}, "report": {"report"}, "renew": {"renew", "vps112233.ovh.net", "--for", "P3M", "--limit", "50 EUR"},
	"auto": {"auto", "vps112233.ovh.net", "--mode", "automatic", "--every", "P1M"}, "probe": {"probe"},
}

// Whatever the command, the banner that says which account it is stands first on the standard
// error, and the standard output has the result alone: with --json JSON and nothing else.
func TestBanners(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const banner = "demo: a simulated account"
		for _, words := range everyCommand(t) {
			if len(words) != 1 || words[0] == "help" || words[0] == "completion" {
				continue
			}
			line := slices.Clone(demoLines[words[0]])
			if line == nil {
				t.Errorf("%s is not tried: add it to demoLines", words[0])
				continue
			}
			if i := slices.Index(line, "PLAN"); i >= 0 {
				line[i] = planFile(t)
			}
			for _, args := range [][]string{append(slices.Clone(line), "--demo"), append(slices.Clone(line), "--demo", "--json")} {
				r := run(t, nil, args...)
				if !strings.HasPrefix(r.err, banner) || strings.Contains(r.out, banner) || r.out == "" {
					t.Errorf("%v: on the standard output\n%son the standard error\n%s", args, r.out, r.err)
				}
				if asJSON := slices.Contains(args, "--json"); asJSON != json.Valid([]byte(r.out)) {
					t.Errorf("%v: JSON is %t:\n%s", args, !asJSON, r.out)
				}
			}
		}
	})
}

// The commands' help, as it is read.
func TestShowHelp(t *testing.T) {
	t.Parallel()
	shows(t, "help", exitDone, "--help")
}

// Shells are completed.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if r := run(t, nil, "completion", shell); r.status != 0 || !strings.Contains(r.out, "ovhrenew") || r.err != "" {
			t.Errorf("completion %s: status %d\n%.200s%s", shell, r.status, r.out, r.err)
		}
	}
	if r := run(t, nil, "__complete", "plan", "--per"); !strings.Contains(r.out, "--per-month") {
		t.Errorf("plan --per is completed by %s", r.out)
	}
}
