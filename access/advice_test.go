package access_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// listening counts the connections to a server, so that a test sees what is tried again.
type listening struct {
	net.Listener
	accepted atomic.Int32
}

func (l *listening) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return c, err
}

func listen(t *testing.T) *listening {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // of a test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &listening{Listener: l}
}

// serve serves until the test ends; config makes it TLS.
func serve(t *testing.T, l net.Listener, config *tls.Config, handler http.HandlerFunc) {
	t.Helper()
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: handler}, TLS: config}
	server.Config.ErrorLog = quiet
	if config != nil {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
}

// selfSigned is a certificate for a name, and the roots that trust it.
func selfSigned(t *testing.T, name string, until time.Time) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: until.AddDate(-1, 0, 0), NotAfter: until,
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, roots
}

// diagnosed is the diagnosis of a client with an application key at an endpoint.
func diagnosed(t *testing.T, endpoint string, wire *http.Transport) *access.Diagnosis {
	t.Helper()
	api := &ovh.Client{AppKey: "SimulatedAppKey0", AppSecret: "SimulatedAppSecret00000000000000", ConsumerKey: "SimulatedConsumerKey000000000000", Timeout: 10 * time.Second}
	if err := api.SetEndpoint(endpoint); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(wire.CloseIdleConnections)
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: wire, Attempts: 2})
	if err != nil {
		t.Fatal(err)
	}
	return access.Diagnose(t.Context(), client, access.Query{})
}

// theOneProblem checks that a diagnosis has one problem, that it says so, and that the rest
// was not asked.
func theOneProblem(t *testing.T, d *access.Diagnosis, name string, wants ...string) {
	t.Helper()
	if d.OK() {
		t.Errorf("the diagnosis is OK:\n%s", d)
	}
	problems := 0
	for _, check := range d.Checks {
		if check.Verdict != access.Problem {
			continue
		}
		problems++
		for _, want := range wants {
			if check.Name != name || !strings.Contains(check.Saw, want) {
				t.Errorf("%s: %s; want %s with %q", check.Name, check.Saw, name, want)
			}
		}
	}
	if problems != 1 {
		t.Errorf("%d problems, want one:\n%s", problems, d)
	}
	for _, word := range []string{"IAM", "policy", "SimulatedApp", "SimulatedConsumer"} {
		if strings.Contains(d.String(), word) {
			t.Errorf("of an application key it says %s:\n%s", word, d)
		}
	}
}

// TestDiagnoseNetwork has one thing wrong between the program and the API at a time.
func TestDiagnoseNetwork(t *testing.T) {
	t.Parallel()
	now := time.Now()
	page := func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<html>Not Found</html>", http.StatusNotFound)
	}
	for name, tt := range map[string]struct {
		start func(t *testing.T, l *listening) (endpoint string, wire *http.Transport)
		wants []string
		tried int32 // connections; 0: not counted
	}{
		"nobody listens": {func(_ *testing.T, l *listening) (string, *http.Transport) {
			address := l.Addr().String()
			l.Close()
			return "http://" + address + "/1.0", &http.Transport{}
		}, []string{"nobody listens at 127.0.0.1:", "connection refused"}, 0},
		"unknown authority": {func(t *testing.T, l *listening) (string, *http.Transport) {
			config, _ := selfSigned(t, "127.0.0.1", now.AddDate(1, 0, 0))
			serve(t, l, config, page)
			return "https://" + l.Addr().String() + "/1.0", &http.Transport{TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}
		}, []string{"an authority that this machine does not know", "ca-certificates", "SSL_CERT_FILE"}, 1},
		"another name": {func(t *testing.T, l *listening) (string, *http.Transport) {
			config, roots := selfSigned(t, "other.example", now.AddDate(1, 0, 0))
			serve(t, l, config, page)
			return "https://" + l.Addr().String() + "/1.0", &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		}, []string{"is for another name"}, 1},
		"expired": {func(t *testing.T, l *listening) (string, *http.Transport) {
			config, roots := selfSigned(t, "127.0.0.1", now.AddDate(0, 0, -1))
			serve(t, l, config, page)
			return "https://" + l.Addr().String() + "/1.0", &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		}, []string{"has expired or is not valid yet: check this machine's clock"}, 1},
		"https of a server of http": {func(t *testing.T, l *listening) (string, *http.Transport) {
			serve(t, l, nil, page)
			return "https://" + l.Addr().String() + "/1.0", &http.Transport{}
		}, []string{"does not speak https"}, 1},
		"http of a server of https": {func(t *testing.T, l *listening) (string, *http.Transport) {
			config, _ := selfSigned(t, "127.0.0.1", now.AddDate(1, 0, 0))
			serve(t, l, config, page)
			return "http://" + l.Addr().String() + "/1.0", &http.Transport{}
		}, []string{"does it want https?"}, 0},
		"http that is sent elsewhere": {func(t *testing.T, l *listening) (string, *http.Transport) {
			serve(t, l, nil, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://api.example/1.0/auth/time", http.StatusMovedPermanently)
			})
			return "http://" + l.Addr().String() + "/1.0", &http.Transport{}
		}, []string{"status 301", "does it want https?"}, 0},
		"a page of somebody's": {func(t *testing.T, l *listening) (string, *http.Transport) {
			serve(t, l, nil, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>Log in</html>")) })
			return "http://" + l.Addr().String() + "/1.0", &http.Transport{}
		}, []string{"something other than a time", "Those of OVHcloud end with /1.0"}, 0},
		"the proxy wants a login": {func(t *testing.T, l *listening) (string, *http.Transport) {
			serve(t, l, nil, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
			return "https://eu.api.ovh.com/1.0", &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: l.Addr().String()})}
		}, []string{"the proxy wants a login (407)"}, 1},
		"the proxy wants a login for http": {func(t *testing.T, l *listening) (string, *http.Transport) {
			serve(t, l, nil, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
			return "http://sandbox.example/1.0", &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: l.Addr().String()})}
		}, []string{"407", "the proxy wants a login"}, 0},
		"the proxy is not there": {func(_ *testing.T, l *listening) (string, *http.Transport) {
			address := l.Addr().String()
			l.Close()
			return "https://eu.api.ovh.com/1.0", &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: address})}
		}, []string{"the proxy that HTTPS_PROXY or HTTP_PROXY names cannot be reached"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := listen(t)
			endpoint, wire := tt.start(t, l)
			theOneProblem(t, diagnosed(t, endpoint, wire), "clock", tt.wants...)
			if got := l.accepted.Load(); tt.tried != 0 && got != tt.tried {
				t.Errorf("%d connections, want %d: it will not be another certificate", got, tt.tried)
			}
		})
	}
}

