package access

import (
	"context"

	"github.com/ovhrenew/ovhrenew"
)

// Credential is the credential that requests are signed with, and what it may do.
// API: api.Credential
type Credential struct {
	CredentialID  int64 `json:"credentialId"`
	ApplicationID int64 `json:"applicationId"`
	// Status is validated for a credential that works.
	Status     string             `json:"status"`
	Creation   ovhrenew.Timestamp `json:"creation"`
	Expiration ovhrenew.Timestamp `json:"expiration"` // none: it does not expire
	LastUse    ovhrenew.Timestamp `json:"lastUse"`
	Rules      []Rule             `json:"rules"`      // the calls it may make
	AllowedIPs []string           `json:"allowedIPs"` // none: any
	OvhSupport bool               `json:"ovhSupport"` // it was made for OVHcloud's support
}

// validated is the only status of a credential that can do anything.
const validated = "validated"

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
