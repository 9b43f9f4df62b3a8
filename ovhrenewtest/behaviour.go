package ovhrenewtest

import "time"

// Behaviour says how the server answers where what OVHcloud does is not known, or
// differs from day to day. Its zero value has the likeliest answer to each.
type Behaviour struct {
	Currency     string // of every price; EUR if empty
	CurrencyText string // after the number in a price's text; if empty, € for EUR, else the code
	FloatNoise   bool   // writes prices as floats do: 37.870000000000005
	TaxPercent   string // put on every order, such as "5.5"; "20" if empty

	DryRun        DryRunFields  // what stands in the order fields of a dry run's answer
	DryRunDefault bool          // what a missing dryRun means; the zero value places an order
	SecondOrder   SecondOrder   // how an order for a service is answered that has an open one
	OrderValidity time.Duration // the time in which an order can be paid; 7 days if zero
	LapsedStatus  string        // of an unpaid order after that time: cancelled if empty, or notPaid
	LapsedPayable bool          // lets such an order be paid nevertheless
	// ListLag is how long after it was placed an order shows in the list of orders,
	// as an id and in pages, whether or not the client accepts a cached list.
	ListLag time.Duration
	// ListShuffle lets each order show at a time of its own between 0 and ListLag,
	// which follows from its id: a later order may show before an earlier one.
	ListShuffle bool
	WholeList   bool          // lists every order whatever dates are asked for, as the US region does
	FallingIDs  bool          // gives each order a smaller id than the one before
	OrderLag    time.Duration // how long after it was placed an order's own routes answer 404
	// DateSkew is added to an order's date in every second answer that tells it.
	// The answer to the call that placed the order tells the true one.
	DateSkew     time.Duration
	CheckFirst   time.Duration // for how long a new order is checking, and cannot be paid
	DetailsDelay time.Duration // for how long a new order has no details
	DetailDomain string        // every detail's domain, such as "*"; the name of the service if empty
	DetailType   string        // every detail's detailType; DURATION if empty

	// PayOnOrder pays an order from the prepaid money when it is placed, if there is
	// enough. It shows after StatusLag, like any payment.
	PayOnOrder bool
	StatusLag  time.Duration // how long an order shows notPaid after its payment was accepted
	// DeliveryDelay is the time an order then takes: checking for the first half
	// of it, delivering for the second.
	DeliveryDelay time.Duration
	AfterPay      string // where a paid order stops, such as documentsRequested, and is not delivered
	// CancelAfterPay is how long after its payment an order turns to cancelled
	// instead of being delivered; never if zero. No expiry moves, and no money comes
	// back.
	CancelAfterPay        time.Duration
	CancelledKeepsPayment bool          // keeps the payment of such an order readable
	PaymentUndated        bool          // leaves the date of payments null
	ExpiryLag             time.Duration // for how long a delivered order's services show the old expiry
	ChargeTwice           bool          // takes the money again when an order is paid again; else that is refused
	// PaidForbidden refuses the payment of a paid order with 403, as one that cannot be
	// paid so, and not with 400.
	PaidForbidden        bool
	DefaultRefused       bool // refuses the default payment method for every order
	RefusedListed        bool // lists a method as usable for an order though paying with it is refused
	PaymentMethodIDsOnly bool // leaves the objects out of an order's paymentMethods

	Expired Expired460 // which routes answer 460 for an expired service
	// OffersRefused is the status, 400 or 403, with which GET /service/{serviceId}/renew
	// refuses children, and services that are paid once, whose renewalType is oneShot.
	// If zero, it answers what was offered, usually nothing.
	OffersRefused int
	NoRenewRoute  bool     // a region without /service/{serviceId}/renew
	Absent        []string // more routes that the region lacks, such as "GET /me/ovhAccount"

	IgnoreExpand bool  // answers lists of ids where expanded pages were asked for
	MaxPageSize  int   // the largest page that the server gives; no limit if zero
	NoElements   bool  // leaves out X-Pagination-Elements
	Nulls        Nulls // puts null elements into expanded pages
	// StaleCache is how old lists may be that are read without Pragma: no-cache.
	// Orders, bills and expiries that are younger do not show in them.
	StaleCache time.Duration
	// StalePages takes expanded pages from that cache even with Pragma: no-cache.
	// Lists of ids and single objects are as fresh as without it.
	StalePages bool

	RateLimit  int           // how many requests a minute are answered, others get 429; all if zero
	RetryAfter RetryAfter    // the header that comes with a 429
	Latency    time.Duration // how long each answer takes
	ChaosDelay time.Duration // the longest that [Server.Chaos] holds a request or its effect; 10 minutes if zero

	// ErrorClass refuses a credential with a class, as other errors, which has been seen
	// since 2024, and not with the errorCode and httpCode that were seen until 2019.
	ErrorClass  bool
	AccessToken string // accepted as a bearer token, if it is not empty
	// ClientID and ClientSecret get that token from [Server.TokenURL].
	ClientID, ClientSecret string
}

// DryRunFields is what a dry run answers where an order has its id, its dates, its
// password and its links.
type DryRunFields int

// What a dry run can answer.
const (
	DryRunNull   DryRunFields = iota // null
	DryRunZero                       // 0 for the id, empty texts, null dates
	DryRunFilled                     // plausible values, of an order that does not exist
	DryRunAbsent                     // no such fields
)

// SecondOrder is how an order for a service is answered that has an open one.
type SecondOrder int

// How a second order can be answered.
const (
	SecondOrderNew     SecondOrder = iota // with a new order
	SecondOrderRefused                    // 409
	SecondOrderSame                       // with the open order, whatever its period
)

// Expired460 is where an expired service answers 460.
type Expired460 int

// Where an expired service can answer 460.
const (
	ExpiredProduct    Expired460 = iota // under its product's route, such as serviceInfos
	ExpiredNowhere                      // nowhere
	ExpiredEverywhere                   // also under /service and /services
)

// Nulls is how null elements come into expanded pages.
type Nulls int

// How null elements can come into expanded pages.
const (
	NullsNone    Nulls = iota
	NullsBetween       // an extra null after every third element
	NullsInstead       // every third element is null in place of its object
)

// RetryAfter is how a 429 says when to come back.
type RetryAfter int

// How a 429 can say when to come back.
const (
	RetryAfterNone    RetryAfter = iota
	RetryAfterSeconds            // Retry-After: 60
	RetryAfterDate               // Retry-After: Wed, 21 Oct 2026 07:28:00 GMT
)
