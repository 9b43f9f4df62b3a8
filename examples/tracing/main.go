// Tracing plugs OpenTelemetry into the library: each request to OVHcloud becomes a
// span. Nothing of OpenTelemetry is in the library itself: any http.RoundTripper can
// stand in Config.Transport.
//
// Without -live it renews on a simulated account; with -live it only reads, on the
// account whose credentials go-ovh finds. Spans are printed as JSON.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "tracing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("tracing", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(out))
	if err != nil {
		return err
	}
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	defer func() { _ = provider.Shutdown(context.WithoutCancel(ctx)) }()
	ctx, span := provider.Tracer("example").Start(ctx, "renew")
	defer span.End()

	if *live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return err
		}
		client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: traced(http.DefaultTransport, provider)})
		if err != nil {
			return err
		}
		_, err = client.FindServices(ctx, ovhrenew.ServiceQuery{})
		return err
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{
		Limiter: ovhrenew.Unlimited, Transport: traced(server.Transport(), provider),
	})
	if err != nil {
		return err
	}
	_, err = ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod,
		Patience: ovhrenew.Patience{Poll: 10 * time.Millisecond},
	})
	return err
}

// traced makes a span of each request. otelhttp notes methods, URLs and statuses: no
// bodies, and none of the headers that the requests are signed with.
func traced(base http.RoundTripper, provider *trace.TracerProvider) http.RoundTripper {
	return otelhttp.NewTransport(base, otelhttp.WithTracerProvider(provider),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + r.URL.Path }))
}
