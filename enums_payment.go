package ovhrenew

// MeanKind is a kind of payment mean, the API's older way to pay.
// API: billing.ReusablePaymentMeanEnum
type MeanKind string

// MeanFidelityAccount and MeanOvhAccount are the account's points and its prepaid
// money. The kinds named MeanType are those of the newer payment methods, which
// some regions list here too.
const (
	MeanBankAccount            MeanKind = "bankAccount"
	MeanCreditCard             MeanKind = "creditCard"
	MeanDeferredPaymentAccount MeanKind = "deferredPaymentAccount"
	// MeanFidelityAccount also pays the orders that come to nothing.
	MeanFidelityAccount MeanKind = "fidelityAccount"
	MeanOvhAccount      MeanKind = "ovhAccount"
	MeanPaypal          MeanKind = "paypal"

	MeanTypeCreditCard             MeanKind = "CREDIT_CARD"
	MeanTypeCurrentAccount         MeanKind = "CURRENT_ACCOUNT"
	MeanTypeDeferredPaymentAccount MeanKind = "DEFERRED_PAYMENT_ACCOUNT"
	MeanTypeDomesticCard           MeanKind = "DOMESTIC_CARD"
	MeanTypeEnterprise             MeanKind = "ENTERPRISE"
	MeanTypeInternalTrustedAccount MeanKind = "INTERNAL_TRUSTED_ACCOUNT"
	MeanTypePaypal                 MeanKind = "PAYPAL"
	MeanTypeRupay                  MeanKind = "RUPAY"
	MeanTypeSepaDirectDebit        MeanKind = "SEPA_DIRECT_DEBIT"
)

// PaidWith is what an order was paid with.
// API: billing.PaymentMeanEnum
type PaidWith string

// PaidWithFree and PaidWithNone are for orders that come to nothing.
const (
	PaidWithCash             PaidWith = "cash"
	PaidWithChargeback       PaidWith = "chargeback" // the bank has taken the money back
	PaidWithCheck            PaidWith = "check"
	PaidWithCheque           PaidWith = "cheque"
	PaidWithCreditAccount    PaidWith = "creditAccount"
	PaidWithCreditCard       PaidWith = "creditCard"
	PaidWithDebtAccount      PaidWith = "debtAccount" // owed, not paid yet
	PaidWithDeposit          PaidWith = "deposit"
	PaidWithDigitalLaunchPad PaidWith = "digitalLaunchPad"
	PaidWithEdinar           PaidWith = "edinar"
	PaidWithFidelityPoints   PaidWith = "fidelityPoints"
	PaidWithFree             PaidWith = "free"
	PaidWithIdeal            PaidWith = "ideal"
	PaidWithIncubatorAccount PaidWith = "incubatorAccount"
	PaidWithMandat           PaidWith = "mandat"
	PaidWithMultibanco       PaidWith = "multibanco"
	PaidWithNone             PaidWith = "none"
	PaidWithOvhAccount       PaidWith = "ovhAccount"
	PaidWithPaymentMandate   PaidWith = "paymentMandate"
	PaidWithPaypal           PaidWith = "paypal"
	PaidWithPayu             PaidWith = "payu"
	PaidWithPlatnosci        PaidWith = "platnosci"
	PaidWithRefund           PaidWith = "refund"
	PaidWithRupay            PaidWith = "rupay"
	PaidWithTransfer         PaidWith = "transfer"
	PaidWithWithdrawal       PaidWith = "withdrawal"
)

// PaymentType is what a payment method is. The schema of /me/payment/method calls
// it a plain text; the values are those of the same thing elsewhere in the API.
// API: billing.paymentMethod.PaymentTypeEnum
type PaymentType string

