package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// usage runs a command line that has to be refused before the account is opened.
func usage(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	p := newProgram()
	p.in, p.out, p.err, p.terminal, p.live = bufio.NewReader(strings.NewReader("")), &out, &errs, false, false
	p.open = func(context.Context, *program) (*account, error) {
		t.Errorf("%q: the account was opened", args)
		return nil, os.ErrInvalid
	}
	if status := p.run(t.Context(), args); status != exitUsage || !strings.HasPrefix(errs.String(), "ovhrenew: ") || out.Len() > 0 {
		t.Errorf("%q: status %d, want %d:\n%s%s", args, status, exitUsage, &out, &errs)
	}
	narrow(t, args, result{exitUsage, out.String(), errs.String()})
	return errs.String()
}

// What is wrong on the command line ends with status 2, before anything is asked, and is
// said of the flag or the argument as it was typed. Each line is in testdata/usage.txt, with
// its answer. Arguments are parted by a comma here.
func TestUsage(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, line := range []string{
		"surplus", "lst", "reprt", "list surplus", "list --within soon", "list --within -3", "list --only [", "list --whithin 3", "list --within", "offers",
		"plan", "plan --total 500", "plan --total 5EUR --for soon", "plan --total 5,EUR --for soon", "plan --total none,XXX1", "plan --total 5,EUR --total none,EUR",
		"plan --total 5,EUR --total 6,EUR", "plan --total 5,EUR --tax much", "plan --total 5,EUR --tax -1",
		"plan --total 5,EUR --only [", "plan --total 5,EUR --never vps --never product:[", "plan --total 5,EUR --along tag:",
		"plan --total 5,EUR --due-within -1", "plan --total 5,EUR --due-within 1000000", "plan --total 5,EUR --per-month -5,EUR",
		"plan --total 5,EUR --per-order 5,EUR --per-order 6,EUR", "plan --no-such-flag",
		"apply", "apply a b", "apply x --stop-after -1", "apply x --pay gold",
		"renew", "renew x", "renew x --for P1Y", "renew x --limit 5,EUR", "renew x --for year --limit 5,EUR", "renew x --for P1Y --limit 5,EUR --pay gold",
		"renew x --for P1Y --limit 5,EUR --from soon", "renew vps --for P1Y --limit 5,EUR", "renew /vps//x --for P1Y --limit 5,EUR", "renew  --for P1Y --limit 5,EUR",
		"auto", "auto x", "auto x --mode sometimes", "auto x --mode automatic", "auto x --mode automatic --every year",
		"doctor --for everything", "doctor --for read,everything", "report --since soon", "probe surplus", "completion tcsh", "--no-such-flag",
	} {
		args := strings.Split(line, " ")
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], ",", " ")
		}
		all.WriteString("$ ovhrenew " + line + "\n" + usage(t, args...))
	}
	golden(t, "usage.txt", all.String())
	usage(t, "plan", "--policy", "nowhere.json", "--total", "5 EUR")
	usage(t, "apply", "nowhere.json")
}

// A value that no parser of a command takes is refused in the name of the flag or of the
// file, whatever the flag: none speaks of the library's names.
func TestEveryFlagIsNamed(t *testing.T) {
	t.Parallel()
	arguments := map[string][]string{"renew": {"x", "--for", "P1Y", "--limit", "5 EUR"}, "auto": {"x", "--mode", "automatic", "--every", "P1M"}, "apply": {"x"}, "plan": {"--total", "5 EUR"}}
	tried := 0
	for _, command := range newProgram().command().Commands() {
		command.Flags().VisitAll(func(f *pflag.Flag) {
			v, ok := f.Value.(interface{ filled() (string, []string) })
			if !ok {
				return
			}
			if fills, _ := v.filled(); command.Name() == "plan" && fills == "" {
				t.Errorf("plan --%s fills no field of a policy", f.Name)
			}
			tried++
			args := append([]string{command.Name()}, arguments[command.Name()]...)
			said := usage(t, append(args, "--"+f.Name, "[")...)
			if !strings.Contains(said, "--"+f.Name+":") && !strings.Contains(said, "--"+f.Name+` "["`) {
				t.Errorf("%s --%s [ is refused by: %s", command.Name(), f.Name, said)
			}
			for _, name := range []string{"Policy", "Options", "Request", "Guards", "Parse", "Wants"} {
				if strings.Contains(said, name) {
					t.Errorf("%s --%s [ speaks of %s: %s", command.Name(), f.Name, name, said)
				}
			}
		})
	}
	if tried < 18 {
		t.Errorf("%d flags have been tried", tried)
	}
}

// What the library finds wrong later is said of the flag too, and what stands in a policy
// file of the file, in its own names.
func TestNamedLater(t *testing.T) {
	bubble(t, func(t *testing.T) {
		dir := t.TempDir()
		policy := func(text string) string {
			name := filepath.Join(dir, "policy.json")
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return name
		}
		for _, c := range []struct {
			args   []string
			policy string
			want   string
			status int
		}{
			{[]string{"plan", "--demo", "--total", "5 USD"}, "", "--tax is missing", exitUsage},
			{[]string{"renew", "--demo", "x", "--for", "P1Y", "--limit", "-5 EUR"}, "", `--limit "-5 EUR" is negative`, exitUsage},
			{[]string{"auto", "--demo", "x", "--mode", "manual", "--every", "P7M"}, "", `--every "P7M" goes with the automatic mode only`, exitUsage},
			{[]string{"list", "--demo", "--only", "vps112233.ovh.net", "--only", "gone.example"}, "", `--only "gone.example" selects no service`, exitFailed},
			{[]string{"plan", "--demo", "--total", "5 EUR", "--never", "vps*", "--never", "vps112234.ovh.net"}, "", `LOOK: --never "vps112234.ovh.net" selects no service; similar: vps112233.ovh.net.`, exitDone},
			{[]string{"plan", "--demo", "--total", "5 EUR", "--never", "x.example"}, `{"period":"P1Y","never":[{"names":["vps*"]},{"names":["gone.example"]}]}`, `LOOK: --never "x.example" selects`, exitDone},
			{[]string{"plan", "--demo", "--total", "5 EUR", "--never", "x.example"}, `{"period":"P1Y","never":[{"names":["vps*"]},{"names":["gone.example"]}]}`, "policy.json: never[1].names[0] gone.example selects", exitDone},
			{[]string{"plan", "--demo"}, `{"period":"P1Y","total":["5 EUR"],"never":[{"names":["["]}]}`, `policy.json: never[0].names[0] "[" is not a pattern`, exitUsage},
			{[]string{"plan", "--demo"}, `{"period":"P1Y","total":["5 EUR"],"Never":[{"names":["x"]}]}`, "policy.json: Never is not a field", exitUsage},
			{[]string{"plan", "--demo"}, `{"period":"P1Y","total":["5 EUR"],"perMonth":["-5 EUR"]}`, `policy.json: perMonth[0] "-5.00 EUR" is negative`, exitUsage},
			{[]string{"plan", "--demo"}, `{"period":`, "policy.json: is not a JSON object", exitUsage},
		} {
			if c.policy != "" {
				c.args = append(c.args, "--policy", policy(c.policy))
			}
			r := run(t, nil, c.args...)
			said := strings.ReplaceAll(strings.Join(strings.Fields(r.out+r.err), " "), dir+string(filepath.Separator), "")
			if r.status != c.status || !strings.Contains(said, c.want) {
				t.Errorf("%q: status %d, want %d and %q:\n%s", c.args, r.status, c.status, c.want, said)
			}
		}
	})
}
