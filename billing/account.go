package billing

import (
	"context"
	"iter"

	"github.com/ovhrenew/ovhrenew"
)

// Account is whom the credential belongs to. What is personal, such as names and
// addresses, is not read.
// API: nichandle.Nichandle
type Account struct {
	// Nichandle is the account's name, such as xx1111-ovh.
	Nichandle string `json:"nichandle"`
	Currency  struct {
		Code   ovhrenew.Currency `json:"code"`
		Symbol string            `json:"symbol"`
	} `json:"currency"`
	// Country has two letters, as in ISO 3166.
	Country string `json:"country"`
	// OvhSubsidiary is the OVHcloud that the account has its contract with, which
	// settles its currency and taxes. It is no country: QC, WE, WS, ASIA and EU are none.
	OvhSubsidiary string `json:"ovhSubsidiary"`
	// OvhCompany is the brand.
	OvhCompany string `json:"ovhCompany"`
	// State is complete or incomplete. An incomplete account may be refused to order.
	State string `json:"state"`
	// KYCValidated says whether the identity was checked; nil: not said.
	KYCValidated *bool `json:"kycValidated"`
}

// Prepaid is an account of prepaid money. An [ovhrenew.Mean] of the kind
// MeanOvhAccount pays with it.
// API: billing.OvhAccount
type Prepaid struct {
	OvhAccountID   string             `json:"ovhAccountId"`
	Balance        ovhrenew.Money     `json:"balance"`
	IsActive       bool               `json:"isActive"`
	CanBeCredited  bool               `json:"canBeCredited"`
	AlertThreshold int64              `json:"alertThreshold"` // 0: none
	OpenDate       ovhrenew.Timestamp `json:"openDate"`
	LastUpdate     ovhrenew.Timestamp `json:"lastUpdate"`
}

// Points are the account's points. An [ovhrenew.Mean] of the kind MeanFidelityAccount
// pays with them.
// API: billing.FidelityAccount
type Points struct {
	Balance        int64              `json:"balance"` // points
	CanBeCredited  bool               `json:"canBeCredited"`
	AlertThreshold int64              `json:"alertThreshold"` // points; 0: none
	OpenDate       ovhrenew.Timestamp `json:"openDate"`
	LastUpdate     ovhrenew.Timestamp `json:"lastUpdate"`
}

// Me reads whom the credential belongs to.
//
// API: GET /me
//
// IAM: account:apiovh:me/get
func Me(ctx context.Context, r Reader) (Account, error) {
	return read[Account](ctx, r, "/me")
}

// PrepaidAccounts streams the account's prepaid money. The error is
// [ovhrenew.ErrUnsupported] in the US region.
//
// API: GET /me/ovhAccount, expanded, or with GET /me/ovhAccount/{ovhAccountId} (EU, CA)
//
// IAM: account:apiovh:me/ovhAccount/get
func PrepaidAccounts(ctx context.Context, r Reader) iter.Seq2[Prepaid, error] {
	return stream[Prepaid](ctx, r, "/me/ovhAccount", "/me/ovhAccount/{ovhAccountId}")
}

// ReadPoints reads the account's points.
//
// API: GET /me/fidelityAccount
//
// IAM: account:apiovh:me/fidelityAccount/get
func ReadPoints(ctx context.Context, r Reader) (Points, error) {
	return read[Points](ctx, r, "/me/fidelityAccount")
}

func read[T any](ctx context.Context, r Reader, route string) (T, error) {
	var value, none T
	if err := r.Read(ctx, route, &value); err != nil {
		return none, err
	}
	return value, nil
}
