package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var queryID = regexp.MustCompile(`query\s+id\s+[^)]*`)

var update = flag.Bool("update", false, "write the golden files anew")

// trial is a run of the program and the world around it.
type trial struct {
	tb       testing.TB
	program  program
	out, err bytes.Buffer
	// server is the last simulated account that the program made.
	server *ovhrenewtest.Server
}

// inBubble tries the program in a bubble, whose clock is always the same.
func inBubble(t *testing.T, try func(*trial)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { try(newTrial(t)) })
}

func newTrial(tb testing.TB) *trial {
	r := &trial{tb: tb}
	r.program = program{
		in: strings.NewReader(""), out: &r.out, err: &r.err,
		live: func() (*ovh.Client, error) {
			tb.Error("the real account was asked for")
			return nil, os.ErrInvalid
		},
		simulated: func(server *ovhrenewtest.Server) { r.server = server },
	}
	return r
}

// spoil changes the simulated account before the program sees it.
func (r *trial) spoil(change func(*ovhrenewtest.Server)) {
	r.program.simulated = func(server *ovhrenewtest.Server) {
		r.server = server
		change(server)
	}
}

func (r *trial) answer(text string) { r.program.in = strings.NewReader(text) }

// run runs the program and forgets what earlier runs have written.
func (r *trial) run(args ...string) int {
	r.tb.Helper()
	r.out.Reset()
	r.err.Reset()
	return r.program.run(r.tb.Context(), args)
}

func (r *trial) want(status int, args ...string) {
	r.tb.Helper()
	if got := r.run(args...); got != status {
		r.tb.Fatalf("%q exits with %d, want %d\n%s%s", args, got, status, &r.out, &r.err)
	}
}

// says checks that the program has said something, wherever.
func (r *trial) says(texts ...string) {
	r.tb.Helper()
	for _, text := range texts {
		if !strings.Contains(r.out.String()+r.err.String(), text) {
			r.tb.Errorf("it does not say %q\n%s%s", text, &r.out, &r.err)
		}
	}
}

// spentNothing checks that there is neither an order nor a payment.
func (r *trial) spentNothing(server *ovhrenewtest.Server) {
	r.tb.Helper()
	if n := len(server.Orders()); n > 0 {
		r.tb.Errorf("there are %d orders", n)
	}
	if n := len(server.Payments()); n > 0 {
		r.tb.Errorf("there are %d payments", n)
	}
}

// golden compares what the program has written with a file.
func (r *trial) golden(name string, status int, args ...string) {
	r.tb.Helper()
	got := fmt.Sprintf("$ portfolio %s\n-- standard error\n%s-- standard output\n%s-- exit status %d\n",
		strings.Join(args, " "), &r.err, &r.out, status)
	got = queryID.ReplaceAllString(got, "query id …") // they count all requests
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			r.tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			r.tb.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		r.tb.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		r.tb.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// losePayment loses the answer to a payment, and then keeps its outcome hidden.
func losePayment(server *ovhrenewtest.Server) {
	server.Inject(
		ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After},
		ovhrenewtest.Fault{Route: "GET /me/order/{orderId}/payment", Kind: ovhrenewtest.StatusFault, Status: 500, Times: -1},
	)
	b := server.Behaviour()
	b.StatusLag = 24 * 3600 * 1e9
	server.SetBehaviour(b)
}

// denyPayments lets orders be placed and refuses to take money.
func denyPayments(server *ovhrenewtest.Server) { server.DenyIAM(ovhrenewtest.RoutePay) }

