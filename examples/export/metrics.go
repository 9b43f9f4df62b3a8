package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// exporter shows the last survey that came to its end, and when that was.
type exporter struct {
	client portfolio.Reader

	mu       sync.Mutex
	services []portfolio.Surveyed
	plan     *portfolio.Plan
	surveyed time.Time
	failures int
}

var (
	expiry = prometheus.NewDesc("ovhrenew_expiry_timestamp_seconds", "When the service ends.", []string{"id", "service", "product"}, nil)
	mode   = prometheus.NewDesc("ovhrenew_automatic", "1 if the service renews by itself.", []string{"id", "service", "product"}, nil)
	price  = prometheus.NewDesc("ovhrenew_planned_price", "What a planned renewal costs at the most, tax included.", []string{"id", "service", "period", "currency"}, nil)
	last   = prometheus.NewDesc("ovhrenew_last_survey_timestamp_seconds", "When the account was last read to its end.", nil, nil)
	failed = prometheus.NewDesc("ovhrenew_survey_failures_total", "Surveys that did not come to their end.", nil, nil)
)

// refresh surveys the account. A survey that fails leaves the last one standing: its
// age shows.
func (e *exporter) refresh(ctx context.Context) error {
	now := time.Now()
	services, plan, err := survey(ctx, e.client, ovhrenew.DateOf(now))
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.failures++
		return err
	}
	e.services, e.plan, e.surveyed = services, plan, now
	return nil
}

// Describe and Collect make an exporter a prometheus.Collector.
func (e *exporter) Describe(descs chan<- *prometheus.Desc) { prometheus.DescribeByCollect(e, descs) }

// Collect is called at each scrape. It asks nothing of OVHcloud.
func (e *exporter) Collect(metrics chan<- prometheus.Metric) {
	e.mu.Lock()
	defer e.mu.Unlock()
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	metrics <- prometheus.MustNewConstMetric(failed, prometheus.CounterValue, float64(e.failures))
	if e.plan == nil {
		return
	}
	gauge(last, float64(e.surveyed.Unix()))
	for _, s := range e.services {
		automatic := 0.0
		if s.Mode == ovhrenew.ModeAutomatic {
			automatic = 1
		}
		gauge(mode, automatic, s.ServiceID.String(), s.Name, s.Product)
		if ends := s.Ends(); !ends.IsZero() {
			gauge(expiry, float64(ends.Time().Unix()), s.ServiceID.String(), s.Name, s.Product)
		}
	}
	for _, item := range e.plan.Items {
		value, _ := strconv.ParseFloat(fmt.Sprintf("%de-8", item.Limit.Ucents()), 64) // to be looked at, not to be reckoned with
		gauge(price, value, item.Via.String(), item.Services[0].Name, item.Period.String(), string(item.Limit.Currency()))
	}
}
