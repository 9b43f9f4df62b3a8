// What another module needs to use this one, and the program of the README.

package ovhrenew_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A program in another module, as a user of a clone would write it.
const otherModule = `module example.org/renewer

go 1.26.0

require github.com/ovhrenew/ovhrenew v0.0.0

replace github.com/ovhrenew/ovhrenew => `

const otherProgram = `package main

import (
	"context"
	"fmt"
	"iter"
	"os"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// dryBuyer is a Client of one's own, whose Buyer buys nothing.
type dryBuyer struct{ ovhrenew.Reader }

func (dryBuyer) PlaceOrder(context.Context, ovhrenew.Offer) (ovhrenew.Order, error) {
	return ovhrenew.Order{}, ovhrenew.ErrNotSent
}

func (dryBuyer) Pay(context.Context, ovhrenew.OrderID, ovhrenew.Payment) error {
	return ovhrenew.ErrNotSent
}

var (
	_ ovhrenew.Buyer  = dryBuyer{}
	_ ovhrenew.Client = dryBuyer{}
	_ ovhrenew.Client = (*ovhrenew.API)(nil)
)

func orders(ctx context.Context, r ovhrenew.Reader) iter.Seq2[ovhrenew.Order, error] {
	return r.Orders(ctx, ovhrenew.OrderQuery{})
}

func connect() (*ovhrenew.API, error) {
	api, err := ovh.NewDefaultClient()
	if err != nil {
		return nil, err
	}
	return ovhrenew.New(api)
}

func main() {
	ctx := context.Background()
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, err := range orders(ctx, client) {
		fmt.Println(err)
	}
	_, err = ovhrenew.Renew(ctx, dryBuyer{client}, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenew.NoJournal,
	})
	fmt.Println(err)
	_ = connect
}
`

// buildProgram builds a program in a module of its own, which imports this one from a clone, and
// returns the executable.
func buildProgram(t *testing.T, program string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command")
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"go.mod": otherModule + root + "\n", "go.sum": string(sums), "main.go": program} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exe := filepath.Join(dir, "renewer.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", exe, ".")
	cmd.Dir = dir
	// What this module needs is in the module cache, or its own tests would not run.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return exe
}

func TestOtherModule(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), buildProgram(t, otherProgram)).CombinedOutput()
	const want = "renewing vps112233.ovh.net (11223344): order: request not sent [nothing was ordered or paid]\n"
	if err != nil || string(out) != want {
		t.Errorf("the program: %v, printed %q, want %q", err, out, want)
	}
}

// The first block of the README is a program that renews. It runs as it stands, against the
// guide's account on loopback, at the pace that a program has by default.
func TestReadmeProgram(t *testing.T) {
	t.Parallel()
	block := goBlock.FindStringSubmatch(readDoc(t, "README.md"))
	if block == nil {
		t.Fatal("the README has no program")
	}
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	program, dir, keys := buildProgram(t, block[1]), t.TempDir(), server.Credentials()
	const receipt = `^vps112233\.ovh\.net \(11223344\): [-0-9]{10} -> [-0-9]{10}; order 123456789, 21\.56 EUR paid by payment method 5678901`
	for _, want := range []string{receipt + "\n$", receipt + "; by an earlier run\n$"} { // every night
		cmd := exec.CommandContext(t.Context(), program)
		cmd.Dir = dir
		cmd.Env = []string{
			"HOME=" + dir, "OVH_ENDPOINT=" + server.Endpoint(), "OVH_APPLICATION_KEY=" + keys.AppKey,
			"OVH_APPLICATION_SECRET=" + keys.AppSecret, "OVH_CONSUMER_KEY=" + keys.ConsumerKey,
		}
		if out, err := cmd.CombinedOutput(); err != nil || !regexp.MustCompile(want).Match(out) {
			t.Errorf("the program: %v, printed %q, want %s", err, out, want)
		}
	}
	if n := server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 {
		t.Errorf("%d payments, want 1", n)
	}
}
