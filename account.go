package ovhrenew

import (
	"context"
	"iter"
)

// Account is whom the credential belongs to. What is personal, such as names and
// addresses, is not read.
// API: nichandle.Nichandle
type Account struct {
	Nichandle string `json:"nichandle"`
	Currency  struct {
		Code   Currency `json:"code"`
		Symbol string   `json:"symbol"`
	} `json:"currency"`
	Country       string        `json:"country"` // ISO 3166, two letters
	OvhSubsidiary OvhSubsidiary `json:"ovhSubsidiary"`
	OvhCompany    OvhCompany    `json:"ovhCompany"`
	State         AccountState  `json:"state"`
	KYCValidated  *bool         `json:"kycValidated"` // whether the identity was checked; nil: not said
}

// Autorenew is when the account's automatic renewals are charged.
// API: nichandle.NicAutorenewInfos
type Autorenew struct {
	Active    bool      `json:"active"`
	RenewDay  int64     `json:"renewDay"` // of the month
	LastRenew Timestamp `json:"lastRenew"`
}

// OvhAccount is prepaid money. A [Mean] of the kind MeanOvhAccount pays with it.
// API: billing.OvhAccount
type OvhAccount struct {
	OvhAccountID   string    `json:"ovhAccountId"`
	Balance        Money     `json:"balance"`
	IsActive       bool      `json:"isActive"`
	CanBeCredited  bool      `json:"canBeCredited"`
	AlertThreshold int64     `json:"alertThreshold"` // 0: none
	OpenDate       Timestamp `json:"openDate"`
	LastUpdate     Timestamp `json:"lastUpdate"`
}

func (o OvhAccount) identity() string { return o.OvhAccountID }

// FidelityAccount is the account's points. A [Mean] of the kind
// MeanFidelityAccount pays with them.
// API: billing.FidelityAccount
type FidelityAccount struct {
	Balance        int64     `json:"balance"` // points
	CanBeCredited  bool      `json:"canBeCredited"`
	AlertThreshold int64     `json:"alertThreshold"` // points; 0: none
	OpenDate       Timestamp `json:"openDate"`
	LastUpdate     Timestamp `json:"lastUpdate"`
}

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

// Me reads whom the credential belongs to.
//
// API: GET /me
//
// IAM: account:apiovh:me/get
func (a *API) Me(ctx context.Context) (Account, error) {
	return get[Account](ctx, a, "GET /me")
}

// Autorenew reads when the account's automatic renewals are charged. The error is
// [ErrNotFound], with the zero value, for an account that never switched them on,
// and [ErrUnsupported] in the US region.
//
// API: GET /me/autorenew (EU, CA)
//
// IAM: account:apiovh:me/autorenew/get
func (a *API) Autorenew(ctx context.Context) (Autorenew, error) {
	return get[Autorenew](ctx, a, "GET /me/autorenew")
}

// OvhAccounts streams the account's prepaid money. The error is [ErrUnsupported]
// in the US region.
//
// API: GET /me/ovhAccount, expanded, or with GET /me/ovhAccount/{ovhAccountId} (EU, CA)
//
// IAM: account:apiovh:me/ovhAccount/get
func (a *API) OvhAccounts(ctx context.Context) iter.Seq2[OvhAccount, error] {
	return list[OvhAccount](ctx, a, listing{
		request: request{route: "GET /me/ovhAccount", head: fresh},
		item:    "GET /me/ovhAccount/{ovhAccountId}",
	})
}

// OvhAccount reads one account of prepaid money. The error is [ErrNotFound] if
// there is none of this id.
//
// API: GET /me/ovhAccount/{ovhAccountId} (EU, CA)
//
// IAM: account:apiovh:me/ovhAccount/get
func (a *API) OvhAccount(ctx context.Context, id string) (OvhAccount, error) {
	if err := checkName("OvhAccount", "id", id); err != nil {
		return OvhAccount{}, err
	}
	return get[OvhAccount](ctx, a, "GET /me/ovhAccount/{ovhAccountId}", id)
}

// FidelityAccount reads the account's points.
//
// API: GET /me/fidelityAccount
//
// IAM: account:apiovh:me/fidelityAccount/get
func (a *API) FidelityAccount(ctx context.Context) (FidelityAccount, error) {
	return get[FidelityAccount](ctx, a, "GET /me/fidelityAccount")
}

// CurrentCredential reads the credential that the requests are signed with. It is
// about application keys: what it answers to a token is not known.
//
// API: GET /auth/currentCredential. Its schema is known from public clients of
// the API, not from OVHcloud's published one.
func (a *API) CurrentCredential(ctx context.Context) (Credential, error) {
	return get[Credential](ctx, a, "GET /auth/currentCredential")
}

// checkName refuses an id that could not be a segment of a path.
func checkName(call, field, name string) error {
	switch name {
	case "":
		return badInput(call, field, name, "is empty")
	case ".", "..":
		return badInput(call, field, name, "is not an id")
	}
	return nil
}
