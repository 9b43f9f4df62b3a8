package transport

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

var ovhHost = regexp.MustCompile(`(?i)(^|\.)(ovh\.com|ovh\.us|ovhcloud\.com|soyoustart\.com|kimsufi\.com)$`)

// checkEndpoint refuses what is not the URL of an API. Of OVHcloud's hosts it is known
// besides that they speak https, and what their path begins with.
func checkEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case endpoint == "":
		return errors.New("the go-ovh client has no endpoint")
	case strings.ContainsFunc(endpoint, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the endpoint of the go-ovh client (OVH_ENDPOINT, or endpoint in ovh.conf) has white space, or characters that a URL cannot have")
	case err != nil:
		return errors.New("the endpoint of the go-ovh client is not a URL")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("the endpoint %s://%s%s has credentials, a query or a fragment, which have no place there", u.Scheme, u.Host, u.Path)
	case u.Host == "" && strings.Contains(endpoint, "@"): // credentials that are not where a URL has them
		return errors.New("the endpoint of the go-ovh client is not an http or https URL")
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return fmt.Errorf("the endpoint %q of the go-ovh client is not an http or https URL", endpoint)
	case !ovhHost.MatchString(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return fmt.Errorf("the endpoint %q is http, which anybody on the way can read and change: want https", endpoint)
	case u.Path == "":
		return fmt.Errorf("the endpoint %q lacks the version of the API: want %q", endpoint, endpoint+"/1.0")
	}
	return nil
}