// The types.
const (
	PaymentBankAccount            PaymentType = "BANK_ACCOUNT"
	PaymentCreditCard             PaymentType = "CREDIT_CARD"
	PaymentCurrentAccount         PaymentType = "CURRENT_ACCOUNT"
	PaymentDeferredPaymentAccount PaymentType = "DEFERRED_PAYMENT_ACCOUNT"
	PaymentDomesticCard           PaymentType = "DOMESTIC_CARD"
	PaymentEnterprise             PaymentType = "ENTERPRISE"
	PaymentInternalTrustedAccount PaymentType = "INTERNAL_TRUSTED_ACCOUNT"
	PaymentPaypal                 PaymentType = "PAYPAL"
	PaymentRupay                  PaymentType = "RUPAY"
	PaymentSepaDirectDebit        PaymentType = "SEPA_DIRECT_DEBIT"
)

// PaymentSubType is the brand of a card, or the delay of a deferred payment.
// API: me.payment.AvailableSubTypeEnum, me.payment.CreationSubTypeEnum,
// payment.method.SubTypeEnum
type PaymentSubType string

// The brands and delays.
const (
	SubType30Days          PaymentSubType = "30_DAYS"
	SubType45Days          PaymentSubType = "45_DAYS"
	SubType60Days          PaymentSubType = "60_DAYS"
	SubTypeAmericanExpress PaymentSubType = "AMERICAN_EXPRESS"
	SubTypeAura            PaymentSubType = "AURA"
	SubTypeCarteBancaire   PaymentSubType = "CARTE_BANCAIRE"
	SubTypeCarteBleue      PaymentSubType = "CARTE_BLEUE"
	SubTypeChorus          PaymentSubType = "CHORUS"
	SubTypeDinersClub      PaymentSubType = "DINERS_CLUB"
	SubTypeDiscover        PaymentSubType = "DISCOVER"
	SubTypeJCB             PaymentSubType = "JCB"
	SubTypeMaestro         PaymentSubType = "MAESTRO"
	SubTypeMastercard      PaymentSubType = "MASTERCARD"
	SubTypeNone            PaymentSubType = "NONE"
	SubTypeRupay           PaymentSubType = "RUPAY"
	SubTypeVisa            PaymentSubType = "VISA"
)

// PaymentMethodStatus is where a payment method stands.
// API: me.payment.method.StatusEnum, payment.method.StatusEnum
type PaymentMethodStatus string

// Only a method that is MethodValid pays.
const (
	MethodCanceled    PaymentMethodStatus = "CANCELED"
	MethodCanceling   PaymentMethodStatus = "CANCELING"
	MethodCreated     PaymentMethodStatus = "CREATED"
	MethodCreating    PaymentMethodStatus = "CREATING"
	MethodError       PaymentMethodStatus = "ERROR"
	MethodExpired     PaymentMethodStatus = "EXPIRED"
	MethodFailed      PaymentMethodStatus = "FAILED"
	MethodMaintenance PaymentMethodStatus = "MAINTENANCE"
	MethodPaused      PaymentMethodStatus = "PAUSED"
	MethodRejected    PaymentMethodStatus = "REJECTED"
	MethodReplaced    PaymentMethodStatus = "REPLACED"
	MethodValid       PaymentMethodStatus = "VALID"
	MethodValidating  PaymentMethodStatus = "VALIDATING"
)

// Integration is how a person registers or uses a payment method.
// API: me.payment.IntegrationEnum, payment.method.IntegrationType,
// payment.method.IntegrationTypeEnum
type Integration string

// The integrations.
const (
	IntegrationBankTransfer Integration = "BANK_TRANSFER"
	IntegrationComponent    Integration = "COMPONENT"
	IntegrationDone         Integration = "DONE"
	IntegrationIframeVantiv Integration = "IFRAME_VANTIV"
	IntegrationInContext    Integration = "IN_CONTEXT"
	IntegrationNone         Integration = "NONE"
	IntegrationPostForm     Integration = "POST_FORM"
	IntegrationRedirect     Integration = "REDIRECT"
)
