package ovhrenew

import "strings"

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

// automatic reports whether OVHcloud renews and charges by itself.
func (t RenewalType) automatic() bool { return strings.HasPrefix(string(t), "automatic") }

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

// The values below decide, and nobody but this package decides by them. Each alias names
// the enumeration of the API that has them.
type (
	orderDetailType = string // order.OrderDetailTypeEnum
	billingState    = string // service.BillingStateEnum, service.StateEnum
	resourceState   = string // service.ResourceStateEnum, services.expanded.Resource.StateEnum
	lifecycleState  = string // services.expanded.Lifecycle.StateEnum
	lifecycleAction = string // services.expanded.Lifecycle.ActionEnum
	methodStatus    = string // me.payment.method.StatusEnum, payment.method.StatusEnum
)

// These lines of an order are for no renewal. No renewal's order is on record: its lines
// are taken to be of any other type.
const (
	detailCaution      orderDetailType = "CAUTION" // a security deposit
	detailCreation     orderDetailType = "CREATION"
	detailGift         orderDetailType = "GIFT"
	detailInstallation orderDetailType = "INSTALLATION"
	detailRefund       orderDetailType = "REFUND"
	detailTransfer     orderDetailType = "TRANSFER"
	detailVoucher      orderDetailType = "VOUCHER"
)

// The states that stand against a renewal. The last two of billing are known to the
// product only.
const (
	billingPending             billingState = "pending"
	billingUnpaid              billingState = "unpaid"
	billingPendingDebt         billingState = "pendingDebt"
	billingAutorenewInProgress billingState = "autorenewInProgress"

	resourceToSuspend  resourceState = "toSuspend"
	resourceSuspending resourceState = "suspending"
	resourceSuspended  resourceState = "suspended"
	resourceToDelete   resourceState = "toDelete"
	resourceDeleting   resourceState = "deleting"
	resourceDeleted    resourceState = "deleted"

	lifecycleError      lifecycleState = "error"
	lifecycleInCreation lifecycleState = "inCreation"
	lifecycleRupture    lifecycleState = "rupture" // of the contract, it is taken to mean
	lifecycleTerminated lifecycleState = "terminated"
	lifecycleUnpaid     lifecycleState = "unpaid"
)

// As a pending action, all but the first stand against a renewal.
const (
	actionEarlyRenewal              lifecycleAction = "earlyRenewal"
	actionAutorenewInProgress       lifecycleAction = "autorenewInProgress"
	actionDeleteAtExpiration        lifecycleAction = "deleteAtExpiration"
	actionTerminate                 lifecycleAction = "terminate"
	actionTerminateAtEngagementDate lifecycleAction = "terminateAtEngagementDate"
	actionTerminateAtExpirationDate lifecycleAction = "terminateAtExpirationDate"
)

// renewalManual is renewed when somebody pays an order, renewalOption with the service that
// it is an option of, renewalOneShot never. The last two are of the account's list only.
const (
	renewalManual                 RenewalType = "manual"
	renewalOneShot                RenewalType = "oneShot"
	renewalOption                 RenewalType = "option"
	renewalAutomaticV2012         RenewalType = "automaticV2012"
	renewalAutomaticForcedProduct RenewalType = "automaticForcedProduct"
	renewalDeleteAtExpiration     RenewalType = "deleteAtExpiration"
	renewalDeleteAtEndEngagement  RenewalType = "deleteAtEndEngagement"
)

// methodValid is the only status of a payment method that pays.
const methodValid methodStatus = "VALID"
