package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// plainOrder is an order as a program without this library decodes it.
type plainOrder struct {
	OrderID         int64      `json:"orderId"`
	Date            time.Time  `json:"date"`
	ExpirationDate  time.Time  `json:"expirationDate"`
	RetractionDate  *time.Time `json:"retractionDate"`
	PDFURL          string     `json:"pdfUrl"`
	URL             string     `json:"url"`
	Password        string     `json:"password"`
	PriceWithoutTax plainPrice `json:"priceWithoutTax"`
	PriceWithTax    plainPrice `json:"priceWithTax"`
	Tax             plainPrice `json:"tax"`
}

const (
	orderID    = 1234567
	orderPath  = "/me/order/1234567"
	statusJSON = `"delivered"`
	orderJSON  = `{"orderId":1234567,"date":"2026-08-16T02:17:31+02:00","expirationDate":"2026-08-30T23:59:59+02:00","retractionDate":null,` +
		`"pdfUrl":"https://order.example/displayOrder.pdf?orderId=1234567","url":"https://order.example/displayOrder.cgi?orderId=1234567","password":"x",` +
		`"priceWithoutTax":{"currencyCode":"EUR","text":"4.57 \u20ac","value":4.57},"priceWithTax":{"currencyCode":"EUR","text":"5.48 \u20ac","value":5.48},` +
		`"tax":{"currencyCode":"EUR","text":"0.91 \u20ac","value":0.91}}`
)

// readAnswer is what both ways answer.
func readAnswer(path string) string {
	switch {
	case strings.HasSuffix(path, "/auth/time"):
		return fmt.Sprint(time.Now().Unix())
	case strings.HasSuffix(path, "/status"):
		return statusJSON
	}
	return orderJSON
}

// stub answers to paths without a connection.
type stub func(path string) string

func (s stub) RoundTrip(r *http.Request) (*http.Response, error) {
	text := s(r.URL.Path)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: r,
	}, nil
}

// readRows compares small reads with go-ovh's, over loopback and without a network.
func readRows(ctx context.Context, size sizes) ([]row, error) {
	server, err := startChild("child-answer")
	if err != nil {
		return nil, err
	}
	defer server.stop()
	var rows []row
	for _, way := range []struct {
		name, endpoint string
		transport      http.RoundTripper
	}{
		{"no network", "http://api.invalid/1.0", stub(readAnswer)},
		{"loopback", server.endpoint, &http.Transport{}},
	} {
		more, err := readsOver(ctx, size, way.name, way.endpoint, way.transport)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// serveAnswers answers small reads until its input ends.
func serveAnswers([]string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, readAnswer(r.URL.Path))
	})}
	go func() { _ = server.Serve(listener) }()
	return serveUntilEOF("http://" + listener.Addr().String() + "/1.0")
}

var errWrong = errors.New("not what was answered")

func readsOver(ctx context.Context, size sizes, name, endpoint string, transport http.RoundTripper) ([]row, error) {
	plain, err := newClient(endpoint, transport)
	if err != nil {
		return nil, err
	}
	api, err := newAPI(endpoint, transport)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, read := range []struct {
		name        string
		other, ours func() error
	}{
		{"status of an order", func() error {
			var status string
			err := plain.GetWithContext(ctx, orderPath+"/status", &status) //nolint:forbidigo // what ours is measured against
			return wrongUnless(status == "delivered", err)
		}, func() error {
			status, err := api.OrderStatus(ctx, orderID)
			return wrongUnless(status == ovhrenew.OrderDelivered, err)
		}},
		{"order", func() error {
			var order plainOrder
			err := plain.GetWithContext(ctx, orderPath, &order) //nolint:forbidigo // what ours is measured against
			return wrongUnless(order.PriceWithTax.Value == 5.48, err)
		}, func() error {
			order, err := api.Order(ctx, orderID)
			return wrongUnless(order.PriceWithTax == ovhrenew.NewMoney(548_000_000, ovhrenew.EUR), err)
		}},
	} {
		other, ours, err := compare(size.reads, false, read.other, read.ours)
		if err != nil {
			return nil, err
		}
		what := fmt.Sprintf("read the %s, %s: ", read.name, name)
		rows = append(rows, timeRow(what+"time", "go-ovh's Get", other, ours), allocRow("go-ovh's Get", other, ours))
	}
	return rows, nil
}

func wrongUnless(right bool, err error) error {
	if err == nil && !right {
		return errWrong
	}
	return err
}
