package ovhrenewtest

import (
	"crypto/sha1" // the API's signatures are SHA-1
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/products"
)

// Rule lets a credential use a method on paths; * in the path stands for anything.
type Rule struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

// AllRules let a credential do everything.
func AllRules() []Rule {
	return []Rule{{"GET", "/*"}, {"POST", "/*"}, {"PUT", "/*"}, {"DELETE", "/*"}}
}

// drift is how far a request's timestamp may be off the server's clock.
const drift = 30 * time.Second

// credential is a consumer key and what it may do.
type credential struct {
	status     string
	expiration time.Time
	rules      []Rule
}

// rights is who may do what.
type rights struct {
	credentials map[string]*credential
	iam         []string // routes that the policies do not allow
}

// Grant replaces the rules of the server's credential. Calls that none of them
// allows are answered NOT_GRANTED_CALL.
func (s *Server) Grant(rules ...Rule) {
	defer s.lock()()
	s.rights.credentials[fixedCredentials.ConsumerKey].rules = rules
}

// SetCredential changes the state of the server's credential: validated, expired,
// refused or pendingValidation. A zero expiration means that it has none.
func (s *Server) SetCredential(status string, expiration time.Time) {
	defer s.lock()()
	own := s.rights.credentials[fixedCredentials.ConsumerKey]
	own.status, own.expiration = status, expiration
}

// DenyIAM answers the routes, such as [RoutePay], as to a user whose policies do
// not allow them. It replaces what was denied before.
func (s *Server) DenyIAM(routes ...string) {
	defer s.lock()()
	s.rights.iam = routes
}

// authenticate checks keys, time and signature. The caller holds the lock.
func (s *Server) authenticate(c *call) bool {
	const forbidden, bad = http.StatusForbidden, http.StatusBadRequest
	bearer, token := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
	app, consumer := c.header.Get("X-Ovh-Application"), c.header.Get("X-Ovh-Consumer")
	who := s.rights.credentials[consumer]
	seconds, err := strconv.ParseInt(c.header.Get("X-Ovh-Timestamp"), 10, 64)
	switch {
	case token && s.behaviour.AccessToken != "" && same(bearer, s.behaviour.AccessToken):
		return true
	case token:
		return s.denied(c, forbidden, "INVALID_CREDENTIAL", "This credential is not valid")
	case app == "" && consumer == "":
		return c.refuse(problem(http.StatusUnauthorized, "", "You must login first"))
	case !same(app, fixedCredentials.AppKey):
		return s.denied(c, forbidden, "INVALID_KEY", "Invalid application key")
	case who == nil:
		return s.denied(c, forbidden, "NOT_CREDENTIAL", "This credential does not exist")
	case err != nil, s.now.Sub(time.Unix(seconds, 0)).Abs() > drift:
		return s.denied(c, bad, "QUERY_TIME_OUT", "Query out of time")
	case !signedFor(c, consumer, seconds):
		return s.denied(c, bad, "INVALID_SIGNATURE", "Invalid signature")
	case who.status != "validated", !who.expiration.IsZero() && !s.now.Before(who.expiration):
		return s.denied(c, forbidden, "INVALID_CREDENTIAL", "This credential is not valid")
	}
	return true
}

// signedFor reports whether the client signed exactly this URL and body. OVHcloud's clients
// for Node sign https URLs without their port, which is the usual one at OVHcloud.
func signedFor(c *call, consumer string, seconds int64) bool {
	sent := c.header.Get("X-Ovh-Signature")
	if same(sent, signature(consumer, c, c.signed, seconds)) {
		return true
	}
	u, err := url.Parse(c.signed)
	if err != nil || u.Scheme != "https" || u.Port() == "" {
		return false
	}
	return same(sent, signature(consumer, c, strings.Replace(c.signed, ":"+u.Port(), "", 1), seconds))
}

// signature is what the client had to send for a URL and the body.
func signature(consumer string, c *call, address string, seconds int64) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%s+%s+%s+%s+%s+%d",
		fixedCredentials.AppSecret, consumer, c.method, address, c.body, seconds))
	return "$1$" + hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// authorize checks the credential's rules and the account's policies. The caller
// holds the lock.
func (s *Server) authorize(c *call) bool {
	k := s.rights.credentials[c.header.Get("X-Ovh-Consumer")]
	allows := func(r Rule) bool { return r.Method == c.method && wildcard(r.Path, c.path) }
	if k != nil && c.header.Get("Authorization") == "" && !slices.ContainsFunc(k.rules, allows) {
		return s.denied(c, http.StatusForbidden, "NOT_GRANTED_CALL", "This call has not been granted")
	}
	if !slices.Contains(s.rights.iam, c.logged.Route) {
		return true
	}
	a := problem(http.StatusForbidden, "Client::Forbidden", "User not granted for this request")
	a.body.(object)["details"] = object{
		"unauthorizedActionsByAuthentication": "",
		"unauthorizedActionsByIAM":            iamAction(c),
	}
	return c.refuse(a)
}

// wildcard matches a pattern in which * stands for any text.
func wildcard(pattern, path string) bool {
	before, after, more := strings.Cut(pattern, "*")
	rest, ok := strings.CutPrefix(path, before)
	if !more {
		return ok && rest == ""
	}
	for i := 0; ok && i <= len(rest); i++ {
		if wildcard(after, rest[i:]) {
			return true
		}
	}
	return false
}

// iamAction names the right that a call needs.
func iamAction(c *call) string {
	action := map[string]string{"GET": "/get", "POST": "/create", "PUT": "/edit"}[c.method]
	for _, product := range products.All {
		if product.Actions != "" && c.template == product.Route+"/serviceInfos" {
			return product.Actions + action
		}
	}
	if strings.HasPrefix(c.logged.Route, "POST /me/order") { // a payment
		action = ""
	}
	path := regexp.MustCompile(`/\{[^/]*\}`).ReplaceAllString(c.template, "")
	return "account:apiovh:" + strings.TrimPrefix(path, "/") + action
}
