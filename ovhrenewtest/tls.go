package ovhrenewtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"slices"
	"time"
)

// ListenTLS is [Server.Listen] over TLS, with a certificate that the server makes
// for 127.0.0.1, ::1 and localhost. [Server.Client] and [Server.Transport] trust
// it; others find it in [Server.Certificate].
func (s *Server) ListenTLS(addr string) error {
	cert, err := newCertificate()
	if err != nil {
		return fmt.Errorf("ovhrenewtest: ListenTLS(%q): %w", addr, err)
	}
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return fmt.Errorf("ovhrenewtest: ListenTLS(%q): %w", addr, err)
	}
	if err := s.serve(l, l.Addr().String(), nil, cert); err != nil {
		return errors.Join(err, l.Close())
	}
	return nil
}

// Certificate returns the certificate of [Server.ListenTLS] in PEM, for a client's
// pool of trusted roots. It is nil before that call.
func (s *Server) Certificate() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cert == nil {
		return nil
	}
	return slices.Clone(s.cert.pem)
}

// certificate is one that signed itself.
type certificate struct {
	pair tls.Certificate
	leaf *x509.Certificate
	pem  []byte
}

func newCertificate() (*certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "ovhrenewtest"},
		// Whatever a test's clock says, it is valid.
		NotBefore:             time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &certificate{
		pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		leaf: leaf,
		pem:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
	}, nil
}

// server offers HTTP/1.1 only: a fault has to take hold of the connection.
func (c *certificate) server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{c.pair}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}
}

func (c *certificate) client() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(c.leaf)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}
