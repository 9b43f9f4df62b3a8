package ovhrenew

// The API's enumerations are open: values were added in the past, and the same one
// differs between products on the same day. Each is a text type, with constants for
// the values that a program decides by. All others are passed through.

// OrderStatus is where an order stands. Values without a constant are passed through.
// API: billing.order.OrderStatusEnum
type OrderStatus string

// Only OrderDelivered and OrderCancelled are final.
const (
	OrderNotPaid   OrderStatus = "notPaid"   // lapsed orders too, for a while
	OrderDelivered OrderStatus = "delivered" // the new expiry may show later
	OrderCancelled OrderStatus = "cancelled"

	orderDocumentsRequested OrderStatus = "documentsRequested" // from a person
	orderDelivering         OrderStatus = "delivering"
	orderCancelling         OrderStatus = "cancelling"
)

// RenewalType is how a service goes on at its expiry.
// API: service.RenewalTypeEnum, service.renew.Mode
type RenewalType string

const (
	renewalManual          RenewalType = "manual" // when somebody pays an order
	renewalForcedAutomatic RenewalType = "automaticForcedProduct"
)

// RenewMode is whether a service renews by itself.
// API: services.expanded.Renew.ModeEnum
type RenewMode string

const (
	ModeAutomatic RenewMode = "automatic"
	ModeManual    RenewMode = "manual"
)

// MeanKind is a kind of payment mean.
// API: billing.ReusablePaymentMeanEnum
type MeanKind string

// The kinds that differ in how they pay.
const (
	MeanBankAccount     MeanKind = "bankAccount"
	MeanCreditCard      MeanKind = "creditCard"
	MeanPaypal          MeanKind = "paypal"
	MeanFidelityAccount MeanKind = "fidelityAccount" // points, and orders of 0
	MeanOvhAccount      MeanKind = "ovhAccount"      // prepaid money
)

// methodValid is the only status of a payment method that pays.
// API: me.payment.method.StatusEnum, payment.method.StatusEnum
const methodValid = "VALID"

// These types of an order's lines are for no renewal. No renewal's order is on record: its
// lines are taken to be of any other type.
// API: order.OrderDetailTypeEnum
const (
	detailCaution      = "CAUTION" // a security deposit
	detailCreation     = "CREATION"
	detailGift         = "GIFT"
	detailInstallation = "INSTALLATION"
	detailRefund       = "REFUND"
	detailTransfer     = "TRANSFER"
	detailVoucher      = "VOUCHER"
)

const (
	actionDeleteAtExpiration  = "deleteAtExpiration"
	actionAutorenewInProgress = "autorenewInProgress"
)

// Why a service is not renewed.
const (
	beingCreated = "it is still being created: try again later"
	inDebt       = "it has an unpaid bill: settle that debt first"
	suspended    = "it is suspended"
	beingDeleted = "it is being deleted"
	toBeDeleted  = "it is to be deleted at its expiry: undo that first"
	askSupport   = "ask OVHcloud's support"
)

// These are the values that the schema knows of what is said of a service, each with why it
// stands against a renewal, empty if it does not. What is not here is not known.
var (
	// service.RenewalTypeEnum, service.renew.Mode
	renewalTypes = map[string]string{
		"": "", "manual": "", "automaticV2012": "", "automaticV2014": "", "automaticV2016": "", "automaticV2024": "", "automaticForcedProduct": "",
		"oneShot":            "it was paid once and does not renew (oneShot)",
		"option":             "it is an option: renew the service that it belongs to",
		"deleteAtExpiration": toBeDeleted, "deleteAtEndEngagement": toBeDeleted,
	}
	// services.expanded.Lifecycle.StateEnum
	lifecycleStates = map[string]string{
		"": "", "active": "", "toRenew": "", "unrenewed": "", "inCreation": beingCreated, "unpaid": inDebt,
		"terminated": askSupport, "rupture": askSupport, "error": askSupport,
	}
	// service.BillingStateEnum, service.StateEnum
	billingStates = map[string]string{
		"": "", "ok": "", "expired": "", "autorenewInProgress": "",
		"pending": beingCreated, "inCreation": beingCreated, "unpaid": inDebt, "unPaid": inDebt, "pendingDebt": inDebt,
	}
	// services.expanded.Lifecycle.ActionEnum
	pendingActions = map[string]string{
		"": "", "earlyRenewal": "", actionAutorenewInProgress: "", actionDeleteAtExpiration: toBeDeleted,
		"terminate": toBeDeleted, "terminateAtEngagementDate": toBeDeleted, "terminateAtExpirationDate": toBeDeleted,
	}
	// service.ResourceStateEnum, services.expanded.Resource.StateEnum
	resourceStates = map[string]string{
		"": "", "ok": "", "active": "", "opening": "", "toOpen": "", "toActivate": "",
		"toSuspend": suspended, "suspending": suspended, "suspended": suspended,
		"toDelete": beingDeleted, "deleting": beingDeleted, "deleted": beingDeleted,
	}
)
