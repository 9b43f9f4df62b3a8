package ovhrenewtest

import (
	"crypto/sha1" // the API's signatures are SHA-1
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
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
	key        string
	status     string
	expiration time.Time
	rules      []Rule
}

// access is who may do what.
type access struct {
	credentials map[string]*credential
	iam         map[string]bool // routes that the policies do not allow
}

func newAccess() access {
	key := fixedCredentials.ConsumerKey
	return access{
		credentials: map[string]*credential{key: {key: key, status: "validated", rules: AllRules()}},
		iam:         map[string]bool{},
	}
}

// Grant replaces the rules of the server's credential. Calls that none of them
// allows are answered NOT_GRANTED_CALL.
func (s *Server) Grant(rules ...Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.access.credentials[fixedCredentials.ConsumerKey].rules = rules
}

// SetCredential changes the state of the server's credential: validated, expired,
// refused or pendingValidation. A zero expiration means that it has none.
func (s *Server) SetCredential(status string, expiration time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.access.credentials[fixedCredentials.ConsumerKey]
	own.status, own.expiration = status, expiration
}

// DenyIAM answers the routes, such as [RoutePay], as to a user whose policies do
// not allow them. It replaces what was denied before.
func (s *Server) DenyIAM(routes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.access.iam = map[string]bool{}
	for _, route := range routes {
		s.access.iam[route] = true
	}
}

// authenticate checks keys, time and signature. The caller holds the lock.
func (s *Server) authenticate(c *call) (answer, bool) {
	invalid := s.denied(http.StatusForbidden, "INVALID_CREDENTIAL", "This credential is not valid")
	if bearer, ok := strings.CutPrefix(c.header.Get("Authorization"), "Bearer "); ok {
		return invalid, s.behaviour.AccessToken != "" && same(bearer, s.behaviour.AccessToken)
	}
	app, consumer := c.header.Get("X-Ovh-Application"), c.header.Get("X-Ovh-Consumer")
	if app == "" && consumer == "" {
		return problem(http.StatusUnauthorized, "", "You must login first"), false
	}
	if !same(app, fixedCredentials.AppKey) {
		return s.denied(http.StatusForbidden, "INVALID_KEY", "Invalid application key"), false
	}
	who := s.access.credentials[consumer]
	if who == nil {
		return s.denied(http.StatusForbidden, "NOT_CREDENTIAL", "This credential does not exist"), false
	}
	seconds, err := strconv.ParseInt(c.header.Get("X-Ovh-Timestamp"), 10, 64)
	if err != nil || c.now.Sub(time.Unix(seconds, 0)).Abs() > drift {
		return s.denied(http.StatusBadRequest, "QUERY_TIME_OUT", "Query out of time"), false
	}
	if !signedFor(c, consumer, seconds) {
		return s.denied(http.StatusBadRequest, "INVALID_SIGNATURE", "Invalid signature"), false
	}
	return invalid, who.valid(c.now)
}

func (k *credential) valid(now time.Time) bool {
	return k.status == "validated" && (k.expiration.IsZero() || now.Before(k.expiration))
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
func (s *Server) authorize(c *call) (answer, bool) {
	if k := s.access.credentials[c.header.Get("X-Ovh-Consumer")]; k != nil && c.header.Get("Authorization") == "" {
		granted := false
		for _, rule := range k.rules {
			granted = granted || rule.Method == c.method && wildcard(rule.Path, c.path)
		}
		if !granted {
			return s.denied(http.StatusForbidden, "NOT_GRANTED_CALL", "This call has not been granted"), false
		}
	}
	if s.access.iam[c.name()] {
		a := problem(http.StatusForbidden, "Client::Forbidden", "User not granted for this request")
		a.body.(object)["details"] = object{
			"unauthorizedActionsByAuthentication": "",
			"unauthorizedActionsByIAM":            iamAction(c),
		}
		return a, false
	}
	return answer{}, true
}

// wildcard matches a pattern in which * stands for any text.
func wildcard(pattern, path string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// iamAction names the right that a call needs.
func iamAction(c *call) string {
	var parts []string
	for _, segment := range segmentsOf(c.template) {
		if !strings.HasPrefix(segment, "{") {
			parts = append(parts, segment)
		}
	}
	path, action := strings.Join(parts, "/"), map[string]string{"GET": "get", "POST": "create", "PUT": "edit"}[c.method]
	if product, ok := strings.CutSuffix(path, "/serviceInfos"); ok {
		return iamProduct(product) + ":apiovh:serviceInfos/" + action
	}
	switch parts[len(parts)-1] {
	case "pay", "payWithRegisteredPaymentMean", "waiveRetraction":
		return "account:apiovh:" + path
	}
	return "account:apiovh:" + path + "/" + action
}

// iamProduct is the resource type of a product: vps, dedicatedServer …
func iamProduct(path string) string {
	switch path {
	case "domain/zone":
		return "dnsZone"
	case "hosting/web":
		return "webHosting"
	}
	words := strings.Split(path, "/")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
