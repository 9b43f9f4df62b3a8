package ovhrenewtest_test

import "testing"

func TestBadOrders(t *testing.T) {
	t.Parallel()
	for flaw, want := range map[string]string{
		"all orders ever":        "ForeignOrders OwnOrders",
		"orders by number":       "ForeignOrders",
		"own orders are foreign": "OwnOrders",
		"facts are forgotten":    "ForeignOrders OwnOrders",
		"facts are not checked":  "ForeignOrders",
		"all receipts ever":      "Receipts",
		"receipts twice":         "Receipts",
		"accounts are one":       "Accounts",
	} {
		wantCaught(t, "TestBadJournal", flaw, want)
	}
}
