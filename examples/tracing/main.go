// Tracing plugs OpenTelemetry into the library: each request to OVHcloud becomes a
// span. Nothing of OpenTelemetry is in the library itself: any http.RoundTripper can
// stand in Config.Transport.
//
// It renews on a simulated account. Spans are printed as JSON, one in a line.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	flags := flag.NewFlagSet("tracing", flag.ContinueOnError)
	command.Parse(flags, os.Args[1:], "tracing\nMakes a span of each request, on a simulated account.")
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tracing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(out))
	if err != nil {
		return err
	}
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	defer func() { _ = provider.Shutdown(context.WithoutCancel(ctx)) }()
	return renew(ctx, provider)
}

// renew renews on a simulated account, in one trace.
func renew(ctx context.Context, provider *trace.TracerProvider) error {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	defer server.Close()
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

// traced makes a span of each request, named by its route without ids. otelhttp notes
// methods, URLs and statuses: no bodies, and no headers that requests are signed with.
func traced(base http.RoundTripper, provider *trace.TracerProvider) http.RoundTripper {
	return otelhttp.NewTransport(base, otelhttp.WithTracerProvider(provider),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return cmp.Or(ovhrenew.RouteOf(r.Context()), r.Method) }))
}
