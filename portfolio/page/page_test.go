package page_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// goldens are the pages that are compared to the letter.
func goldens(t *testing.T) map[string][]byte {
	return map[string][]byte{
		"plan-nothing":    planHTML(t, mustPlan(t, nil, policy("500 EUR"))),
		"plan-zero":       planHTML(t, portfolio.Plan{}),
		"plan-one":        planHTML(t, mustPlan(t, abroad()[:1], policy("500 EUR"))),
		"plan-week":       planHTML(t, mustPlan(t, week(), policy("500 EUR"))),
		"plan-currencies": planHTML(t, mustPlan(t, abroad(), policy("500 EUR", "30 USD", "100 CAD"))),
		"plan-hostile":    planHTML(t, hostilePlan()),
		"report-zero":     reportHTML(t, portfolio.Report{}),
		"report-mixed":    reportHTML(t, mixedReport(t)),
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, got := range goldens(t) {
		golden(t, name, got)
	}
}
