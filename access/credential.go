package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Credential is the credential that requests are signed with, and what it may do.
// API: api.Credential
type Credential struct {
	CredentialID  int64              `json:"credentialId"`
	ApplicationID int64              `json:"applicationId"`
	Status        string             `json:"status"` // validated for a credential that works
	Creation      ovhrenew.Timestamp `json:"creation"`
	Expiration    ovhrenew.Timestamp `json:"expiration"` // none: it does not expire
	LastUse       ovhrenew.Timestamp `json:"lastUse"`
	Rules         []Rule             `json:"rules"`      // the calls it may make
	AllowedIPs    []string           `json:"allowedIPs"` // none: any
	OvhSupport    bool               `json:"ovhSupport"` // it was made for OVHcloud's support
}

// Current reads the credential that the requests are signed with. It is about
// application keys: what it answers to a token is not known.
//
// API: GET /auth/currentCredential. Its schema is known from public clients of
// the API, not from OVHcloud's published one.
func Current(ctx context.Context, r Reader) (Credential, error) {
	var credential Credential
	if err := r.Read(ctx, "/auth/currentCredential", &credential); err != nil {
		return Credential{}, err
	}
	return credential, nil
}

// Reader reads any route of the API. [ovhrenew.API] is one.
type Reader interface {
	Read(ctx context.Context, route string, v any) error
}

// ending is how long before its end a credential or a card is warned about.
const ending = 14 * 24 * time.Hour

func (d *Diagnosis) credential(ctx context.Context, client Client) error {
	const name = "credential"
	credential, err := Current(ctx, client)
	if err != nil {
		d.unread(name, err)
		return err
	}
	d.Credential = &credential
	left := time.Until(credential.Expiration.Time)
	switch {
	case credential.Status != "validated":
		d.note(name, Problem, "its status is %s", cmp.Or(credential.Status, "not said"))
	case credential.Expiration.IsZero():
		d.note(name, OK, "%s, without an end", credential.Status)
	case left <= 0:
		d.note(name, Problem, "it ended on %s", credential.Expiration)
	case left < ending:
		d.note(name, Warning, "it ends on %s: ask for a new one before", credential.Expiration)
	default:
		d.note(name, OK, "%s, until %s", credential.Status, credential.Expiration)
	}
	return nil
}

func (d *Diagnosis) unread(name string, err error) {
	why := ""
	switch key := d.login == applicationKey; {
	case key && errors.Is(err, ovhrenew.ErrNotGranted):
		why = "its rights and its end cannot be read: it lacks GET /auth/currentCredential"
	case !key && !errors.Is(err, ovhrenew.ErrNotSent) && !passing(err):
		// What this route answers to a token is not known: no answer to it says that the
		// token is bad.
		why = "its rights and its end cannot be read, as for any " + d.login
	default:
		d.fail(name, err)
		return
	}
	d.Checks = append(d.Checks, Check{Name: name, Verdict: Unknown, Err: err, Saw: fmt.Sprintf("%s (%s)", why, words.Clean(err.Error()))})
}