// What the program writes, and with which status it ends.
func TestRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		spoil  func(*ovhrenewtest.Server)
		answer string
		status int
		args   string
	}{
		{"plan", nil, "", exitOK, "plan"},
		{"plan-verbose", nil, "", exitOK, "plan -services 40 -v -seed 3"},
		{"plan-empty", nil, "", exitOK, "plan -services 0"},
		{"plan-policy", nil, "", exitOK, "plan -services 80 -policy testdata/policy.json"},
		{"plan-unread", func(s *ovhrenewtest.Server) {
			s.Inject(ovhrenewtest.Fault{Route: "GET /service/{serviceId}/renew", Times: -1, Kind: ovhrenewtest.StatusFault, Status: 400})
		}, "", exitError, "plan -services 40"},
		{"apply", nil, "y\n", exitOK, "apply -services 60 -workers 1"},
		{"apply-verbose", nil, "", exitOK, "apply -services 30 -workers 1 -yes -v"},
		{"apply-no", nil, "\n", exitNo, "apply -services 30"},
		{"apply-unsure", losePayment, "", exitUnsure, "apply -services 60 -workers 1 -yes"},
		{"apply-not-paid", denyPayments, "", exitFailed, "apply -services 60 -workers 1 -yes -stop-after 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *trial) {
				r.answer(tt.answer)
				if tt.spoil != nil {
					r.spoil(tt.spoil)
				}
				args := strings.Fields(tt.args)
				r.want(tt.status, args...)
				r.golden(tt.name, tt.status, args...)
				if tt.status == exitNo || args[0] == "plan" {
					r.spentNothing(r.server)
				}
			})
		})
	}
}

// The real account's credentials are of no use without -live.
func TestSimulatedUnlessLive(t *testing.T) {
	for name, value := range map[string]string{
		"OVH_ENDPOINT": "ovh-eu", "OVH_APPLICATION_KEY": "key", "OVH_APPLICATION_SECRET": "secret", "OVH_CONSUMER_KEY": "consumer",
	} {
		t.Setenv(name, value)
	}
	inBubble(t, func(r *trial) {
		r.want(exitOK, "apply", "-services", "20", "-yes")
		r.says("Simulated account")
		if len(r.server.Payments()) == 0 {
			t.Error("nothing was renewed on the simulated account")
		}
	})
}

// No answer but yes is yes.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for answer, status := range map[string]int{
		"y\n": exitOK, "YES\n": exitOK, " yes \n": exitOK, "y": exitOK,
		"": exitNo, "\n": exitNo, "n\n": exitNo, "yes please\n": exitNo, "\ny\n": exitNo, "j\n": exitNo,
	} {
		inBubble(t, func(r *trial) {
			r.answer(answer)
			r.want(status, "apply", "-services", "20")
			if status == exitNo {
				r.spentNothing(r.server)
				r.says("this run has ordered and paid nothing")
			}
		})
	}
}

// An interrupt while the question is open is a no.
func TestInterruptedQuestion(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		ctx, cancel := context.WithCancel(r.tb.Context())
		in := blocked{asked: make(chan bool), never: make(chan bool)}
		defer close(in.never)
		r.program.in = in
		status := make(chan int)
		go func() { status <- r.program.run(ctx, []string{"apply", "-services", "20"}) }()
		<-in.asked
		cancel()
		if got := <-status; got != exitNo {
			t.Errorf("it exits with %d", got)
		}
		r.spentNothing(r.server)
	})
}

// blocked is what nobody types at.
type blocked struct{ asked, never chan bool }

func (b blocked) Read([]byte) (int, error) {
	close(b.asked)
	<-b.never
	return 0, os.ErrClosed
}

// Any exit status is told by the worst that became of an item.
func TestStatus(t *testing.T) {
	t.Parallel()
	report := &ovhrenew.Report{}
	if got := statusOf(report); got != exitOK {
		t.Errorf("statusOf(nothing) = %d", got)
	}
	for _, step := range []struct {
		outcome ovhrenew.Outcome
		status  int
	}{
		{ovhrenew.OutcomeRenewed, exitOK},
		{ovhrenew.OutcomeRefused, exitRefused},
		{ovhrenew.OutcomeSkipped, exitNotBegun},
		{ovhrenew.OutcomeOrdered, exitFailed},
		{ovhrenew.OutcomePaid, exitFailed},
		{ovhrenew.OutcomeUnsure, exitUnsure},
	} {
		report.Items = append(report.Items, ovhrenew.ItemReport{Outcome: step.outcome})
		if got := statusOf(report); got != step.status {
			t.Errorf("with %s: %d, want %d", step.outcome, got, step.status)
		}
	}
}
