// Sandbox serves a simulated OVHcloud account until it is interrupted, and prints the
// environment that points an OVHcloud client, in whatever language, at it. The Python
// client knows its endpoints by name and has to be told this one, as is printed too. The
// two clients for Node speak https only: with -tls the sandbox does, too, and prints what
// lets a client trust its certificate. The folder clients has OVHcloud's guide as a program
// for each of them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"time"

	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:0", "loopback `ADDRESS:PORT` to listen on")
	delivery := flags.Duration("delivery", time.Second, "`DURATION` from the payment of an order to its delivery")
	https := flags.Bool("tls", false, "serve https, with a certificate of its own")
	cert := flags.String("cert", "", "with -tls: `FILE` that the certificate is written to\n(default: a new temporary one)")
	command.Parse(flags, args, "sandbox [-addr ADDRESS:PORT] [-delivery DURATION] [-tls] [-cert FILE]\n"+
		"Serves a simulated account, and prints how OVHcloud's clients reach it.")
	host, _, err := net.SplitHostPort(*addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-addr %q is not a loopback address with a port", *addr)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{DeliveryDelay: *delivery})
	ovhrenewtest.Guide(server)
	listen := server.Listen
	if *https {
		listen = server.ListenTLS
	}
	if err := listen(*addr); err != nil {
		return err
	}
	defer server.Close()
	trust := ""
	if *https {
		file, err := writeCertificate(*cert, server.Certificate())
		if err != nil {
			return err
		}
		trust = fmt.Sprintf(`# each client trusts the certificate by one of these: Go, Python, Node, curl
export SSL_CERT_FILE=%[1]s
export REQUESTS_CA_BUNDLE=%[1]s
export NODE_EXTRA_CA_CERTS=%[1]s
export CURL_CA_BUNDLE=%[1]s
`, file)
	}
	keys := server.Credentials()
	fmt.Fprintf(out, `# a simulated OVHcloud account: nothing here is real, nothing is spent
export OVH_ENDPOINT=%s
export OVH_APPLICATION_KEY=%s
export OVH_APPLICATION_SECRET=%s
export OVH_CONSUMER_KEY=%s
%s# Python: import os, ovh.client; e = os.environ["OVH_ENDPOINT"]; ovh.client.ENDPOINTS[e] = e
# Node: require("ovh")({host, port, appKey, appSecret, consumerKey}), with -tls
# serving until interrupted
`, server.Endpoint(), keys.AppKey, keys.AppSecret, keys.ConsumerKey, trust)
	<-ctx.Done()
	return nil
}

// writeCertificate writes the certificate to the file, or to a new one, and returns its
// name. It is no secret.
func writeCertificate(name string, pem []byte) (string, error) {
	if name != "" {
		return name, os.WriteFile(name, pem, 0o644) //nolint:gosec // for everybody to read
	}
	file, err := os.CreateTemp("", "ovhrenew-sandbox-*.pem")
	if err != nil {
		return "", err
	}
	_, err = file.Write(pem)
	return file.Name(), errors.Join(err, file.Close())
}
