// The hosts and the wire that the attacks use.

package safety_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// A wire lies between a client and the simulated API, and does to the requests on it
// what no setting of the server does.
type wire struct {
	before  func(sent)                            // before the request leaves
	instead func(sent) (int, string)              // if its status is not 0, nothing reaches the server
	answer  func(sent, int, string) (int, string) // changes what was answered
	after   func(sent)                            // after the answer, before the client has it
}

// sent is a request on a wire.
type sent struct {
	*http.Request
	body string
}

func (s sent) pays() bool {
	return s.Method == http.MethodPost && (strings.HasSuffix(s.URL.Path, "/pay") || strings.HasSuffix(s.URL.Path, "/payWithRegisteredPaymentMean"))
}

func (s sent) orders() bool {
	return s.Method == http.MethodPost && strings.HasSuffix(s.URL.Path, "/renew") && strings.Contains(s.body, `"dryRun":false`)
}

func (s sent) reads(suffix string) bool {
	return s.Method == http.MethodGet && strings.HasSuffix(s.URL.Path, suffix)
}

// A host is a machine that renews, with its journal. It notes which orders it has sent
// payments for, so that what it says of the money can be compared with the truth.
type host struct {
	w       *world
	api     *ovhrenew.API
	journal ovhrenew.Journal
	wire    *wire

	mu      sync.Mutex
	settled map[int64]bool
	since   time.Time // of the last receipt, by the server's clock
}

// host returns a machine whose requests go through a wire, which may be nil.
func (w *world) host(journal ovhrenew.Journal, through *wire) *host {
	w.tb.Helper()
	return w.limitedHost(journal, through, ovhrenew.Unlimited)
}

func (w *world) limitedHost(journal ovhrenew.Journal, through *wire, limiter ovhrenew.Limiter) *host {
	w.tb.Helper()
	if through == nil {
		through = &wire{}
	}
	h := &host{w: w, journal: journal, wire: through, settled: map[int64]bool{}}
	var err error
	h.api, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: limiter, Transport: h, ReadTimeout: time.Minute})
	if err != nil {
		w.tb.Fatal(err)
	}
	return h
}

// read takes in a request's body, and returns the request with it. That is where a payment
// that is too old refuses to leave.
func (s *sent) read(r *http.Request) (*http.Request, error) {
	if r.Body == nil {
		return r, nil
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.body = string(data)
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(data))
	return r, nil
}

// RoundTrip carries a request over the host's wire.
func (h *host) RoundTrip(r *http.Request) (*http.Response, error) {
	s := sent{Request: r}
	if h.wire.before != nil {
		h.wire.before(s)
	}
	r, err := s.read(r)
	if err != nil {
		return nil, err
	}
	if h.wire.instead != nil {
		if status, body := h.wire.instead(s); status != 0 {
			return &http.Response{
				StatusCode: status, Status: strconv.Itoa(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
				Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
			}, nil
		}
	}
	if s.pays() {
		if id, err := strconv.ParseInt(strings.Split(s.URL.Path, "/")[4], 10, 64); err == nil {
			h.mu.Lock()
			h.settled[id] = true
			h.mu.Unlock()
		}
	}
	response, err := h.w.server.Transport().RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if h.wire.answer != nil {
		data, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			return nil, err
		}
		status, text := h.wire.answer(s, response.StatusCode, string(data))
		response.StatusCode, response.Status = status, strconv.Itoa(status)
		response.Body, response.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		response.Header.Del("Content-Length")
	}
	if h.wire.after != nil {
		h.wire.after(s)
	}
	return response, nil
}

// paid is how many payments of this host were taken since its last receipt.
func (h *host) paid() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, p := range h.w.server.Payments() {
		if !p.Elsewhere && h.settled[p.Order] && !p.Time.Before(h.since) {
			n++
		}
	}
	return n
}

// renew renews once, and compares what it says with what happened.
func (h *host) renew(req ovhrenew.Request) (*ovhrenew.Receipt, error) {
	h.w.tb.Helper()
	return h.renewWithin(context.Background(), req)
}

func (h *host) renewWithin(ctx context.Context, req ovhrenew.Request) (*ovhrenew.Receipt, error) {
	h.w.tb.Helper()
	req.Journal = h.journal
	receipt, err := ovhrenew.Renew(ctx, h.api, req)
	h.truth(receipt, err)
	return receipt, err
}

