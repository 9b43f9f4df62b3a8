package ovhrenewtest

import (
	"crypto/sha1" // the API's signatures are SHA-1
	"crypto/subtle"
	"encoding/base64"
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

type credential struct {
	status     string
	expiration time.Time
	rules      []Rule
}

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
	case err != nil, s.now.Sub(time.Unix(seconds, 0)).Abs() > 30*time.Second:
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
	addresses := []string{c.signed}
	if u, err := url.Parse(c.signed); err == nil && u.Scheme == "https" && u.Port() != "" {
		addresses = append(addresses, strings.Replace(c.signed, ":"+u.Port(), "", 1))
	}
	return slices.ContainsFunc(addresses, func(address string) bool {
		sum := sha1.Sum(fmt.Appendf(nil, "%s+%s+%s+%s+%s+%d",
			fixedCredentials.AppSecret, consumer, c.method, address, c.body, seconds))
		return same(c.header.Get("X-Ovh-Signature"), "$1$"+hex.EncodeToString(sum[:]))
	})
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// authorize checks the credential's rules and the policies. The caller holds the lock.
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
	a.body.(object)["details"] = object{"unauthorizedActionsByAuthentication": "", "unauthorizedActionsByIAM": iamAction(c)}
	return c.refuse(a)
}

// wildcard matches a pattern in which * stands for any text.
func wildcard(pattern, path string) bool {
	form := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `(?s:.*)`)
	return regexp.MustCompile("^(?:" + form + ")$").MatchString(path)
}

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

func (s *Server) getTime(*call) any { return s.now.Unix() }

// getCredential answers auth.Credential… of the key that asks.
func (s *Server) getCredential(c *call) any {
	k := s.rights.credentials[c.header.Get("X-Ovh-Consumer")]
	if k == nil {
		// A bearer token is not a credential of this kind.
		return s.denied(c, http.StatusForbidden, "NOT_CREDENTIAL", "This credential does not exist")
	}
	return object{
		"credentialId":  1042784519,
		"applicationId": 98765,
		"allowedIPs":    nil,
		"creation":      "2026-01-12T09:30:00+01:00",
		"expiration":    timestamp(k.expiration),
		"lastUse":       timestamp(s.now),
		"ovhSupport":    false,
		"rules":         k.rules,
		"status":        k.status,
	}
}

func (s *Server) postCredential(c *call) any {
	var rules []Rule
	if c.header.Get("X-Ovh-Application") != fixedCredentials.AppKey {
		s.denied(c, http.StatusForbidden, "INVALID_KEY", "Invalid application key")
	}
	c.members().need("accessRules", "auth.AccessRule[]", &rules)
	if c.refusal != nil {
		return nil
	}
	key := fmt.Sprintf("SimulatedConsumerKey%012d", len(s.rights.credentials))
	s.rights.credentials[key] = &credential{status: "pendingValidation", rules: rules}
	return object{"consumerKey": key, "state": "pendingValidation", "validationUrl": s.urlLocked() + "/auth/?credentialToken=" + key}
}

// validate is what a customer does at the validation URL of a new consumer key.
func (s *Server) validate(consumerKey string) answer {
	defer s.lock()()
	k := s.rights.credentials[consumerKey]
	if k == nil {
		return problem(http.StatusNotFound, "Client::NotFound", "There is no such consumer key")
	}
	k.status = "validated"
	return answer{body: "This consumer key is valid now."}
}

// serveOutside answers the two pages that are not part of the API.
func (s *Server) serveOutside(w http.ResponseWriter, c *call) bool {
	switch c.version + c.method + " " + c.path {
	case "GET /auth/":
		s.write(w, c, s.validate(c.query.Get("credentialToken")))
	case "POST /auth/oauth2/token":
		s.write(w, c, tokenAnswer(c, s.Behaviour()))
	default:
		return false
	}
	return true
}

func tokenAnswer(c *call, b Behaviour) answer {
	form, _ := url.ParseQuery(string(c.body))
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if basic, ok := strings.CutPrefix(c.header.Get("Authorization"), "Basic "); ok {
		plain, _ := base64.StdEncoding.DecodeString(basic)
		id, secret, _ = strings.Cut(string(plain), ":")
	}
	if b.ClientID == "" || b.AccessToken == "" || !same(id, b.ClientID) || !same(secret, b.ClientSecret) {
		return answer{status: http.StatusUnauthorized, body: object{"error": "invalid_client"}}
	}
	return answer{body: object{"access_token": b.AccessToken, "token_type": "Bearer", "expires_in": 3600, "scope": "all"}}
}

// limit counts a request among those of the last minute. The caller holds the lock.
func (s *Server) limit(c *call) bool {
	most := s.behaviour.RateLimit
	if most <= 0 {
		return true
	}
	s.recent = slices.DeleteFunc(s.recent, func(t time.Time) bool { return s.now.Sub(t) >= time.Minute })
	if len(s.recent) < most {
		s.recent = append(s.recent, s.now)
		return true
	}
	again := s.recent[0].Add(time.Minute)
	a := problem(http.StatusTooManyRequests, "", "Too Many Requests")
	switch s.behaviour.RetryAfter {
	case RetryAfterSeconds:
		seconds := (again.Sub(s.now) + time.Second - 1) / time.Second
		a.header = http.Header{"Retry-After": {fmt.Sprint(int(seconds))}}
	case RetryAfterDate:
		// A date has no fractions: the next full second is late enough.
		a.header = http.Header{"Retry-After": {again.Add(time.Second - 1).UTC().Format(http.TimeFormat)}}
	}
	return c.refuse(a)
}
