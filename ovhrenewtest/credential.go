package ovhrenewtest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

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

// postCredential hands out a consumer key, which somebody has yet to validate.
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
	return object{
		"consumerKey":   key,
		"state":         "pendingValidation",
		"validationUrl": s.urlLocked() + "/auth/?credentialToken=" + key,
	}
}

// validate does what a customer does who opens the validation URL of a new consumer
// key and logs in.
func (s *Server) validate(consumerKey string) bool {
	defer s.lock()()
	k := s.rights.credentials[consumerKey]
	if k != nil {
		k.status = "validated"
	}
	return k != nil
}

// serveOutside answers the two pages that are not part of the API: the one that
// validates a consumer key, and the one that gives out OAuth2 tokens.
func (s *Server) serveOutside(w http.ResponseWriter, c *call) bool {
	a := answer{body: "This consumer key is valid now."}
	switch c.version + c.method + " " + c.path {
	case "GET /auth/":
		if !s.validate(c.query.Get("credentialToken")) {
			a = problem(http.StatusNotFound, "Client::NotFound", "There is no such consumer key")
		}
	case "POST /auth/oauth2/token":
		a = tokenAnswer(c, s.Behaviour())
	default:
		return false
	}
	s.write(w, c, a)
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