// truth fails the test if a receipt or an error says of the money what is not so.
func (h *host) truth(receipt *ovhrenew.Receipt, err error) {
	h.w.tb.Helper()
	if receipt != nil {
		for _, is := range receipt.Services {
			if !is.To.After(is.From) || !receipt.Already && h.w.expiry(is.ServiceID) != is.To {
				h.w.tb.Errorf("a receipt says %s to %s, and %d expires on %s", is.From, is.To, is.ServiceID, h.w.expiry(is.ServiceID))
			}
		}
		if !receipt.Already && h.paymentsOf(receipt.Order) == 0 {
			h.w.tb.Errorf("a receipt for order %d, which nobody has paid", receipt.Order)
		}
		h.since = h.w.server.Now()
	}
	if err == nil {
		return
	}
	var failed *ovhrenew.StepError
	if !errors.As(err, &failed) {
		h.w.tb.Errorf("not a StepError: %v", err)
		return
	}
	switch n := h.paid(); {
	case failed.Paid == ovhrenew.PaidNo && n > 0 && receipt == nil:
		h.w.tb.Errorf("told as not paid, and %d payments were taken: %v", n, err)
	case failed.Paid == ovhrenew.PaidYes && h.paymentsOf(failed.Order) == 0:
		h.w.tb.Errorf("told as paid, and nobody has paid order %d: %v", failed.Order, err)
	}
	text := err.Error()
	if strings.Contains(text, "may have been paid") && (strings.Contains(text, "nothing was ordered") || strings.Contains(text, "not paid by this")) {
		h.w.tb.Errorf("contradicts itself: %v", err)
	}
}

func (h *host) paymentsOf(order ovhrenew.OrderID) int {
	n := 0
	for _, p := range h.w.server.Payments() {
		if p.Order == int64(order) {
			n++
		}
	}
	return n
}

// paidOf returns what an error says of the money; empty if it is no StepError.
func paidOf(err error) ovhrenew.Paid {
	var failed *ovhrenew.StepError
	if errors.As(err, &failed) {
		return failed.Paid
	}
	return ""
}

// want fails the test if the error is not the sentinel, or says otherwise of the money.
// A sentinel of nil wants a success.
func want(t *testing.T, err, sentinel error, paid ovhrenew.Paid) {
	t.Helper()
	if sentinel == nil {
		if err != nil {
			t.Errorf("got %v, want a renewal", err)
		}
		return
	}
	if !errors.Is(err, sentinel) || paidOf(err) != paid {
		t.Errorf("got %v (paid: %s), want %v (paid: %s)", err, paidOf(err), sentinel, paid)
	}
}

// paidFor fails the test if a service was paid for another number of times than n, also
// by what shows late.
func (w *world) paidFor(n int, services ...ovhrenew.ServiceID) {
	w.tb.Helper()
	time.Sleep(2 * time.Hour)
	for _, id := range services {
		if got := w.server.PaymentsFor(int64(id)); got != n {
			w.tb.Errorf("service %d was paid for %d times, want %d: %s", id, got, n, w.money())
		}
	}
}

// money is what the account's orders came to.
func (w *world) money() string {
	var b strings.Builder
	for _, o := range w.server.Orders() {
		b.WriteString("\n\torder " + strconv.FormatInt(o.ID, 10) + " of " + o.Date.UTC().Format(time.RFC3339) + " for " + o.Period + " is " + o.Status + ", paid " + strconv.Itoa(o.Payments) + " times")
	}
	return b.String()
}

// vpsFor is a request to renew the guide's VPS for a period.
func vpsFor(p ovhrenew.Period) ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.ID(vps),
		Rules:   []ovhrenew.Rule{ovhrenew.For(p), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("90 EUR"),
		PayWith: ovhrenew.DefaultMethod,
	}
}

// several is a journal beside others.
func several() *memoryJournal { return &memoryJournal{sharing: ovhrenew.OneOfSeveral} }

// both runs a test in a bubble for each of the ways in which a journal can be shared.
func both(t *testing.T, test func(t *testing.T, sharing ovhrenew.Sharing)) {
	t.Helper()
	for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
		t.Run(string(sharing), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) { test(t, sharing) })
		})
	}
}
