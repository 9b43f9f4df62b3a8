package transport

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/ovh/go-ovh/ovh"
)

// credentials are a go-ovh client's, with the one way of authentication that it
// would use.
type credentials struct {
	endpoint, userAgent                 string
	appKey, appSecret, consumerKey      string
	clientID, clientSecret, accessToken string
	hidden                              []secret // they, in every form that is looked for
}

func readCredentials(api *ovh.Client, userAgent string) (credentials, error) {
	login := credentials{endpoint: api.Endpoint(), userAgent: userAgent}
	// The order is that in which go-ovh looks at them.
	switch {
	case api.AppKey != "":
		login.appKey, login.appSecret, login.consumerKey = api.AppKey, api.AppSecret, api.ConsumerKey
	case api.ClientID != "":
		login.clientID, login.clientSecret = api.ClientID, api.ClientSecret
	case api.AccessToken != "":
		login.accessToken = api.AccessToken
	default:
		return login, errors.New("the go-ovh client has no credentials: no application key, no OAuth2 client id and no access token")
	}
	return login, login.check()
}

// check refuses a credential that lacks a part, or that was copied with more than itself.
// The error names the field, and never has the value.
func (c credentials) check() error {
	for _, field := range []struct{ name, setting, value, with, of string }{
		{"application key", "application_key", c.appKey, "", ""},
		{"application secret", "application_secret", c.appSecret, "an application key", c.appKey},
		{"consumer key", "consumer_key", c.consumerKey, "an application key", c.appKey},
		{"OAuth2 client id", "client_id", c.clientID, "", ""},
		{"OAuth2 client secret", "client_secret", c.clientSecret, "an OAuth2 client id", c.clientID},
		{"access token", "access_token", c.accessToken, "", ""},
	} {
		where := fmt.Sprintf("OVH_%s, or %s in ovh.conf", strings.ToUpper(field.setting), field.setting)
		if field.of != "" && field.value == "" {
			return fmt.Errorf("the go-ovh client has %s, but no %s: set %s", field.with, strings.TrimPrefix(field.name, "OAuth2 "), where)
		}
		if why := odd(field.value); why != "" {
			return fmt.Errorf("the %s of the go-ovh client (%s) %s: copy it again, without what stands around it", field.name, where, why)
		}
	}
	return nil
}

// odd says what a credential has that none of OVHcloud's has; empty: nothing. They are of
// letters, digits and a few signs.
func odd(value string) string {
	if value != "" && strings.TrimFunc(value, unicode.IsSpace) == "" {
		return "is nothing but white space"
	}
	for i, r := range value {
		where := "has"
		switch {
		case i == 0:
			where = "begins with"
		case i == len(value)-len(string(r)):
			where = "ends with"
		}
		if what := oddRune(r); what != "" {
			return where + " " + what
		}
	}
	return ""
}

func oddRune(r rune) string {
	switch {
	case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return "a line break"
	case r == '\t':
		return "a tab"
	case r == '\u00a0' || r == '\u202f':
		return "a no-break space"
	case unicode.IsSpace(r):
		return "a blank"
	case r == '\ufeff':
		return "a byte order mark"
	case unicode.Is(unicode.Cf, r):
		return "an invisible character"
	case unicode.IsControl(r):
		return "a control character"
	case strings.ContainsRune("\"'`", r) || unicode.In(r, unicode.Pi, unicode.Pf):
		return "a quotation mark"
	case r == '\\':
		return "a backslash"
	case strings.ContainsRune("<>{}[]$,;", r):
		return "a bracket, a dollar sign, a comma or a semicolon"
	case r > '~':
		return "a character that is not ASCII"
	}
	return ""
}

func (c credentials) secrets() []string {
	return []string{c.appKey, c.appSecret, c.consumerKey, c.clientID, c.clientSecret, c.accessToken}
}

// Authentication returns how c authenticates its requests: by an "application key", an
// "OAuth2 client" or an "access token".
func (c *Client) Authentication() string {
	switch {
	case c.credentials.appKey != "":
		return "application key"
	case c.credentials.clientID != "":
		return "OAuth2 client"
	}
	return "access token"
}
