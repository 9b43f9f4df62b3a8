package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" // the API's signatures are SHA-1
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// serve runs the program until the test ends and returns the environment it prints.
func serve(t *testing.T, args ...string) map[string]string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, args, write)
		write.CloseWithError(io.EOF)
		ended <- err
	}()
	env := map[string]string{}
	lines := bufio.NewScanner(read)
	for lines.Scan() && lines.Text() != "# serving until interrupted" {
		if name, value, found := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "="); found && strings.HasPrefix(lines.Text(), "export ") {
			env[name] = value
		}
	}
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return env
}

var endpoint = regexp.MustCompile(`^http://127\.0\.0\.1:\d+/1\.0$`)

func TestSandbox(t *testing.T) {
	env := serve(t, "-delivery", "0")
	if len(env) != 4 || !endpoint.MatchString(env["OVH_ENDPOINT"]) {
		t.Fatalf("printed %v, want an endpoint on loopback and three keys", env)
	}
	t.Chdir(t.TempDir())
	t.Setenv("HOME", t.TempDir())
	for name, value := range env {
		t.Setenv(name, value)
	}
	api, err := ovh.NewDefaultClient()
	if err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(t.Context(), client, ovhrenew.Request{
		Service:  ovhrenew.Name("vps112233.ovh.net"),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    ovhrenew.MustMoney("21.56 EUR"),
		PayWith:  ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: 1234},
		Patience: ovhrenew.Patience{Poll: time.Millisecond},
		Journal:  ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
	})
	if err != nil || receipt.Order != 123456789 || receipt.Price != ovhrenew.MustMoney("21.56 EUR") {
		t.Errorf("Renew = %+v, %v, want order 123456789 of 21.56 EUR", receipt, err)
	}
}

// pythonClient sends what OVHcloud's Python client would: requests signed over the
// URL, the body as json.dumps writes it, and the server's time.
type pythonClient struct {
	t                               *testing.T
	endpoint, key, secret, consumer string
	delta                           int64
}

func (c *pythonClient) call(method, path, body string, signed bool, into any) int {
	c.t.Helper()
	url := c.endpoint + path
	r, err := http.NewRequestWithContext(c.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("X-Ovh-Application", c.key)
	if body != "" {
		r.Header.Set("Content-type", "application/json")
	}
	if signed {
		now := strconv.FormatInt(time.Now().Unix()+c.delta, 10)
		sum := sha1.Sum([]byte(strings.Join([]string{c.secret, c.consumer, method, url, body, now}, "+")))
		r.Header.Set("X-Ovh-Consumer", c.consumer)
		r.Header.Set("X-Ovh-Timestamp", now)
		r.Header.Set("X-Ovh-Signature", "$1$"+hex.EncodeToString(sum[:]))
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	// The Python client decodes every answer, that of a payment too.
	if err := json.Unmarshal(answer, into); err != nil {
		c.t.Errorf("%s %s answered %q, which is not JSON: %v", method, path, answer, err)
	}
	return response.StatusCode
}

// TestGuideProgram makes the calls of the Python program that OVHcloud's guide
// prints, one after the other. The client is not that of OVHcloud, which may not be
// installed where this runs, but signs and writes JSON as that one does.
func TestGuideProgram(t *testing.T) {
	t.Parallel()
	env := serve(t, "-delivery", "0")
	c := &pythonClient{
		t: t, endpoint: env["OVH_ENDPOINT"], key: env["OVH_APPLICATION_KEY"], secret: env["OVH_APPLICATION_SECRET"], consumer: env["OVH_CONSUMER_KEY"],
	}
	var now int64
	c.call("GET", "/auth/time", "", false, &now)
	c.delta = now - time.Now().Unix()

	var infos struct{ ServiceID int64 }
	if status := c.call("GET", "/vps/vps112233.ovh.net/serviceInfos", "", true, &infos); status != 200 || infos.ServiceID == 0 {
		t.Fatalf("serviceInfos: %d %+v", status, infos)
	}
	var choices []struct {
		RenewPeriod string
		Strategies  []struct{ Services []int64 }
	}
	c.call("GET", fmt.Sprintf("/service/%d/renew", infos.ServiceID), "", true, &choices)
	offered := false
	for _, choice := range choices {
		for _, strategy := range choice.Strategies {
			offered = offered || choice.RenewPeriod == "P3M" && len(strategy.Services) == 1 && strategy.Services[0] == infos.ServiceID
		}
	}
	if !offered {
		t.Fatalf("P3M of service %d alone is not among %+v", infos.ServiceID, choices)
	}
	// As in the list's call that the guide prints, with its keyword argument.
	if status := c.call("GET", fmt.Sprintf("/service/%d/renew?includeOptions=False", infos.ServiceID), "", true, &choices); status != 200 {
		t.Errorf("includeOptions=False answers %d", status)
	}
	var order struct {
		OrderID      int64
		PriceWithTax struct{ Value json.Number }
	}
	body := fmt.Sprintf(`{"dryRun": false, "duration": "P3M", "services": [%d]}`, infos.ServiceID)
	if status := c.call("POST", fmt.Sprintf("/service/%d/renew", infos.ServiceID), body, true, &order); status != 200 || order.OrderID == 0 {
		t.Fatalf("order: %d %+v", status, order)
	}
	var nothing any
	status := c.call("POST", fmt.Sprintf("/me/order/%d/payWithRegisteredPaymentMean", order.OrderID), `{"paymentMean": "paypal", "paymentMeanId": 1234}`, true, &nothing)
	if status != 200 || nothing != nil {
		t.Errorf("payment: %d %v, want 200 and null", status, nothing)
	}
	var state string
	c.call("GET", fmt.Sprintf("/me/order/%d/status", order.OrderID), "", true, &state)
	if state != "delivered" {
		t.Errorf("the order is %s, want delivered", state)
	}
	// A body of other spaces than those that were signed is another body.
	c.secret += "x"
	var refused struct{ ErrorCode string }
	if status := c.call("GET", "/service", "", true, &refused); status != 400 || refused.ErrorCode != "INVALID_SIGNATURE" {
		t.Errorf("a wrong signature: %d %s, want INVALID_SIGNATURE", status, refused.ErrorCode)
	}
}

func TestSandboxFails(t *testing.T) {
	t.Parallel()
	env := serve(t)
	taken := strings.TrimSuffix(strings.TrimPrefix(env["OVH_ENDPOINT"], "http://"), "/1.0")
	for _, args := range [][]string{{"-addr", taken}, {"-addr", "nowhere"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("run(%q): no error", args)
		}
	}
}

// TestMain lets a test run the program itself.
func TestMain(m *testing.M) {
	if os.Getenv("EXAMPLE_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "EXAMPLE_MAIN=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "# serving until interrupted"; {
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skipf("this system cannot interrupt a process: %v", err)
	}
	if err := cmd.Wait(); err != nil || errs.Len() != 0 {
		t.Errorf("interrupted: %v, printed %q, want exit status 0 and nothing", err, errs.String())
	}
}
