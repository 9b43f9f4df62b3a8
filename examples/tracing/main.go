// Tracing plugs OpenTelemetry into the library: each request to OVHcloud becomes a
// span. Nothing of OpenTelemetry is in the library itself: any http.RoundTripper can
// stand in Config.Transport.
//
// Without -live it renews on a simulated account; with -live it only reads, on the
// account whose credentials go-ovh finds. Spans are printed as JSON, one in a line.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tracing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("tracing", flag.ContinueOnError)
	live := flags.Bool("live", false, "read from the real account of go-ovh's credentials")
	command.Parse(flags, args, "Tracing makes a span of each request, on a simulated account unless told -live.", "tracing [-live]")
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(out))
	if err != nil {
		return err
	}
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	defer func() { _ = provider.Shutdown(context.WithoutCancel(ctx)) }()
	if *live {
		return read(ctx, provider)
	}
	return renew(ctx, provider)
}

// read finds the services of the real account, in one trace.
func read(ctx context.Context, provider *trace.TracerProvider) error {
	api, err := ovh.NewDefaultClient()
	if err != nil {
		return err
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: traced(http.DefaultTransport, provider)})
	if err != nil {
		return err
	}
	ctx, span := provider.Tracer("example").Start(ctx, "find services")
	defer span.End()
	_, err = client.FindServices(ctx, ovhrenew.ServiceQuery{})
	return err
}

// renew renews on a simulated account, in one trace.
func renew(ctx context.Context, provider *trace.TracerProvider) error {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintln(os.Stderr, "simulated account: nothing here is real (-live to read your own)")
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{
		Limiter: ovhrenew.Unlimited, Transport: traced(server.Transport(), provider),
	})
	if err != nil {
		return err
	}
	ctx, span := provider.Tracer("example").Start(ctx, "renew")
	defer span.End()
	_, err = ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service:  ovhrenew.Name(ovhrenewtest.GuideVPS),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		PayWith:  ovhrenew.DefaultMethod,
		Journal:  ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
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
