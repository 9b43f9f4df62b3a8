package ovhrenewtest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

func (s *Server) getTime(c *call) answer { return ok(c.now.Unix()) }

// getCredential answers auth.Credential… of the key that asks.
func (s *Server) getCredential(c *call) answer {
	k := s.access.credentials[c.header.Get("X-Ovh-Consumer")]
	if k == nil {
		// A bearer token is not a credential of this kind.
		return s.denied(http.StatusForbidden, "NOT_CREDENTIAL", "This credential does not exist")
	}
	return ok(object{
		"credentialId":  1042784519,
		"applicationId": 98765,
		"allowedIPs":    nil,
		"creation":      "2026-01-12T09:30:00+01:00",
		"expiration":    timestamp(k.expiration),
		"lastUse":       timestamp(c.now),
		"ovhSupport":    false,
		"rules":         k.rules,
		"status":        k.status,
	})
}

// postCredential hands out a consumer key, which somebody has yet to validate.
func (s *Server) postCredential(c *call) answer {
	if c.header.Get("X-Ovh-Application") != fixedCredentials.AppKey {
		return s.denied(http.StatusForbidden, "INVALID_KEY", "Invalid application key")
	}
	m, a, good := c.members()
	if !good {
		return a
	}
	var rules []Rule
	if a, good := m.read("accessRules", "auth.AccessRule[]", &rules); !good {
		return a
	}
	key := fmt.Sprintf("SimulatedConsumerKey%012d", len(s.access.credentials))
	s.access.credentials[key] = &credential{key: key, status: "pendingValidation", rules: rules}
	return ok(object{
		"consumerKey":   key,
		"state":         "pendingValidation",
		"validationUrl": s.urlLocked() + "/auth/?credentialToken=" + key,
	})
}

// Validate does what a customer does who opens the validation URL of a new
// consumer key and logs in.
func (s *Server) Validate(consumerKey string) {
	if !s.validate(consumerKey) {
		s.fail("Validate(%q): no such consumer key", consumerKey)
	}
}

func (s *Server) validate(consumerKey string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.access.credentials[consumerKey]
	if k != nil {
		k.status = "validated"
	}
	return k != nil
}

// serveOutside answers the two pages that are not part of the API: the one that
// validates a consumer key, and the one that gives out OAuth2 tokens.
func (s *Server) serveOutside(w http.ResponseWriter, c *call) bool {
	switch {
	case c.version != "":
		return false
	case c.method == http.MethodGet && c.path == "/auth/":
		if !s.validate(c.query.Get("credentialToken")) {
			s.write(w, c, noObject("credentialToken"))
			return true
		}
		s.write(w, c, ok("This consumer key is valid now."))
	case c.method == http.MethodPost && c.path == "/auth/oauth2/token":
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
	return ok(object{
		"access_token": b.AccessToken,
		"token_type":   "Bearer",
		"expires_in":   int(time.Hour / time.Second),
		"scope":        "all",
	})
}

// limiter remembers when the requests of the last minute came.
type limiter struct{ times []time.Time }

// limit counts one request. The caller holds the lock.
func (s *Server) limit(now time.Time) (answer, bool) {
	most := s.behaviour.RateLimit
	if most <= 0 {
		return answer{}, true
	}
	times := s.limiter.times
	for len(times) > 0 && now.Sub(times[0]) >= time.Minute {
		times = times[1:]
	}
	s.limiter.times = times
	if len(times) < most {
		s.limiter.times = append(times, now)
		return answer{}, true
	}
	again := times[0].Add(time.Minute)
	a := problem(http.StatusTooManyRequests, "", "Too Many Requests")
	switch s.behaviour.RetryAfter {
	case RetryAfterSeconds:
		seconds := (again.Sub(now) + time.Second - 1) / time.Second
		a.header = http.Header{"Retry-After": {fmt.Sprint(int(seconds))}}
	case RetryAfterDate:
		// A date has no fractions: the next full second is late enough.
		a.header = http.Header{"Retry-After": {again.Add(time.Second - 1).UTC().Format(http.TimeFormat)}}
	}
	return a, false
}
