package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Defaults of a Config's zero fields.
const (
	defaultAttempts     = 4
	defaultRetryFor     = 2 * time.Minute
	defaultSpendTimeout = 6 * time.Minute
	defaultMaxBody      = 64 << 20
)

// Limiter paces requests: Wait returns when the next one may be sent, or with an
// error if that will not be before the context ends. *rate.Limiter is one.
//
// Two further methods are used where a Limiter has them:
//
//	WaitFirst(ctx context.Context) error
//	Pause(d time.Duration)
//
// WaitFirst is called instead of Wait for an order or a payment, which goes before
// the reads that wait. Pause is called when the API has answered that it wants no
// requests for that long (status 429), so that a Limiter that processes share can hold
// back all of them.
type Limiter interface {
	Wait(ctx context.Context) error
}

// The optional methods of a Limiter.
type (
	firstWaiter interface {
		WaitFirst(ctx context.Context) error
	}
	pauser interface {
		Pause(d time.Duration)
	}
)

// Config is how a Client talks. Only API is needed.
type Config struct {
	// API has the endpoint and the credentials, which New reads once. Neither it
	// nor its http.Client is ever changed or sent through.
	API *ovh.Client
	// Transport sends the requests. If nil, it is that of API.Client, or
	// http.DefaultTransport. It must not repeat requests.
	Transport http.RoundTripper
	// Limiter paces the requests of all goroutines. If nil, it is NewPace(60, 10).
	Limiter Limiter
	// Attempts is the maximum number of attempts for a Read. If zero, it is 4.
	Attempts int
	// RetryFor is the maximum time from the first failure of a call to its last
	// attempt. If zero, it is 2 minutes.
	RetryFor time.Duration
	// ReadTimeout is the maximum duration of each attempt but those to spend. If zero,
	// it is API.Timeout.
	ReadTimeout time.Duration
	// SpendTimeout is the maximum duration of each attempt to spend. If zero, it is 6
	// minutes, or API.Timeout if that is longer.
	SpendTimeout time.Duration
	// MaxBody is the maximum size of an answer, in bytes. If zero, it is 64 MiB.
	MaxBody int64
	// Logger receives a record of each attempt. If nil, none is written.
	Logger *slog.Logger
	// TokenURL is the URL of OAuth2 tokens. If empty, it is that of the endpoint.
	TokenURL string
	// UserAgent is put into go-ovh's own User-Agent; API.UserAgent if empty.
	UserAgent string
}

// Client sends requests to one endpoint with one set of credentials. It is safe
// for concurrent use and starts no goroutine.
type Client struct {
	config   Config // with defaults; without API
	endpoint string
	pause    pause

	credentials *credentials              // behind a pointer: no way of printing a Client shows them
	bare        *signer                   // for what needs no clock
	clock       shared[*signer]           // for what is signed with the time
	tokens      *clientcredentials.Config // nil but for OAuth2
	token       shared[*oauth2.Token]
	secrets     []string // never to be seen in an error
}

// New returns a Client. The error names what Config lacks or has wrong.
func New(config Config) (*Client, error) {
	api := config.API
	if api == nil {
		return nil, errors.New("the go-ovh client is nil")
	}
	if err := checkEndpoint(api.Endpoint()); err != nil {
		return nil, err
	}
	if err := checkSettings(config); err != nil {
		return nil, err
	}
	login, err := readCredentials(api, cmp.Or(config.UserAgent, api.UserAgent))
	if err != nil {
		return nil, err
	}
	if config.Transport == nil && api.Client != nil {
		config.Transport = api.Client.Transport
	}
	if config.Transport == nil {
		config.Transport = http.DefaultTransport
	}
	if config.Limiter == nil {
		config.Limiter = NewPace(60, 10)
	}
	timeout := cmp.Or(api.Timeout, ovh.DefaultTimeout)
	config.API = nil
	config.Attempts = cmp.Or(config.Attempts, defaultAttempts)
	config.RetryFor = cmp.Or(config.RetryFor, defaultRetryFor)
	config.ReadTimeout = cmp.Or(config.ReadTimeout, timeout)
	config.SpendTimeout = cmp.Or(config.SpendTimeout, max(timeout, defaultSpendTimeout))
	config.MaxBody = cmp.Or(config.MaxBody, defaultMaxBody)
	c := &Client{config: config, endpoint: login.endpoint, credentials: &login, secrets: login.secrets()}
	if c.bare, err = newSigner(login); err != nil {
		return nil, err
	}
	if login.clientID != "" {
		if c.tokens, err = tokenConfig(login, config.TokenURL); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Endpoint is the URL that paths are relative to.
func (c *Client) Endpoint() string { return c.endpoint }

func checkSettings(config Config) error {
	for _, field := range []struct {
		name  string
		value any
		bad   bool
	}{
		{"Config.Attempts", config.Attempts, config.Attempts < 0},
		{"Config.RetryFor", config.RetryFor, config.RetryFor < 0},
		{"Config.ReadTimeout", config.ReadTimeout, config.ReadTimeout < 0},
		{"Config.SpendTimeout", config.SpendTimeout, config.SpendTimeout < 0},
		{"Config.MaxBody", config.MaxBody, config.MaxBody < 0},
		{"the Timeout of the go-ovh client", config.API.Timeout, config.API.Timeout < 0},
	} {
		if field.bad {
			return fmt.Errorf("%s is negative: %v", field.name, field.value)
		}
	}
	return nil
}
