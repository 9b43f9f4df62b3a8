package ovhrenew

import "context"

// Credential is the credential that the requests are signed with, and what it may do.
// API: api.Credential
type Credential struct {
	CredentialID  int64            `json:"credentialId"`
	ApplicationID int64            `json:"applicationId"`
	Status        CredentialStatus `json:"status"`
	Creation      Timestamp        `json:"creation"`
	Expiration    Timestamp        `json:"expiration"` // none: it does not expire
	LastUse       Timestamp        `json:"lastUse"`
	Rules         []AccessRule     `json:"rules"`      // the calls it may make
	AllowedIPs    []string         `json:"allowedIPs"` // none: any
	OvhSupport    bool             `json:"ovhSupport"` // it was made for OVHcloud's support
}

// CurrentCredential reads the credential that the requests are signed with. It is
// about application keys: what it answers to a token is not known.
//
// API: GET /auth/currentCredential. Its schema is known from public clients of
// the API, not from OVHcloud's published one.
func (a *API) CurrentCredential(ctx context.Context) (Credential, error) {
	return get[Credential](ctx, a, "GET /auth/currentCredential")
}
