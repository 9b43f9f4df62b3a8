package ovhrenew

import "strings"

// The API's enumerations are open: values were added in the past, and the same one
// differs between products on the same day. Each is a text type, with constants for
// the values that a program decides by. All others are passed through.

// OrderStatus is where an order stands.
// API: billing.order.OrderStatusEnum
type OrderStatus string

// Only OrderDelivered and OrderCancelled are final.
const (
	// OrderNotPaid waits for a payment. An order that lapsed shows it too, until
	// OVHcloud cancels it: there is no status for that.
	OrderNotPaid OrderStatus = "notPaid"
	// OrderChecking is being looked at: its payment, or for fraud.
	OrderChecking OrderStatus = "checking"
	// OrderDocumentsRequested waits for a person to send documents.
	OrderDocumentsRequested OrderStatus = "documentsRequested"
	OrderDelivering         OrderStatus = "delivering"
	// OrderDelivered is done; the new expiry may still take a while to show.
	OrderDelivered  OrderStatus = "delivered"
	OrderCancelling OrderStatus = "cancelling"
	OrderCancelled  OrderStatus = "cancelled"
	// OrderUnknown says nothing. It is no reason to stop looking.
	OrderUnknown OrderStatus = "unknown"
)

// OrderDetailType is what a line of an order is for.
// API: order.OrderDetailTypeEnum
type OrderDetailType string

// No renewal's order is on record: its lines are taken to be DetailDuration or
// DetailRenew.
const (
	DetailCaution      OrderDetailType = "CAUTION" // a security deposit
	DetailConsumption  OrderDetailType = "CONSUMPTION"
	DetailCreation     OrderDetailType = "CREATION"
	DetailDuration     OrderDetailType = "DURATION"
	DetailGift         OrderDetailType = "GIFT"
	DetailInstallation OrderDetailType = "INSTALLATION"
	DetailRefund       OrderDetailType = "REFUND"
	DetailRenew        OrderDetailType = "RENEW"
	DetailTransfer     OrderDetailType = "TRANSFER"
	DetailVoucher      OrderDetailType = "VOUCHER"
)

// BillingState is where the billing of a service stands.
// API: service.BillingStateEnum, service.StateEnum
type BillingState string

// The states that stand against a renewal.
const (
	BillingPending BillingState = "pending"
	BillingUnpaid  BillingState = "unpaid"
	// BillingPendingDebt and BillingAutorenewInProgress are known to the product only.
	BillingPendingDebt         BillingState = "pendingDebt"
	BillingAutorenewInProgress BillingState = "autorenewInProgress"
)

// RenewalType is how a service goes on at its expiry.
// API: service.RenewalTypeEnum, service.renew.Mode
type RenewalType string

// RenewalDeleteAtExpiration and RenewalDeleteAtEndEngagement are of the account's
// list only.
const (
	// RenewalManual is renewed when somebody pays an order.
	RenewalManual RenewalType = "manual"
	// RenewalOneShot is not renewed, such as a DNS zone.
	RenewalOneShot RenewalType = "oneShot"
	// RenewalOption is renewed with the service that it is an option of.
	RenewalOption RenewalType = "option"
	// RenewalAutomaticV2012 is the type that a product takes for the automatic mode.
	RenewalAutomaticV2012 RenewalType = "automaticV2012"
	// RenewalAutomaticForcedProduct cannot be made manual.
	RenewalAutomaticForcedProduct RenewalType = "automaticForcedProduct"
	RenewalDeleteAtExpiration     RenewalType = "deleteAtExpiration"
	RenewalDeleteAtEndEngagement  RenewalType = "deleteAtEndEngagement"
)

// Automatic reports whether OVHcloud renews and charges by itself. The automatic
// types are numbered by year, so one that this package does not know yet counts.
func (t RenewalType) Automatic() bool { return strings.HasPrefix(string(t), "automatic") }

// ResourceState is the state of the thing behind a service.
// API: service.ResourceStateEnum, services.expanded.Resource.StateEnum
type ResourceState string

// The states that stand against a renewal.
const (
	ResourceToSuspend  ResourceState = "toSuspend"
	ResourceSuspending ResourceState = "suspending"
	ResourceSuspended  ResourceState = "suspended"
	ResourceToDelete   ResourceState = "toDelete"
	ResourceDeleting   ResourceState = "deleting"
	ResourceDeleted    ResourceState = "deleted"
)

// LifecycleState is the state of a service's life.
// API: services.expanded.Lifecycle.StateEnum
type LifecycleState string

// The states that stand against a renewal.
const (
	LifecycleError      LifecycleState = "error"
	LifecycleInCreation LifecycleState = "inCreation"
	// LifecycleRupture has no description. It is taken for a contract that was broken off.
	LifecycleRupture    LifecycleState = "rupture"
	LifecycleTerminated LifecycleState = "terminated"
	LifecycleUnpaid     LifecycleState = "unpaid"
)

// LifecycleAction is what can be done with a service, or is about to be done.
// API: services.expanded.Lifecycle.ActionEnum
type LifecycleAction string

// As a pending action, all but ActionEarlyRenewal stand against a renewal.
const (
	ActionEarlyRenewal              LifecycleAction = "earlyRenewal"
	ActionAutorenewInProgress       LifecycleAction = "autorenewInProgress"
	ActionDeleteAtExpiration        LifecycleAction = "deleteAtExpiration"
	ActionTerminate                 LifecycleAction = "terminate"
	ActionTerminateAtEngagementDate LifecycleAction = "terminateAtEngagementDate"
	ActionTerminateAtExpirationDate LifecycleAction = "terminateAtExpirationDate"
)

// RenewMode is whether a service renews by itself.
// API: services.expanded.Renew.ModeEnum
type RenewMode string

// The modes.
const (
	ModeAutomatic RenewMode = "automatic"
	ModeManual    RenewMode = "manual"
)

// MeanKind is a kind of payment mean, the API's older way to pay.
// API: billing.ReusablePaymentMeanEnum
type MeanKind string

// The kinds that differ in how they pay.
const (
	MeanBankAccount MeanKind = "bankAccount"
	MeanCreditCard  MeanKind = "creditCard"
	MeanPaypal      MeanKind = "paypal"
	// MeanFidelityAccount is the account's points. It also pays the orders that come
	// to nothing.
	MeanFidelityAccount MeanKind = "fidelityAccount"
	// MeanOvhAccount is the account's prepaid money.
	MeanOvhAccount MeanKind = "ovhAccount"
)

// PaidWith is what an order was paid with.
// API: billing.PaymentMeanEnum
type PaidWith string

// PaymentType is what a payment method is. The schema of /me/payment/method calls
// it a plain text; the values are those of the same thing elsewhere in the API.
// API: billing.paymentMethod.PaymentTypeEnum
type PaymentType string

// PaymentSubType is the brand of a card, or the delay of a deferred payment.
// API: me.payment.AvailableSubTypeEnum, payment.method.SubTypeEnum
type PaymentSubType string

// PaymentMethodStatus is where a payment method stands.
// API: me.payment.method.StatusEnum, payment.method.StatusEnum
type PaymentMethodStatus string

// MethodValid is the only status of a method that pays.
const MethodValid PaymentMethodStatus = "VALID"

// Integration is how a person registers or uses a payment method.
// API: me.payment.IntegrationEnum, payment.method.IntegrationType
type Integration string
