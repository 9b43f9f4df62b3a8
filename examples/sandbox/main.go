// Sandbox serves a simulated OVHcloud account until it is interrupted, and prints the
// environment that points an OVHcloud client, in whatever language, at it. The Python
// client knows its endpoints by name and has to be told this one, as is printed too.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"time"

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
	flags := flag.NewFlagSet("sandbox", flag.ExitOnError)
	addr := flags.String("addr", "127.0.0.1:0", "loopback address to listen on")
	delivery := flags.Duration("delivery", time.Second, "how long an order takes from its payment to its delivery")
	_ = flags.Parse(args) // what is wrong ends the program
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: sandbox [-addr ADDRESS:PORT] [-delivery DURATION]")
		os.Exit(2)
	}
	host, _, err := net.SplitHostPort(*addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-addr %q is not a loopback address with a port", *addr)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{DeliveryDelay: *delivery})
	ovhrenewtest.Guide(server)
	if err := server.Listen(*addr); err != nil {
		return err
	}
	defer server.Close()
	keys := server.Credentials()
	fmt.Fprintf(out, `# a simulated OVHcloud account: nothing here is real, nothing is spent
export OVH_ENDPOINT=%s
export OVH_APPLICATION_KEY=%s
export OVH_APPLICATION_SECRET=%s
export OVH_CONSUMER_KEY=%s
# Python: import os, ovh.client; e = os.environ["OVH_ENDPOINT"]; ovh.client.ENDPOINTS[e] = e
# serving until interrupted
`, server.Endpoint(), keys.AppKey, keys.AppSecret, keys.ConsumerKey)
	<-ctx.Done()
	return nil
}