// TestDiagnoseWithoutVersion has an endpoint without /1.0.
func TestDiagnoseWithoutVersion(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	d := diagnosed(t, strings.TrimSuffix(server.Endpoint(), "/1.0"), &http.Transport{})
	theOneProblem(t, d, "clock", "status 404", "Those of OVHcloud end with /1.0")
}

// TestDiagnoseRefusedKey has a key that is refused, in each form and with each part of it
// wrong.
func TestDiagnoseRefusedKey(t *testing.T) {
	t.Parallel()
	for _, class := range []bool{false, true} {
		for name, tt := range map[string]struct {
			change     func(*ovh.Client)
			code, text string
		}{
			"application key": {func(c *ovh.Client) { c.AppKey = "WrongAppKey00000" }, "INVALID_KEY", "This application key is invalid"},
			"secret":          {func(c *ovh.Client) { c.AppSecret = "WrongAppSecret000000000000000000" }, "INVALID_SIGNATURE", "Invalid signature"},
			"consumer key":    {func(c *ovh.Client) { c.ConsumerKey = "WrongConsumerKey0000000000000000" }, "NOT_CREDENTIAL", "This credential does not exist"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{ErrorClass: class})
				ovhrenewtest.Guide(server)
				api := server.Client()
				tt.change(api)
				client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
				if err != nil {
					t.Fatal(err)
				}
				want := tt.code
				if class {
					want = tt.text
				}
				theOneProblem(t, access.Diagnose(t.Context(), client, access.Query{}), "credential", want, "OVH_CONSUMER_KEY", "belong together and to this endpoint")
			})
		}
	}
}

// TestDiagnoseRefusedClient has an OAuth2 client that the token endpoint refuses, in each
// way it can, and a token that the API refuses.
func TestDiagnoseRefusedClient(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		denied bool
		want   string
	}{
		"invalid_client":        {401, `{"error":"invalid_client"}`, true, "401 invalid_client"},
		"invalid_client as 400": {400, `{"error":"invalid_client"}`, true, "400 invalid_client"},
		"unauthorized_client":   {400, `{"error":"unauthorized_client"}`, true, "unauthorized_client"},
		"invalid_grant":         {400, `{"error":"invalid_grant"}`, true, "invalid_grant"},
		"no code":               {401, `no`, true, "status 401"},
		"a page":                {200, `<html>Log in</html>`, false, "check Config.TokenURL"},
		"a page not found":      {404, `<html>no</html>`, false, "check Config.TokenURL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			t.Cleanup(tokens.Close)
			server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
			ovhrenewtest.Guide(server)
			api := &ovh.Client{ClientID: "EU.simulated01", ClientSecret: "SimulatedClientSecret00000000001"}
			if err := api.SetEndpoint(server.Endpoint()); err != nil {
				t.Fatal(err)
			}
			client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited, TokenURL: tokens.URL})
			if err != nil {
				t.Fatal(err)
			}
			d := access.Diagnose(t.Context(), client, access.Query{})
			found := checked(d, "credential")
			if d.OK() || len(found) != 1 || found[0].Verdict != access.Problem || !strings.Contains(found[0].Saw, tt.want) {
				t.Errorf("the diagnosis is\n%s\nwant %q and not OK", d, tt.want)
			}
			if strings.Contains(d.String(), "SimulatedClientSecret") || tt.denied && !strings.Contains(d.String(), "OVH_CLIENT_SECRET") {
				t.Errorf("the diagnosis is\n%s", d)
			}
			_, err = client.Service(t.Context(), ovhrenewtest.GuideVPSID)
			checkDenied(t, err, tt.denied)
		})
	}
}

// TestDiagnoseRefusedToken has an access token that the API does not know.
func TestDiagnoseRefusedToken(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{AccessToken: "TokenOfTheTest0123456789"})
	ovhrenewtest.Guide(server)
	api := &ovh.Client{AccessToken: "AnotherToken0123456789"}
	if err := api.SetEndpoint(server.Endpoint()); err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	d := access.Diagnose(t.Context(), client, access.Query{})
	found := checked(d, "services")
	if d.OK() || len(found) != 1 || found[0].Verdict != access.Problem || !strings.Contains(found[0].Saw, "access token") || !strings.Contains(found[0].Saw, "This credential is not valid") {
		t.Errorf("the diagnosis is\n%s", d)
	}
}
