package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// goLive gives the program an account for -live, which lives on between its runs,
// and lets nothing be simulated.
func (r *trial) goLive(n int) *ovhrenewtest.Server {
	server := ovhrenewtest.StartPipe(r.tb, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ChargeTwice: true})
	ovhrenewtest.Agency(server, n, 1)
	r.program.live = func() (*ovh.Client, error) { return server.Client(), nil }
	r.spoil(func(*ovhrenewtest.Server) { r.tb.Error("the simulated account was made") })
	return server
}

// planFile has the program make a plan, and returns its file and its total.
func (r *trial) planFile(args ...string) (file, total string) {
	r.tb.Helper()
	file = filepath.Join(r.tb.TempDir(), "plan.json")
	r.want(exitOK, append([]string{"plan", "-o", file}, args...)...)
	totals, err := readBack(r.tb, file).Totals()
	if err != nil || len(totals) != 1 {
		r.tb.Fatal(totals, err)
	}
	return file, totals[0].String()
}

func readBack(tb testing.TB, file string) *ovhrenew.Plan {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	plan := &ovhrenew.Plan{}
	if err := json.Unmarshal(data, plan); err != nil {
		tb.Fatal(err)
	}
	if len(plan.Items) < 2 {
		tb.Fatalf("the plan has only %d items", len(plan.Items))
	}
	return plan
}

func TestLiveWithoutCredentials(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"plan", "apply"} {
		r := newTrial(t)
		r.program.live = func() (*ovh.Client, error) { return nil, errors.New("missing authentication information") }
		r.want(exitError, command, "-live", "-limit", "10 EUR")
		r.says("-live has no usable credentials: missing authentication information")
		if r.server != nil || r.out.Len() > 0 {
			t.Errorf("%s goes on: %s", command, &r.out)
		}
	}
}

// A question about real money is put to a person at a terminal, or not at all.
func TestLiveAsks(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		server := r.goLive(30)
		dir := r.tb.TempDir()
		args := []string{"apply", "-live", "-limit", "500 EUR", "-journal", dir}
		r.answer("y\n")
		r.want(exitNo, args...)
		r.says("no terminal to ask at")
		r.program.asks = true
		for _, answer := range []string{"", "\n", "n\n"} {
			r.answer(answer)
			r.want(exitNo, args...)
			r.says("on the REAL account", "[y/N]")
		}
		r.spentNothing(server)
		r.answer("y\n")
		r.want(exitOK, args...)
		if len(server.Payments()) == 0 {
			t.Error("nothing was paid")
		}
	})
}

// A cron job says the total of the plan that it means.
func TestLiveWithoutAsking(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		server := r.goLive(30)
		dir := r.tb.TempDir()
		file, total := r.planFile("-live", "-limit", "500 EUR")
		for _, limit := range []string{"500 EUR", "0 EUR", strings.Replace(total, "EUR", "USD", 1)} {
			r.want(exitUsage, "apply", "-live", "-yes", "-journal", dir, "-plan", file, "-limit", limit)
			r.says("the total of " + file + " is " + total)
		}
		r.want(exitUsage, "apply", "-live", "-yes", "-journal", dir, "-plan", file, "-limit", total, "-limit", "1 USD")
		r.spentNothing(server)
		apply := []string{"apply", "-live", "-yes", "-journal", dir, "-plan", file, "-limit", total}
		r.want(exitOK, apply...)
		payments := len(server.Payments())
		if payments != len(readBack(t, file).Items) {
			t.Errorf("%d payments", payments)
		}
		r.want(exitOK, apply...)
		r.says("by an earlier run")
		if n := len(server.Payments()); n != payments {
			t.Errorf("applied again, there are %d payments and not %d", n, payments)
		}
	})
}

// What has changed since the plan was made is refused, and nothing else.
func TestRefused(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		file, total := r.planFile("-services", "60")
		r.spoil(func(server *ovhrenewtest.Server) {
			r.server = server
			item := readBack(t, file).Items[0]
			server.SetPrice(string(item.Period), "0.01", int64(item.Via))
		})
		args := []string{"apply", "-services", "60", "-workers", "1", "-yes", "-plan", file, "-limit", total}
		r.want(exitRefused, args...)
		args[len(args)-3] = "plan.json"
		r.golden("apply-refused", exitRefused, args...)
		if got, want := len(r.server.Payments()), len(readBack(t, file).Items)-1; got != want {
			t.Errorf("%d payments, want %d", got, want)
		}
	})
}

// A plan from a file is applied on a later day, to the account for which it was made.
func TestPlanOfYesterday(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		file, _ := r.planFile("-services", "30")
		<-time.After(30 * time.Hour)
		r.want(exitOK, "apply", "-services", "30", "-yes", "-plan", file)
	})
}

