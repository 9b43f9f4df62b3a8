package ovhrenew

// ResourceState is the state of the thing behind a service: [Resource] and
// [ServiceResource] have a list of values each.
// API: service.ResourceStateEnum, services.expanded.Resource.StateEnum
type ResourceState string

// What is well is ResourceOK in [Resource] and ResourceActive in [ServiceResource].
const (
	ResourceOK         ResourceState = "ok"
	ResourceActive     ResourceState = "active"
	ResourceToOpen     ResourceState = "toOpen"
	ResourceOpening    ResourceState = "opening"
	ResourceToActivate ResourceState = "toActivate"
	ResourceToSuspend  ResourceState = "toSuspend"
	ResourceSuspending ResourceState = "suspending"
	ResourceSuspended  ResourceState = "suspended"
	ResourceToDelete   ResourceState = "toDelete"
	ResourceDeleting   ResourceState = "deleting"
	ResourceDeleted    ResourceState = "deleted"
)

// LifecycleState is the state of a service in [ServiceLifecycle].
// API: services.expanded.Lifecycle.StateEnum
type LifecycleState string

// The states of a service's life.
const (
	LifecycleActive     LifecycleState = "active"
	LifecycleError      LifecycleState = "error"
	LifecycleInCreation LifecycleState = "inCreation"
	// LifecycleRupture has no description. It is taken for a contract that was broken off.
	LifecycleRupture    LifecycleState = "rupture"
	LifecycleTerminated LifecycleState = "terminated"
	LifecycleToRenew    LifecycleState = "toRenew"
	LifecycleUnpaid     LifecycleState = "unpaid"
	LifecycleUnrenewed  LifecycleState = "unrenewed"
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

// TerminationPolicy is when a service is planned to end.
// API: services.expanded.terminationPolicyEnum
type TerminationPolicy string

// The policies.
const (
	TerminationEmpty            TerminationPolicy = "empty" // takes back a planned end
	TerminationAtEngagementDate TerminationPolicy = "terminateAtEngagementDate"
	TerminationAtExpirationDate TerminationPolicy = "terminateAtExpirationDate"
)

// ContactType is an account's role for a service.
// API: services.expanded.Customer.Contact.TypeEnum
type ContactType string

// The roles. The billing contact is who pays an automatic renewal.
const (
	ContactAdministrator ContactType = "administrator"
	ContactBilling       ContactType = "billing"
	ContactTechnical     ContactType = "technical"
)

// ResellingProvider is for which OVHcloud a service is resold.
// API: services.expanded.ResellingProviderEnum
type ResellingProvider string

// The providers.
const (
	ResellingCA ResellingProvider = "ovh.ca"
	ResellingEU ResellingProvider = "ovh.eu"
)

// EngagementEnd is what becomes of a service when its commitment ends.
// API: services.billing.engagement.EndStrategyEnum
type EngagementEnd string

// What can become of it.
const (
	EngagementCancelService        EngagementEnd = "CANCEL_SERVICE"
	EngagementReactivate           EngagementEnd = "REACTIVATE_ENGAGEMENT"
	EngagementFallbackDefaultPrice EngagementEnd = "STOP_ENGAGEMENT_FALLBACK_DEFAULT_PRICE"
	EngagementKeepPrice            EngagementEnd = "STOP_ENGAGEMENT_KEEP_PRICE"
)

// EngagementType is how a commitment is paid.
// API: services.billing.engagement.TypeEnum
type EngagementType string

// The types.
const (
	EngagementPeriodic EngagementType = "periodic"
	EngagementUpfront  EngagementType = "upfront"
)

// PricingCapacity is what a price can be used for.
// API: order.cart.GenericProductPricingCapacitiesEnum
type PricingCapacity string

// What a price can be used for.
const (
	CapacityConsumption  PricingCapacity = "consumption"
	CapacityDetach       PricingCapacity = "detach"
	CapacityDowngrade    PricingCapacity = "downgrade"
	CapacityDynamic      PricingCapacity = "dynamic"
	CapacityInstallation PricingCapacity = "installation"
	CapacityRenew        PricingCapacity = "renew"
	CapacityUpgrade      PricingCapacity = "upgrade"
)

// PricingType is what a price buys.
// API: order.cart.GenericProductPricingTypeEnum
type PricingType string

// What a price can buy.
const (
	PricingConsumption PricingType = "consumption"
	PricingPurchase    PricingType = "purchase"
	PricingRental      PricingType = "rental"
)
