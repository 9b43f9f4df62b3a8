// What tests of the package from outside need of its inside.

package ovhrenew

// What the API answers of services, for the contract tests.
type (
	ExpandedService = expandedService
	ListedService   = listedService
	InfosService    = infosService
	ServicePricing  = servicePricing
)

// PeriodOfMonths is for the test of periods.
var PeriodOfMonths = periodOfMonths

// KnownValues are the values of enumerations by which guards decide.
var KnownValues = map[string]map[string]string{
	"type": renewalTypes, "lifecycle": lifecycleStates, "billing": billingStates, "action": pendingActions, "state": resourceStates,
	"method": {methodValid: ""},
	"line": {
		detailCaution: "", detailCreation: "", detailGift: "", detailInstallation: "", detailRefund: "", detailTransfer: "", detailVoucher: "",
	},
}

// RenewalMode is for the table of mode_test.go.
var RenewalMode = renewalMode
