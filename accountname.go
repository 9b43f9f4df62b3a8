package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// accountName is the name of an API's account, which is read once.
type accountName struct {
	host string
	lock chan struct{} // a mutex that a context can give up on
	name string        // empty: not read yet
}

func newAccountName(endpoint, name string) accountName {
	host := endpoint
	if u, err := url.Parse(endpoint); err == nil {
		host = u.Host
	}
	return accountName{host: host, lock: make(chan struct{}, 1), name: name}
}

// oddName returns why name is no account's, or nothing.
func oddName(name string) string {
	odd := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	switch {
	case strings.ContainsAny(name, "\"'`“”„«»‘’\\"):
		return "has quotation marks or a backslash"
	case strings.ContainsFunc(name, odd):
		return "has white space or control characters"
	case strings.Contains(name, "/"):
		return "has a slash: name the account alone, the endpoint is put in front"
	}
	return ""
}

// Account returns the name of the account with the host of its endpoint, such as
// eu.api.ovh.com/xx1111-ovh. The name is [Config.Account] or read once.
// API: GET /me
func (a *API) Account(ctx context.Context) (string, error) {
	if !a.made() {
		return "", errNotMade("GET /me")
	}
	select {
	case a.account.lock <- struct{}{}:
		defer func() { <-a.account.lock }()
	case <-ctx.Done():
		return "", fmt.Errorf("GET /me: %w: %w", ErrNotSent, ctx.Err())
	}
	if a.account.name == "" {
		name, err := a.readAccount(ctx)
		if err != nil {
			return "", err
		}
		a.account.name = name
	}
	return a.account.host + "/" + a.account.name, nil
}

// readAccount reads nothing but the name.
func (a *API) readAccount(ctx context.Context) (string, error) {
	me, err := fetch[struct {
		Nichandle string `json:"nichandle"`
	}](ctx, a, request{route: "GET /me", head: fresh})
	switch {
	case errors.Is(err, ErrDenied):
		return "", fmt.Errorf("the account is not known: grant GET /me, or set Config.Account to its name: %w", err)
	case err != nil:
		return "", err
	case me.Nichandle == "" || oddName(me.Nichandle) != "":
		return "", fmt.Errorf("GET /me: %w: nichandle is %q", ErrMalformed, me.Nichandle)
	}
	return me.Nichandle, nil
}
