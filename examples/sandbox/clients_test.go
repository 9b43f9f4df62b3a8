// What programs on other clients get from the sandbox.

package main

import (
	"bufio"
	"crypto/sha1" // the API's signatures are SHA-1
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// nodeClient sends over TLS, byte for byte, what both of OVHcloud's clients for Node send:
// it was recorded from them. They sign the URL without its port.
type nodeClient struct {
	t     *testing.T
	env   map[string]string
	host  string
	roots *x509.CertPool
	delta int64
}

func (c *nodeClient) send(method, path, body string) (status int, answer string) {
	c.t.Helper()
	conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: c.roots, MinVersion: tls.VersionTLS12}}).DialContext(c.t.Context(), "tcp", c.host)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	head := fmt.Sprintf("%s /1.0%s HTTP/1.1\r\nContent-Type: application/json\r\nX-Ovh-Application: %s\r\n", method, path, c.env["OVH_APPLICATION_KEY"])
	if body != "" {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	if path != "/auth/time" {
		now := strconv.FormatInt(time.Now().Unix()+c.delta, 10)
		name, _, _ := net.SplitHostPort(c.host)
		sum := sha1.Sum([]byte(strings.Join([]string{c.env["OVH_APPLICATION_SECRET"], c.env["OVH_CONSUMER_KEY"], method, "https://" + name + "/1.0" + path, body, now}, "+")))
		head += fmt.Sprintf("X-Ovh-Timestamp: %s\r\nX-Ovh-Consumer: %s\r\nX-Ovh-Signature: $1$%s\r\n", now, c.env["OVH_CONSUMER_KEY"], hex.EncodeToString(sum[:]))
	}
	if _, err := io.WriteString(conn, head+"Host: "+c.host+"\r\nConnection: keep-alive\r\n\r\n"+body); err != nil {
		c.t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// TestNodeClients replays the guide's program by the clients for Node over https, whose
// certificate is trusted by what the sandbox prints.
func TestNodeClients(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cert.pem")
	env := serve(t, "-delivery", "0", "-tls", "-cert", file)
	for _, name := range []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"} {
		if env[name] != file {
			t.Errorf("%s is %q, want %s", name, env[name], file)
		}
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &nodeClient{t: t, env: env, roots: x509.NewCertPool()}
	if !c.roots.AppendCertsFromPEM(pem) {
		t.Fatal("the certificate is not PEM")
	}
	address, err := url.Parse(env["OVH_ENDPOINT"])
	if err != nil || address.Scheme != "https" {
		t.Fatalf("the endpoint is %s: %v", env["OVH_ENDPOINT"], err)
	}
	c.host = address.Host
	_, text := c.send("GET", "/auth/time", "")
	now, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	c.delta = now - time.Now().Unix()
	for _, step := range []struct{ method, path, body, want string }{
		{"GET", "/vps/vps112233.ovh.net/serviceInfos", "", `"serviceId":11223344`},
		{"GET", "/service/11223344/renew?includeOptions=false", "", `"renewPeriod":"P3M"`},
		{"POST", "/service/11223344/renew", `{"dryRun":false,"duration":"P3M","services":[11223344]}`, `"orderId":123456789`},
		{"POST", "/me/order/123456789/payWithRegisteredPaymentMean", `{"paymentMean":"paypal","paymentMeanId":1234}`, "null"},
		{"GET", "/me/order/123456789/status", "", `"delivered"`},
	} {
		if status, answer := c.send(step.method, step.path, step.body); status != http.StatusOK || !strings.Contains(answer, step.want) {
			t.Errorf("%s %s: %d %s, want %s", step.method, step.path, status, answer, step.want)
		}
	}
	c.env["OVH_APPLICATION_SECRET"] += "x"
	if status, answer := c.send("GET", "/service", ""); status != http.StatusBadRequest || !strings.Contains(answer, "INVALID_SIGNATURE") {
		t.Errorf("a wrong signature: %d %s", status, answer)
	}
}

// TestGoOVH runs the guide's program with go-ovh alone, over https.
func TestGoOVH(t *testing.T) {
	t.Parallel()
	env := serve(t, "-delivery", "0", "-tls", "-cert", filepath.Join(t.TempDir(), "cert.pem"))
	build := filepath.Join(t.TempDir(), "goovh")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", build, "./clients/goovh").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program := exec.CommandContext(t.Context(), build)
	program.Dir = t.TempDir()
	program.Env = []string{"HOME=" + program.Dir}
	for name, value := range env {
		program.Env = append(program.Env, name+"="+value)
	}
	const want = "order 123456789 21.56 €\nstatus delivered\n"
	if out, err := program.CombinedOutput(); err != nil || string(out) != want {
		t.Errorf("%v, printed %q, want %q", err, out, want)
	}
	program = exec.CommandContext(t.Context(), build)
	program.Dir = t.TempDir()
	program.Env = []string{"HOME=" + program.Dir, "OVH_ENDPOINT=ovh-eu", "OVH_APPLICATION_KEY=a", "OVH_APPLICATION_SECRET=b", "OVH_CONSUMER_KEY=c"}
	if out, err := program.CombinedOutput(); err == nil || !strings.Contains(string(out), "is not the sandbox") {
		t.Errorf("at another endpoint: %v, %s", err, out)
	}
}
