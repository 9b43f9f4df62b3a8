package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/expfmt"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// metrics prints them once, or serves them until the context ends.
func metrics(ctx context.Context, client portfolio.Reader, listen string, every time.Duration, out io.Writer) error {
	e := &exporter{client: client}
	registry := prometheus.NewRegistry()
	registry.MustRegister(e)
	err := e.refresh(ctx)
	if listen == "" {
		if err != nil {
			return err
		}
		families, err := registry.Gather()
		for _, family := range families {
			_, wrong := expfmt.MetricFamilyToText(out, family)
			err = errors.Join(err, wrong)
		}
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "serving http://%s/metrics\n", listener.Addr())
	server := &http.Server{Handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), ReadHeaderTimeout: time.Minute}
	go e.keepFresh(ctx, every, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (e *exporter) keepFresh(ctx context.Context, every time.Duration, end func()) {
	defer end()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = e.refresh(ctx) // it is counted
		}
	}
}
