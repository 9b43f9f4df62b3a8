package ovhrenew

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Reader reads an account and asks for quotes. It cannot spend. The methods are those of
// [API].
type Reader interface {
	Time(ctx context.Context) (time.Time, error)
	Account(ctx context.Context) (string, error)

	ListedService(ctx context.Context, id ServiceID) (Service, error)
	FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error)
	Services(ctx context.Context, query ServiceQuery) iter.Seq2[Service, error]
	Service(ctx context.Context, id ServiceID) (Service, error)
	ServiceInfos(ctx context.Context, route string) (Service, error)

	Renewals(ctx context.Context, id ServiceID, includeOptions bool) ([]RenewDescription, error)
	Quote(ctx context.Context, offer Offer) (Quote, error)

	Orders(ctx context.Context, query OrderQuery) iter.Seq2[Order, error]
	FindOrders(ctx context.Context, query OrderQuery) ([]OrderID, error)
	Order(ctx context.Context, id OrderID) (Order, error)
	OrderStatus(ctx context.Context, id OrderID) (OrderStatus, error)
	OrderDetails(ctx context.Context, id OrderID) ([]OrderDetail, error)
	OrderPayment(ctx context.Context, id OrderID) (OrderPayment, error)

	PaymentMethods(ctx context.Context) iter.Seq2[PaymentMethod, error]
	OrderPaymentMethods(ctx context.Context, id OrderID) (OrderPaymentMethods, error)
	OrderPaymentMeans(ctx context.Context, id OrderID) ([]MeanKind, error)
}

// Buyer orders and pays. Each call is sent once, and again only if no connection was
// made.
//
// An error means that the call may have been carried out, unless it is an [ErrNotSent],
// an [ErrBadInput], or an [*Error] that refuses it. Other implementations must keep to
// that.
type Buyer interface {
	PlaceOrder(ctx context.Context, offer Offer) (Order, error)
	Pay(ctx context.Context, id OrderID, with Payment) error
}

// Client reads and buys. [API] is one.
type Client interface {
	Reader
	Buyer
}

// errStale says that an order or a payment was not sent because the look that it stands on
// had become too old. It is always an [ErrNotSent], too.
var errStale = transport.ErrStale

type notAfterKey struct{}

// withNotAfter returns a context in which no order or payment is sent after t.
func withNotAfter(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, notAfterKey{}, t)
}

func notAfter(ctx context.Context) time.Time {
	t, _ := ctx.Value(notAfterKey{}).(time.Time)
	return t
}

// Config says how an API talks to OVHcloud. Its zero value is what New uses.
type Config struct {
	// Limiter paces all requests. If nil, it is NewLimiter(60, 10), the only pace that
	// OVHcloud has called safe.
	Limiter     Limiter
	Attempts    int           // of a read, at most; if zero, 4
	RetryFor    time.Duration // from a read's first failure to its last attempt; if zero, 2 minutes
	ReadTimeout time.Duration // of one attempt; if zero, the go-ovh client's
	// SpendTimeout is the maximum duration of an order or a payment. If zero, it is 6
	// minutes, or that of the go-ovh client if longer.
	SpendTimeout time.Duration
	MaxBody      int64 // of an answer, in bytes; if zero, 64 MiB
	PageSize     int   // elements of an expanded page; if zero, 1000
	// Transport sends the requests. If nil, it is the go-ovh client's. It must honor the
	// context and must not repeat requests.
	Transport http.RoundTripper
	Logger    *slog.Logger // if not nil, receives a record of each request, without secrets
	TokenURL  string       // of OAuth2; if empty, that of the endpoint
	UserAgent string       // added to the header, such as "billing/1.2"
	Account   string       // its name, such as xx1111-ovh; if empty, read from GET /me
}

// API is OVHcloud's API, the [Client] that talks to it. It is safe for concurrent use.
type API struct {
	wire     *transport.Client
	pageSize int
	plain    sync.Map // the routes of lists that the server does not expand
	account  accountName
	region   region
}

var _ Client = (*API)(nil)

// New returns an API with the endpoint and the credentials of a go-ovh client. The error
// says what is missing.
func New(api *ovh.Client) (*API, error) {
	return NewWithConfig(api, Config{})
}

// NewWithConfig is like New with other settings than the default ones.
func NewWithConfig(api *ovh.Client, config Config) (*API, error) {
	if api == nil {
		return nil, badInput("ovhrenew.New", "api", nil, "is nil: want a go-ovh client, such as ovh.NewDefaultClient makes")
	}
	if config.PageSize < 0 {
		return nil, badInput("ovhrenew.New", "Config.PageSize", config.PageSize, "is negative")
	}
	if unprintable(config.UserAgent) {
		return nil, badInput("ovhrenew.New", "Config.UserAgent", config.UserAgent, "has characters that a header cannot have")
	}
	if bad, ok := config.Limiter.(badLimiter); ok {
		return nil, bad.err
	}
	if why := oddName(config.Account); why != "" {
		return nil, badInput("ovhrenew.New", "Config.Account", config.Account, why)
	}
	userAgent := "ovhrenew"
	if config.UserAgent != "" {
		userAgent += " (+" + config.UserAgent + ")"
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
	return &API{wire: wire, pageSize: cmp.Or(config.PageSize, defaultPageSize), account: newAccountName(wire.Endpoint(), config.Account)}, nil
}

// Authentication returns how requests are authenticated: by an "application key", an
// "OAuth2 client" or an "access token".
func (a *API) Authentication() string {
	if !a.made() {
		return ""
	}
	return a.wire.Authentication()
}

// RouteOf returns the route that a request with this context calls, without its ids,
// such as "GET /me/order/{orderId}/status", but for the routes that [API.Read] and the
// like were given. A [Config.Transport] or the handler of a [Config.Logger] can name
// spans by it.
func RouteOf(ctx context.Context) string { return transport.RouteOf(ctx) }

// Format prints the endpoint and nothing of the credentials.
func (a *API) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "ovhrenew.API(%s)", cmp.Or(a.Endpoint(), "none"))
}

// made reports whether New made the API: its zero value has nowhere to send to.
func (a *API) made() bool { return a != nil && a.wire != nil }

func errNotMade(call string) error {
	return badInput(call, "API", nil, "was not made by New")
}

// Endpoint returns the URL that routes are relative to, such as
// https://eu.api.ovh.com/1.0.
func (a *API) Endpoint() string {
	if !a.made() {
		return ""
	}
	return a.wire.Endpoint()
}

// Time returns the API's time, to the second.
// API: GET /auth/time
func (a *API) Time(ctx context.Context) (time.Time, error) {
	const call = "GET /auth/time"
	if !a.made() {
		return time.Time{}, errNotMade(call)
	}
	now, err := a.wire.Time(ctx)
	return now, sendError(call, err)
}
