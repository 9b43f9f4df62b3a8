package ovhrenew

import "strings"

// The API's enumerations are open: values were added in the past, and the same
// one differs between products on the same day. Each is a text type here, with a
// constant for every value on record. A value that has none is passed through.

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
	DetailAccessory    OrderDetailType = "ACCESSORY"
	DetailCaution      OrderDetailType = "CAUTION" // a security deposit
	DetailChoosed      OrderDetailType = "CHOOSED"
	DetailConsumption  OrderDetailType = "CONSUMPTION"
	DetailCreation     OrderDetailType = "CREATION"
	DetailDelivery     OrderDetailType = "DELIVERY"
	DetailDuration     OrderDetailType = "DURATION"
	DetailGift         OrderDetailType = "GIFT"
	DetailInstallation OrderDetailType = "INSTALLATION"
	DetailLicense      OrderDetailType = "LICENSE"
	DetailMute         OrderDetailType = "MUTE"
	DetailOther        OrderDetailType = "OTHER"
	DetailOutplan      OrderDetailType = "OUTPLAN" // consumption beyond the plan
	DetailQuantity     OrderDetailType = "QUANTITY"
	DetailRefund       OrderDetailType = "REFUND"
	DetailRenew        OrderDetailType = "RENEW"
	DetailSpecial      OrderDetailType = "SPECIAL"
	DetailSwitch       OrderDetailType = "SWITCH"
	DetailTransfer     OrderDetailType = "TRANSFER"
	DetailVoucher      OrderDetailType = "VOUCHER"
)

// FollowUpStep is a step of an order.
// API: billing.order.followUp.StepEnum
type FollowUpStep string

// The steps in their order.
const (
	FollowUpStepValidating FollowUpStep = "VALIDATING"
	FollowUpStepValidated  FollowUpStep = "VALIDATED"
	FollowUpStepDelivering FollowUpStep = "DELIVERING"
	FollowUpStepAvailable  FollowUpStep = "AVAILABLE"
)

// FollowUpStatus is where a step of an order stands.
// API: billing.order.followUp.StatusEnum
type FollowUpStatus string

// A delivered order has been seen with every step at FollowUpTodo.
const (
	FollowUpTodo  FollowUpStatus = "TODO"
	FollowUpDoing FollowUpStatus = "DOING"
	FollowUpDone  FollowUpStatus = "DONE"
	FollowUpError FollowUpStatus = "ERROR"
)

// FollowUpLabel is what happened to an order.
// API: billing.order.followUp.HistoryStatusEnum
type FollowUpLabel string

// What can happen to an order.
const (
	FollowUpLabelOrderStarted               FollowUpLabel = "ORDER_STARTED"
	FollowUpLabelOrderAccepted              FollowUpLabel = "ORDER_ACCEPTED"
	FollowUpLabelPaymentInitiated           FollowUpLabel = "PAYMENT_INITIATED"
	FollowUpLabelRegisteredPaymentInitiated FollowUpLabel = "REGISTERED_PAYMENT_INITIATED"
	FollowUpLabelPaymentReceived            FollowUpLabel = "PAYMENT_RECEIVED"
	FollowUpLabelPaymentConfirmed           FollowUpLabel = "PAYMENT_CONFIRMED"
	FollowUpLabelFraudCheck                 FollowUpLabel = "FRAUD_CHECK"
	FollowUpLabelFraudDocsRequested         FollowUpLabel = "FRAUD_DOCS_REQUESTED"
	// FollowUpLabelFraudManualReview may take 48 hours, says OVHcloud's manager.
	FollowUpLabelFraudManualReview FollowUpLabel = "FRAUD_MANUAL_REVIEW"
	FollowUpLabelFraudRefused      FollowUpLabel = "FRAUD_REFUSED"
	FollowUpLabelInvoiceInProgress FollowUpLabel = "INVOICE_IN_PROGRESS"
	FollowUpLabelInvoiceSent       FollowUpLabel = "INVOICE_SENT"
	FollowUpLabelDelivery          FollowUpLabel = "DELIVERY"
)

// AssociatedType is what kind of document an order has become.
// API: billing.order.associatedObject.TypeEnum
type AssociatedType string

// A paid renewal becomes an AssociatedBill.
const (
	AssociatedBill        AssociatedType = "Bill"
	AssociatedDeposit     AssociatedType = "Deposit"
	AssociatedRefund      AssociatedType = "Refund"
	AssociatedReverseBill AssociatedType = "ReverseBill"
	AssociatedWithdrawal  AssociatedType = "Withdrawal"
)

// ItemAction is what a line of an order does to its service.
// API: billing.ItemDetail.OrderActionEnum
type ItemAction string

// What a line can do.
const (
	ItemActionConsumption  ItemAction = "consumption"
	ItemActionDetach       ItemAction = "detach"
	ItemActionInstallation ItemAction = "installation"
	ItemActionRenew        ItemAction = "renew"
	ItemActionRevert       ItemAction = "revert"
	ItemActionUpgrade      ItemAction = "upgrade"
)

// ItemType is what a line of an order is about.
// API: billing.ItemDetail.OrderDetailTypeEnum
type ItemType string

// What a line can be about.
const (
	ItemTypePlan    ItemType = "plan"
	ItemTypeProduct ItemType = "product"
)

// ServiceState is the state of a service in [ServiceInfos].
// API: service.StateEnum
type ServiceState string

// Mind StateUnpaid: in [BillingState] and [LifecycleState] it has no capital letter.
const (
	StateOK                  ServiceState = "ok"
	StateExpired             ServiceState = "expired"
	StateInCreation          ServiceState = "inCreation"
	StateUnpaid              ServiceState = "unPaid"
	StatePendingDebt         ServiceState = "pendingDebt"
	StateAutorenewInProgress ServiceState = "autorenewInProgress" // OVHcloud is about to charge it
)

// BillingState is the state of a service in [ListedService].
// API: service.BillingStateEnum
type BillingState string

// The states of a listed service.
const (
	BillingOK      BillingState = "ok"
	BillingExpired BillingState = "expired"
	BillingPending BillingState = "pending"
	BillingUnpaid  BillingState = "unpaid"
)

// RenewalType is how a service goes on at its expiry.
// API: service.RenewalTypeEnum, service.renew.Mode
type RenewalType string

// RenewalDeleteAtExpiration and RenewalDeleteAtEndEngagement are in
// [ListedRenew] only.
const (
	// RenewalManual is renewed when somebody pays an order.
	RenewalManual RenewalType = "manual"
	// RenewalOneShot is not renewed, such as a DNS zone.
	RenewalOneShot RenewalType = "oneShot"
	// RenewalOption is renewed with the service that it is an option of.
	RenewalOption         RenewalType = "option"
	RenewalAutomaticV2012 RenewalType = "automaticV2012"
	RenewalAutomaticV2014 RenewalType = "automaticV2014"
	RenewalAutomaticV2016 RenewalType = "automaticV2016"
	RenewalAutomaticV2024 RenewalType = "automaticV2024"
	// RenewalAutomaticForcedProduct cannot be made manual.
	RenewalAutomaticForcedProduct RenewalType = "automaticForcedProduct"
	RenewalDeleteAtExpiration     RenewalType = "deleteAtExpiration"
	RenewalDeleteAtEndEngagement  RenewalType = "deleteAtEndEngagement"
)

// Automatic reports whether OVHcloud renews and charges by itself. The automatic
// types are numbered by year, so one that this package does not know yet counts.
func (t RenewalType) Automatic() bool { return strings.HasPrefix(string(t), "automatic") }
