package ovhrenewtest_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestListenTLS(t *testing.T) {
	t.Parallel()
	s := New(Behaviour{})
	if s.Certificate() != nil {
		t.Error("Certificate is there before ListenTLS")
	}
	if err := s.ListenTLS("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	Guide(s)
	if !strings.HasPrefix(s.Endpoint(), "https://127.0.0.1:") || !strings.HasPrefix(s.TokenURL(), "https://") {
		t.Errorf("Endpoint = %s, TokenURL = %s, want https", s.Endpoint(), s.TokenURL())
	}
	path := order(t, s) // signed for https
	s.Inject(Fault{Kind: Reset, Route: RoutePay, When: After})
	if got := failure(payError(t, s, path)); !containsAny(got, "EOF|reset by peer") {
		t.Errorf("reset: %s, want a cut connection", got)
	}
	if got := len(s.Payments()); got != 1 {
		t.Errorf("%d payments, want 1", got)
	}

	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(s.Certificate()) {
		t.Fatal("Certificate is not PEM")
	}
	for name, config := range map[string]*tls.Config{
		"trusted":   {RootCAs: roots, MinVersion: tls.VersionTLS12},
		"localhost": {RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS12},
		"untrusted": {RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12},
	} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Endpoint()+"/auth/time", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(r)
		if err == nil {
			answer.Body.Close()
		}
		if (err == nil) != (name != "untrusted") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.ListenTLS("127.0.0.1:0"); err == nil {
		t.Error("ListenTLS twice is no error")
	}
}

func payError(t *testing.T, s *Server, path string) error {
	t.Helper()
	_, err := send(t, s, "POST", path+"/pay", payDefault)
	return err
}
