package transport

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Config is how a Client talks. Only API is needed.
type Config struct {
	// API has the endpoint and the credentials, which New reads once. Neither it
	// nor its http.Client is ever changed or sent through.
	API *ovh.Client
	// Transport sends the requests. If nil, it is that of API.Client, or
	// http.DefaultTransport. It must not repeat requests.
	Transport http.RoundTripper
	Limiter   Limiter       // of all goroutines; if nil, NewPace(60, 10)
	Attempts  int           // of a Read, at most; if zero, 4
	RetryFor  time.Duration // from a call's first failure to its last attempt, at most; if zero, 2 minutes
	// ReadTimeout is the maximum duration of each attempt but those to spend. If zero,
	// it is API.Timeout. SpendTimeout is that of the others. If zero, it is 6 minutes, or
	// API.Timeout if that is longer.
	ReadTimeout, SpendTimeout time.Duration
	MaxBody                   int64        // of an answer, in bytes; if zero, 64 MiB
	Logger                    *slog.Logger // receives a record of each attempt; nil: none
	TokenURL                  string       // of OAuth2; if empty, that of the endpoint
	UserAgent                 string       // put into go-ovh's own; if empty, API.UserAgent
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
	config.Attempts = cmp.Or(config.Attempts, 4)
	config.RetryFor = cmp.Or(config.RetryFor, 2*time.Minute)
	config.ReadTimeout = cmp.Or(config.ReadTimeout, timeout)
	config.SpendTimeout = cmp.Or(config.SpendTimeout, max(timeout, 6*time.Minute))
	config.MaxBody = min(cmp.Or(config.MaxBody, 64<<20), math.MaxInt64-1)
	login.hidden = spelled(login.secrets())
	c := &Client{config: config, endpoint: login.endpoint, credentials: &login}
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
