package ovhrenew

// BillCategory is what a bill is for.
// API: billing.CategoryEnum
type BillCategory string

// BillAutorenew is what OVHcloud renewed by itself, BillEarlyRenewal what was
// renewed before it was due. Which of them a renewal by order has is not known.
const (
	BillAutorenew       BillCategory = "autorenew"
	BillEarlyRenewal    BillCategory = "earlyrenewal"
	BillPurchase        BillCategory = "purchase"
	BillPurchaseCloud   BillCategory = "purchase-cloud"
	BillPurchaseServers BillCategory = "purchase-servers"
	BillPurchaseTelecom BillCategory = "purchase-telecom"
	BillPurchaseWeb     BillCategory = "purchase-web"
)

// EInvoicingStatus is where the electronic version of a bill stands.
// API: billing.EInvoicingStatusEnum
type EInvoicingStatus string

// The statuses.
const (
	EInvoicingAccepted      EInvoicingStatus = "accepted"
	EInvoicingError         EInvoicingStatus = "error"
	EInvoicingIgnored       EInvoicingStatus = "ignored"
	EInvoicingInvalid       EInvoicingStatus = "invalid"
	EInvoicingNew           EInvoicingStatus = "new"
	EInvoicingOK            EInvoicingStatus = "ok"
	EInvoicingProcessing    EInvoicingStatus = "processing"
	EInvoicingReadyToSubmit EInvoicingStatus = "readyToSubmit"
	EInvoicingRejected      EInvoicingStatus = "rejected"
	EInvoicingSubmitted     EInvoicingStatus = "submitted"
)

// AccountState is whether an account has all its particulars.
// API: nichandle.StateEnum
type AccountState string

// The states. An incomplete account may be refused to order.
const (
	AccountComplete   AccountState = "complete"
	AccountIncomplete AccountState = "incomplete"
)

// OvhCompany is the brand that an account belongs to.
// API: nichandle.OvhCompanyEnum
type OvhCompany string

// The brands.
const (
	CompanyKimsufi    OvhCompany = "kimsufi"
	CompanyOVH        OvhCompany = "ovh"
	CompanySoYouStart OvhCompany = "soyoustart"
)

// OvhSubsidiary is the OVHcloud that an account has its contract with, which
// settles its currency and taxes. It is no country: QC, WE, WS, ASIA and EU are none.
// API: nichandle.OvhSubsidiaryEnum
type OvhSubsidiary string

// The subsidiaries.
const (
	SubsidiaryASIA OvhSubsidiary = "ASIA"
	SubsidiaryAU   OvhSubsidiary = "AU"
	SubsidiaryCA   OvhSubsidiary = "CA"
	SubsidiaryCZ   OvhSubsidiary = "CZ"
	SubsidiaryDE   OvhSubsidiary = "DE"
	SubsidiaryES   OvhSubsidiary = "ES"
	SubsidiaryEU   OvhSubsidiary = "EU"
	SubsidiaryFI   OvhSubsidiary = "FI"
	SubsidiaryFR   OvhSubsidiary = "FR"
	SubsidiaryGB   OvhSubsidiary = "GB"
	SubsidiaryIE   OvhSubsidiary = "IE"
	SubsidiaryIN   OvhSubsidiary = "IN"
	SubsidiaryIT   OvhSubsidiary = "IT"
	SubsidiaryLT   OvhSubsidiary = "LT"
	SubsidiaryMA   OvhSubsidiary = "MA"
	SubsidiaryNL   OvhSubsidiary = "NL"
	SubsidiaryPL   OvhSubsidiary = "PL"
	SubsidiaryPT   OvhSubsidiary = "PT"
	SubsidiaryQC   OvhSubsidiary = "QC" // Canada in French
	SubsidiarySG   OvhSubsidiary = "SG"
	SubsidiarySN   OvhSubsidiary = "SN"
	SubsidiaryTN   OvhSubsidiary = "TN"
	SubsidiaryUS   OvhSubsidiary = "US"
	SubsidiaryWE   OvhSubsidiary = "WE" // the rest of the world in English
	SubsidiaryWS   OvhSubsidiary = "WS" // the rest of the world in Spanish
)

// CredentialStatus is where a credential stands.
// API: auth.CredentialStateEnum
type CredentialStatus string

// Only CredentialValidated can do anything.
const (
	CredentialExpired           CredentialStatus = "expired"
	CredentialPendingValidation CredentialStatus = "pendingValidation"
	CredentialRefused           CredentialStatus = "refused"
	CredentialValidated         CredentialStatus = "validated"
)
