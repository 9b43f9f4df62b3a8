package billing

import (
	"context"

	"github.com/ovhrenew/ovhrenew"
)

// Account is whom the credential belongs to. What is personal, such as names and
// addresses, is not read.
// API: nichandle.Nichandle
type Account struct {
	Nichandle string `json:"nichandle"` // the account's name, such as xx1111-ovh
	Currency  struct {
		Code   ovhrenew.Currency `json:"code"`
		Symbol string            `json:"symbol"`
	} `json:"currency"`
	Country string `json:"country"` // two letters, as in ISO 3166
	// OvhSubsidiary is the OVHcloud that the account has its contract with, which
	// settles its currency and taxes. It is no country: QC, WE, WS, ASIA and EU are none.
	OvhSubsidiary string `json:"ovhSubsidiary"`
	OvhCompany    string `json:"ovhCompany"` // the brand
	// State is complete or incomplete. An incomplete account may be refused to order.
	State        string `json:"state"`
	KYCValidated *bool  `json:"kycValidated"` // whether the identity was checked; nil: not said
}

// Me reads whom the credential belongs to.
//
// API: GET /me
//
// IAM: account:apiovh:me/get
func Me(ctx context.Context, r Reader) (Account, error) {
	var account Account
	if err := r.Read(ctx, "/me", &account); err != nil {
		return Account{}, err
	}
	return account, nil
}
