package ovhrenew

import (
	"context"
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
	// Time returns the API's time: that of this machine, corrected.
	// API: GET /auth/time
	Time(ctx context.Context) (time.Time, error)
	// Account returns the name of the account, such as eu.api.ovh.com/xx1111-ovh.
	// API: GET /me
	Account(ctx context.Context) (string, error)

	// ListedService reads one service as the account's list knows it.
	// API: GET /service/{serviceId}
	ListedService(ctx context.Context, id ServiceID) (Service, error)
	// FindServices lists the services that the query lets through.
	// API: GET /services
	FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error)
	// Services streams the services that the query lets through, from pages that may be
	// as old as the API's cache.
	// API: GET /services, expanded
	Services(ctx context.Context, query ServiceQuery) iter.Seq2[Service, error]
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
	// FindOrders lists the numbers of the orders that the query lets through.
	// API: GET /me/order
	FindOrders(ctx context.Context, query OrderQuery) ([]OrderID, error)
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

// ErrStale says that a payment was not sent because the look that it stands on had
// become too old. errors.Is finds [ErrNotSent], too.
var ErrStale = transport.ErrStale

type notAfterKey struct{}

// withNotAfter returns a context in which no order or payment is sent after t.
func withNotAfter(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, notAfterKey{}, t)
}

// notAfter returns the time of withNotAfter, or the zero time.
func notAfter(ctx context.Context) time.Time {
	t, _ := ctx.Value(notAfterKey{}).(time.Time)
	return t
}

// Config is how an API talks to OVHcloud. Its zero value is what [New] uses.
type Config struct {
	// Limiter paces the requests of all goroutines together. If nil, it is
	// NewLimiter(60, 10): the only pace that OVHcloud has ever called safe.
	Limiter Limiter
	// Attempts is the maximum number of attempts for a read. If zero, it is 4. What
	// spends is sent once, whatever Attempts is.
	Attempts int
	// RetryFor is the maximum time from a read's first failure to its last attempt.
	// If zero, it is 2 minutes. Attempts usually ends a read sooner.
	RetryFor time.Duration
	// ReadTimeout is the maximum duration of one attempt to read. If zero, it is the
	// Timeout of the go-ovh client, which is 180 seconds by default.
	ReadTimeout time.Duration
	// SpendTimeout is the maximum duration of an order or a payment. If zero, it is 6
	// minutes, or the Timeout of the go-ovh client if that is longer: OVHcloud says
	// that they may take 5.
	SpendTimeout time.Duration
	// MaxBody is the maximum size of an answer, in bytes. If zero, it is 64 MiB.
	MaxBody int64
	// PageSize is the number of elements that an expanded page asks for. If zero, it
	// is 1000.
	PageSize int
	// Transport sends the requests. If nil, it is the transport of the go-ovh client's
	// http.Client. A Transport must honor the context of the request, and must not
	// repeat requests.
	Transport http.RoundTripper
	// Logger receives a record of each request, without secrets. If nil, none is
	// written.
	Logger *slog.Logger
	// TokenURL is the URL of OAuth2 tokens. If empty, it is that of the endpoint.
	TokenURL string
	// UserAgent names the program, such as "billing/1.2 (+https://example.com)", in
	// the User-Agent header, after the library's own name. If empty, nothing is added.
	UserAgent string
	// Account is the name of the account, such as xx1111-ovh, for a credential that
	// may not read it. If empty, it is read from GET /me.
	Account string
}

// API is OVHcloud's API: the Client that talks to it. It is safe for concurrent
// use, and leaves the go-ovh client that it was made from as it was.
type API struct {
	wire     *transport.Client
	pageSize int
	pages    pageModes
	account  accountName
	region   region
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
		return nil, badInput("ovhrenew.New", "api", nil, "is nil: want a go-ovh client, such as ovh.NewDefaultClient makes")
	}
	if config.PageSize < 0 {
		return nil, badInput("ovhrenew.New", "Config.PageSize", config.PageSize, "is negative")
	}
	if bad, ok := config.Limiter.(badLimiter); ok {
		return nil, bad.err
	}
	if err := checkAccountName(config.Account); err != nil {
		return nil, err
	}
	userAgent, err := userAgentOf(config.UserAgent)
	if err != nil {
		return nil, err
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
		UserAgent:    userAgent,
	})
	if err != nil {
		return nil, &InputError{Call: "ovhrenew.New", Why: err.Error(), Err: err}
	}
	size := config.PageSize
	if size == 0 {
		size = defaultPageSize
	}
	return &API{wire: wire, pageSize: size, account: newAccountName(wire.Endpoint(), config.Account)}, nil
}

// userAgentOf returns the library's name with that of the program.
func userAgentOf(program string) (string, error) {
	for _, c := range []byte(program) {
		if c < ' ' || c > '~' {
			return "", badInput("ovhrenew.New", "Config.UserAgent", program, "has characters that a header cannot have")
		}
	}
	if program == "" {
		return "ovhrenew", nil
	}
	return "ovhrenew (+" + program + ")", nil
}

// Authentication is how requests are authenticated.
type Authentication = transport.Authentication

// The ways to authenticate.
const (
	ApplicationKey = transport.ApplicationKey
	OAuth2Client   = transport.OAuth2Client
	AccessToken    = transport.AccessToken
)

// Authentication returns how the API's requests are authenticated, or "" if it was not
// made by New.
func (a *API) Authentication() Authentication {
	if !a.made() {
		return ""
	}
	return a.wire.Authentication()
}

// RouteOf returns the route of the API that a request with this context calls, such as
// "GET /me/order/{orderId}/status", or "" for another context. An http.RoundTripper
// given as Config.Transport and the handler of Config.Logger can name what they see by
// it: it has no ids, but for the routes that [API.Read] and the like were given.
func RouteOf(ctx context.Context) string { return transport.RouteOf(ctx) }

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

// Time returns the API's time, to the second: the wall clock of this machine,
// corrected by the [API.ClockOffset]. Days, ages and what is due are reckoned by it.
//
// API: GET /auth/time
func (a *API) Time(ctx context.Context) (time.Time, error) {
	call := callName("GET /auth/time", "")
	if !a.made() {
		return time.Time{}, errNotMade(call)
	}
	now, err := a.wire.Time(ctx)
	return now, sendError(call, err)
}