// An apply that is interrupted, again and again, is gone on with until it is done.
func TestInterruptedAndResumed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		server := r.goLive(80)
		dir := r.tb.TempDir()
		file, total := r.planFile("-live", "-limit", "2000 EUR")
		args := []string{"apply", "-live", "-yes", "-journal", dir, "-plan", file, "-limit", total, "-workers", "2"}
		items := len(readBack(t, file).Items)
		interrupts := 0
		for paid := 1; ; paid++ {
			ctx, cancel := context.WithCancel(r.tb.Context())
			server.OnAnswer(func(request ovhrenewtest.Request) {
				if request.Route == ovhrenewtest.RoutePay && len(server.Payments()) == paid {
					cancel()
				}
			})
			r.out.Reset()
			r.err.Reset()
			status := r.program.run(ctx, args)
			cancelled := ctx.Err() != nil
			cancel()
			if !cancelled {
				if status != exitOK {
					t.Errorf("it exits with %d\n%s%s", status, &r.out, &r.err)
				}
				break
			}
			interrupts++
			if !slices.Contains([]int{exitUnsure, exitFailed, exitNotBegun}, status) {
				t.Errorf("interrupted, it exits with %d\n%s%s", status, &r.out, &r.err)
			}
			r.says("Interrupted", "the same command with the same journal goes on")
			if paid > 3*items {
				t.Fatal("it is never done")
			}
		}
		if got := len(server.Payments()); got != items || interrupts < 3 {
			t.Errorf("%d payments for %d items, %d interrupts", got, items, interrupts)
		}
	})
}

// With -json the standard output is JSON and nothing else.
func TestJSON(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		r.want(exitOK, "plan", "-json", "-services", "60")
		var plan ovhrenew.Plan
		if err := json.Unmarshal(r.out.Bytes(), &plan); err != nil || len(plan.Items) < 2 {
			t.Fatalf("%d items, %v", len(plan.Items), err)
		}
		file, _ := r.planFile("-services", "60")
		if diff := cmp.Diff(&plan, readBack(t, file), cmp.Comparer(func(a, b ovhrenew.Money) bool { return a == b }),
			cmp.Comparer(func(a, b ovhrenew.Date) bool { return a == b })); diff != "" {
			t.Errorf("-json and -o differ:\n%s", diff)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the plan's file: %v %v", info, err)
		}
		r.answer("y\n")
		r.want(exitOK, "apply", "-json", "-services", "60")
		var report ovhrenew.Report
		if err := json.Unmarshal(r.out.Bytes(), &report); err != nil {
			t.Fatal(err)
		}
		if n := report.Count(ovhrenew.OutcomeRenewed); n != len(plan.Items) {
			t.Errorf("%d of %d are renewed in the report", n, len(plan.Items))
		}
		r.want(exitOK, "apply", "-json", "-services", "0")
		if err := json.Unmarshal(r.out.Bytes(), &report); err != nil || report.Items == nil || len(report.Items) > 0 {
			t.Errorf("with nothing to renew: %s, %v", &r.out, err)
		}
	})
}

// A line is written over on a terminal, and nowhere else.
func TestTerminal(t *testing.T) {
	t.Parallel()
	for _, rewrites := range []bool{false, true} {
		inBubble(t, func(r *trial) {
			r.program.rewrites = rewrites
			r.want(exitOK, "apply", "-services", "60", "-yes")
			r.says("6 renewed")
			if strings.Contains(r.out.String(), "\x1b") || strings.Contains(r.out.String(), "\r") {
				t.Error("the standard output has escape sequences")
			}
			if got := strings.Contains(r.err.String(), clearLine); got != rewrites {
				t.Errorf("on a terminal: %t, line written over: %t", rewrites, got)
			}
			if lines := strings.Count(r.err.String(), "\n"); rewrites && lines != 1 || !rewrites && lines != 7 {
				t.Errorf("on a terminal: %t, %d lines:\n%s", rewrites, lines, &r.err)
			}
			for state := range strings.SplitSeq(r.err.String(), clearLine) {
				if n := len([]rune(strings.TrimRight(state, "\n"))); rewrites && n > 79 {
					t.Errorf("%q has %d characters and would wrap", state, n)
				}
			}
			if rewrites && !strings.HasSuffix(r.err.String(), clearLine) {
				t.Error("the last state of things is left standing")
			}
		})
	}
}

// Control characters of names do not reach a terminal.
func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"müller.example": "müller.example",
		"a\x1b[2Jb":      `"a\x1b[2Jb"`,
		"a\nb":           `"a\nb"`,
	} {
		if got := printable(text); got != want {
			t.Errorf("printable(%q) = %s, want %s", text, got, want)
		}
	}
}
