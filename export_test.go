package ovhrenew

// What the API answers of services, for the contract tests.
type (
	ExpandedService = expandedService
	ListedService   = listedService
	InfosService    = infosService
	ServicePricing  = servicePricing
)

// PeriodOfMonths and Automatic are for the tests of periods and types.
var PeriodOfMonths = periodOfMonths

func (t RenewalType) Automatic() bool { return t.automatic() }

// RenewalMode is for the table of mode_test.go.
var RenewalMode = renewalMode
