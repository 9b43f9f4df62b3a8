package access

import (
	"context"
	"errors"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// What [ovhrenew.API.Authentication] returns.
const (
	applicationKey = "application key"
	oauth2Client   = "OAuth2 client"
)

// passing reports whether an error may be another one soon: it says nothing about how the
// program is set up.
func passing(err error) bool {
	return slices.ContainsFunc([]error{context.Canceled, context.DeadlineExceeded, ovhrenew.ErrServer, ovhrenew.ErrRateLimited},
		func(target error) bool { return errors.Is(err, target) })
}

// advice says what to do about an error, where its own text does not.
func advice(err error, login string) string {
	switch {
	case errors.Is(err, ovhrenew.ErrCredential) && login == applicationKey:
		return "check that OVH_APPLICATION_KEY, OVH_APPLICATION_SECRET and OVH_CONSUMER_KEY (or those in ovh.conf) belong together and to this endpoint, " +
			"and that the consumer key was validated and has not expired; else ask for a new one"
	case errors.Is(err, ovhrenew.ErrCredential) && login == oauth2Client:
		return "check that OVH_CLIENT_ID and OVH_CLIENT_SECRET (or those in ovh.conf) belong together and to this endpoint"
	case errors.Is(err, ovhrenew.ErrCredential):
		return "get a new access token, and check that it is of this endpoint"
	case errors.Is(err, ovhrenew.ErrNotGranted):
		return "ask for a key with this right"
	case errors.Is(err, ovhrenew.ErrIAM) && login != applicationKey:
		return "let a policy allow it"
	}
	return ""
}
