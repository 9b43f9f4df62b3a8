package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestMain lets a test run the program itself, with its exit status.
func TestMain(m *testing.M) {
	if os.Getenv("EXAMPLE_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program runs the program with an environment that has nothing else in it.
func program(t *testing.T, env []string, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = home
	cmd.Env = append([]string{"EXAMPLE_MAIN=1", "HOME=" + home}, env...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

var (
	update = flag.Bool("update", false, "write the golden files anew")
	date   = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
)

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), nil, strings.NewReader(""), &out); err != nil {
		t.Fatal(err)
	}
	golden(t, "renew.txt", date.ReplaceAllString(out.String(), "YYYY-MM-DD"))
	dates := date.FindAllString(out.String(), -1)
	if len(dates) != 4 { // of the step and of the receipt
		t.Fatalf("dates %v, want the old and the new expiry, twice", dates)
	}
	before, err1 := ovhrenew.ParseDate(dates[0])
	after, err2 := ovhrenew.ParseDate(dates[1])
	want, err3 := ovhrenew.P3M.AddTo(before)
	if err := errors.Join(err1, err2, err3); err != nil || max(want.DaysUntil(after), after.DaysUntil(want)) > 3 {
		t.Errorf("expiry moved from %s to %s, want three months", before, after)
	}
}

// Without -live, credentials in the environment are ignored, right or wrong.
func TestProgram(t *testing.T) {
	t.Parallel()
	wrong := []string{"OVH_ENDPOINT=ovh-eu", "OVH_APPLICATION_KEY=wrong", "OVH_APPLICATION_SECRET=wrong", "OVH_CONSUMER_KEY=wrong"}
	for _, env := range [][]string{nil, wrong} {
		status, out, errs := program(t, env, "")
		if status != 0 || errs != "" || !strings.Contains(out, "\nreceipt   vps112233.ovh.net (11223344): ") {
			t.Errorf("with %v: exit status %d, printed %q and %q, want 0 and a renewal", env, status, out, errs)
		}
	}
}

// What fails does so with one line, and without a payment.
func TestProgramFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		args   []string
		want   string
		status int
	}{
		{"unknown service", []string{"-service", "vps1.ovh.net"}, `renewing vps1.ovh.net: find: service "vps1.ovh.net": not found: give the whole name, such as vps112233.ovh.net [nothing was ordered or paid]`, 1},
		{"name of two", []string{"-service", "example.ovh"}, "several services have this name: example.ovh (12345)", 1},
		{"limit below the price", []string{"-limit", "21.55 EUR"}, "quote: over the limit: 21.56 EUR, tax included, is more than 21.55 EUR [nothing was ordered or paid]", 1},
		{"limit in another currency", []string{"-limit", "50 USD"}, "different currencies", 1},
		{"no usable payment", []string{"-pay", "payment method 99"}, "guard: no usable payment: the account has no payment method 99 [nothing was ordered or paid]", 1},
		{"mean not taken", []string{"-pay", "payment mean ovhAccount"}, "no usable payment", 1},
		{"period not offered", []string{"-for", "P2Y"}, "no single renewal strategy fits", 1},
		{"bad period", []string{"-for", "3 months"}, `"3 months"`, 2},
		{"bad limit", []string{"-limit", "50"}, `"50"`, 2},
		{"bad payment", []string{"-pay", "cash"}, `"cash"`, 2},
		{"surplus", []string{"vps112233.ovh.net"}, `the argument "vps112233.ovh.net" is one too many`, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, out, errs := program(t, nil, "", test.args...)
			if status != test.status || strings.Contains(out, "\npay ") || strings.Contains(out, "receipt") {
				t.Errorf("exit status %d, printed %q, want %d and nothing paid", status, out, test.status)
			}
			if !strings.HasPrefix(errs, "renew-vps: ") || !strings.Contains(errs, test.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("printed %q, want one line with %q", errs, test.want)
			}
		})
	}
}

// With -live, here against a simulated account, nothing is spent without a yes, and
// keys that are wrong are said to be. The endpoint is always given: without it, go-ovh
// would read that of whoever runs the tests from their files.
func TestProgramLive(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	keys := server.Credentials()
	env := []string{"OVH_ENDPOINT=" + server.Endpoint(), "OVH_APPLICATION_KEY=" + keys.AppKey, "OVH_APPLICATION_SECRET=" + keys.AppSecret}
	for _, test := range []struct {
		name  string
		env   []string
		stdin string
		want  string // in the error
	}{
		{"wrong keys", append(env[:3:3], "OVH_CONSUMER_KEY=wrongConsumerKey"), "y\n", "HTTP 403 NOT_CREDENTIAL"},
		{"no answer", append(env[:3:3], "OVH_CONSUMER_KEY="+keys.ConsumerKey), "", "pay: a person has said no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, out, errs := program(t, test.env, test.stdin, "-live", "-service", "vps112233.ovh.net", "-limit", "50 EUR", "-journal", t.TempDir())
			if status != 1 || !strings.Contains(errs, test.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit status %d, printed %q and %q, want 1 and one line with %q", status, out, errs, test.want)
			}
			for _, secret := range []string{keys.AppSecret, keys.ConsumerKey, "wrongConsumerKey"} {
				if strings.Contains(out+errs, secret) {
					t.Errorf("printed a key: %q", out+errs)
				}
			}
		})
	}
	t.Cleanup(func() {
		if n, spent := len(server.Orders()), server.Spent(); n != 1 || len(spent) != 0 {
			t.Errorf("%d orders and %v spent, want one order that lapses, and nothing", n, spent)
		}
	})
}
