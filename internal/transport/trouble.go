package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// explain puts in front of an error of the network, as clean made it, what it means for
// whoever set up the machine, where that is known. Host is the server's.
func explain(host string, err, clean error) error {
	plain := certificateTrouble(host, err)
	dns, _ := errors.AsType[*net.DNSError](err)
	switch {
	case plain != "":
	case proxyDenies(err):
		plain = "the proxy wants a login (407): put user and password into HTTPS_PROXY"
	case viaProxy(err):
		plain = "the proxy that HTTPS_PROXY or HTTP_PROXY names cannot be reached"
	case dns != nil && dns.IsNotFound:
		plain = fmt.Sprintf("there is no host %s: check the endpoint and the network", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		plain = fmt.Sprintf("nobody listens at %s: check the endpoint", host)
	case speaksHTTP(err):
		plain = fmt.Sprintf("%s does not speak https there: check the endpoint and the proxy", host)
	case neverConnected(err):
		plain = fmt.Sprintf("%s cannot be reached: check the network, and whether a proxy is needed (HTTPS_PROXY)", host)
	default:
		return clean
	}
	return fmt.Errorf("%s: %w", plain, clean)
}

func certificateTrouble(host string, err error) string {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		roots   x509.SystemRootsError
	)
	switch {
	case errors.As(err, &roots), errors.As(err, &unknown):
		return fmt.Sprintf("the certificate of %s is of an authority that this machine does not know: "+
			"install the certificates of authorities (package ca-certificates), which an image made from scratch lacks, "+
			"or name the file of your proxy's authority in SSL_CERT_FILE", host)
	case errors.As(err, &name):
		return fmt.Sprintf("the certificate that %s shows is for another name: check the endpoint and the proxy", host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s has expired or is not valid yet: check this machine's clock", host)
	case errors.As(err, &invalid):
		return fmt.Sprintf("the certificate of %s is not valid", host)
	}
	return ""
}

func untrusted(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok || certificateTrouble("", err) != ""
}

func lasting(err error) bool {
	return untrusted(err) || proxyDenies(err) || speaksHTTP(err) || errors.Is(err, errTooLarge)
}

// viaProxy reports whether no connection to a proxy was made.
func viaProxy(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "proxyconnect"
}

// proxyDenies reports whether a proxy refused a connection for lack of a login.
// net/http has no error of its own for it: it has the text of the status.
func proxyDenies(err error) bool {
	return strings.Contains(err.Error(), http.StatusText(http.StatusProxyAuthRequired))
}

func speaksHTTP(err error) bool {
	_, record := errors.AsType[tls.RecordHeaderError](err)
	return record || errors.Is(err, http.ErrSchemeMismatch)
}
