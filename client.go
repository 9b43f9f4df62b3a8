package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Reader reads an account and asks for quotes. Nothing it does can spend, so a
// report, a preview or a dashboard needs nothing more.
type Reader interface {
	// ListedService reads one service as the account's list knows it.
	// API: GET /service/{serviceId}
	ListedService(ctx context.Context, id ServiceID) (Service, error)
	// FindServices lists the services that the query lets through.
	// API: GET /services
	FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error)
	// Service reads one service with its billing: expiry, renew mode, state, parent.
	// API: GET /services/{serviceId}
	Service(ctx context.Context, id ServiceID) (Service, error)
	// ServiceInfos reads the billing of the product at route, such as /vps/NAME.
	// API: GET {route}/serviceInfos
	ServiceInfos(ctx context.Context, route string) (Service, error)

	// Renewals lists how a service can be renewed, with its options or without.
	// API: GET /service/{serviceId}/renew
	Renewals(ctx context.Context, id ServiceID, includeOptions bool) ([]RenewDescription, error)
	// Quote asks what an offer would cost, tax included. It orders nothing.
	// API: POST /service/{serviceId}/renew with dryRun true
	Quote(ctx context.Context, offer Offer) (Quote, error)

	// Orders lists the account's orders, oldest first where the API sorts them.
	// API: GET /me/order
	Orders(ctx context.Context, query OrderQuery) iter.Seq2[Order, error]
	// Order reads one order.
	// API: GET /me/order/{orderId}
	Order(ctx context.Context, id OrderID) (Order, error)
	// OrderStatus reads where an order stands.
	// API: GET /me/order/{orderId}/status
	OrderStatus(ctx context.Context, id OrderID) (OrderStatus, error)
	// OrderDetails lists the lines of an order.
	// API: GET /me/order/{orderId}/details
	OrderDetails(ctx context.Context, id OrderID) ([]OrderDetail, error)
	// OrderPayment reads how an order was paid.
	// API: GET /me/order/{orderId}/payment
	OrderPayment(ctx context.Context, id OrderID) (OrderPayment, error)

	// PaymentMethods lists the account's payment methods.
	// API: GET /me/payment/method
	PaymentMethods(ctx context.Context) iter.Seq2[PaymentMethod, error]
	// OrderPaymentMethods says which payment methods an order takes.
	// API: GET /me/order/{orderId}/paymentMethods
	OrderPaymentMethods(ctx context.Context, id OrderID) (OrderPaymentMethods, error)
	// OrderPaymentMeans says which older payment means an order takes.
	// API: GET /me/order/{orderId}/availableRegisteredPaymentMean
	OrderPaymentMeans(ctx context.Context, id OrderID) ([]MeanKind, error)
}

// Buyer places orders and pays them. Each call is sent once: it is repeated only
// when the connection was never made.
//
// An error means that the call may have been carried out, unless errors.Is finds
// [ErrNotSent] or [ErrBadInput], or errors.As an [*Error] that refuses it. A Buyer of
// one's own has to keep to that.
type Buyer interface {
	// PlaceOrder orders an offer. The order costs nothing until it is paid, and
	// lapses by itself when it is not.
	// API: POST /service/{serviceId}/renew with dryRun false
	PlaceOrder(ctx context.Context, offer Offer) (Order, error)
	// Pay pays an order.
	// API: POST /me/order/{orderId}/pay, or
	// POST /me/order/{orderId}/payWithRegisteredPaymentMean for a [Mean]
	Pay(ctx context.Context, id OrderID, with Payment) error
}

// Client reads and buys. [API] is one; a program's own tests can bring another.
type Client interface {
	Reader
	Buyer
}

// Limiter paces requests: Wait returns when the next one may be sent, or with
// the context's error. *rate.Limiter of golang.org/x/time/rate is one.
type Limiter = transport.Limiter

// Unlimited is the Limiter that never waits, for tests and simulations.
var Unlimited Limiter = unlimited{}

type unlimited struct{}

func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }

// Config is how an API talks to OVHcloud. Its zero value is what [New] uses.
type Config struct {
	// Limiter paces the requests of all goroutines together. The default lets
	// 60 a minute through, after a first 10 at once: the only pace that OVHcloud
	// has ever called safe.
	Limiter Limiter
	// Attempts is how often a read is tried at the most; 4 if zero. What spends
	// is sent once whatever is set here.
	Attempts int
	// RetryFor caps the time one read spends on being retried; 2 minutes if zero.
	// Attempts, with pauses of some seconds, usually ends it sooner.
	RetryFor time.Duration
	// ReadTimeout bounds one attempt to read; the Timeout of the go-ovh client
	// (180 seconds by default) if zero.
	ReadTimeout time.Duration
	// SpendTimeout bounds the wait for the answer to an order or a payment;
	// 6 minutes if zero, since OVHcloud says that those may take 5.
	SpendTimeout time.Duration
	// MaxBody bounds the size of an answer, in bytes; 64 MiB if zero.
	MaxBody int64
	// PageSize is how many elements an expanded page asks for; 1000 if zero.
	PageSize int
	// Transport sends the requests; the transport of the go-ovh client's
	// http.Client if nil. A proxy or a tracer plugs in here. It must honour the
	// request's context, and must not repeat requests by itself.
	Transport http.RoundTripper
	// Logger hears of each request, without secrets; nobody if nil.
	Logger *slog.Logger
	// TokenURL is where OAuth2 tokens are had; that of the endpoint if empty.
	TokenURL string
}

// API is OVHcloud's API: the Client that talks to it. It is safe for concurrent
// use, and leaves the go-ovh client that it was made from as it was.
type API struct {
	wire     *transport.Client
	pageSize int
	pages    pageModes
}

var _ Client = (*API)(nil)

// New returns an API with the endpoint and the credentials of a go-ovh client,
// whichever way that one found them: application key, OAuth2 or access token.
// The error says what is missing.
func New(api *ovh.Client) (*API, error) {
	return NewWithConfig(api, Config{})
}

// NewWithConfig is New with other than the default settings.
func NewWithConfig(api *ovh.Client, config Config) (*API, error) {
	if api == nil {
		return nil, errors.New("ovhrenew.New: the go-ovh client is nil")
	}
	if config.PageSize < 0 {
		return nil, badInput("ovhrenew.New", "Config.PageSize", config.PageSize, "is negative")
	}
	wire, err := transport.New(transport.Config{
		API:          api,
		Transport:    config.Transport,
		Limiter:      config.Limiter,
		Attempts:     config.Attempts,
		RetryFor:     config.RetryFor,
		ReadTimeout:  config.ReadTimeout,
		SpendTimeout: config.SpendTimeout,
		MaxBody:      config.MaxBody,
		Logger:       config.Logger,
		TokenURL:     config.TokenURL,
		UserAgent:    "ovhrenew",
	})
	if err != nil {
		return nil, fmt.Errorf("ovhrenew.New: %w", err)
	}
	size := config.PageSize
	if size == 0 {
		size = defaultPageSize
	}
	return &API{wire: wire, pageSize: size}, nil
}

// Format prints the endpoint, whatever the verb: nothing of the credentials.
func (a *API) Format(state fmt.State, _ rune) {
	endpoint := "none"
	if a.made() {
		endpoint = a.wire.Endpoint()
	}
	_, _ = fmt.Fprintf(state, "ovhrenew.API(%s)", endpoint)
}

// made reports whether New made the API: its zero value has nowhere to send to.
func (a *API) made() bool { return a != nil && a.wire != nil }

func errNotMade(call string) error {
	return badInput(call, "API", nil, "was not made by New")
}

// Endpoint is the URL that every route is relative to, such as
// https://eu.api.ovh.com/1.0.
func (a *API) Endpoint() string {
	if !a.made() {
		return ""
	}
	return a.wire.Endpoint()
}

// ClockOffset is how far the API's clock is ahead of this machine's. Requests are
// signed with the API's time, so an offset does no harm by itself.
//
// API: GET /auth/time
func (a *API) ClockOffset(ctx context.Context) (time.Duration, error) {
	call := callName("GET /auth/time", "")
	if !a.made() {
		return 0, errNotMade(call)
	}
	offset, err := a.wire.ClockOffset(ctx)
	return offset, sendError(call, err)
}
