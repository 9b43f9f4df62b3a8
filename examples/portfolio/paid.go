package main

import (
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// unpaid are the items of a plan that may still cost something: all but those that the
// journal knows to be paid. Apply pays none of these again, so nobody has to be asked.
func unpaid(journal ovhrenew.Journal, plan *ovhrenew.Plan) []ovhrenew.PlanItem {
	return slices.DeleteFunc(slices.Clone(plan.Items), func(item ovhrenew.PlanItem) bool { return paid(journal, item) })
}

func paid(journal ovhrenew.Journal, item ovhrenew.PlanItem) bool {
	ledger, err := journal.Open(item.ServiceIDs()...)
	if err != nil {
		return false // Apply will say so
	}
	defer ledger.Close()
	ours, last := map[string]bool{}, map[string]ovhrenew.Event{}
	for _, record := range ledger.Records() {
		last[record.Renewal] = record.Event
		if record.Intent != nil {
			ours[record.Renewal] = isOf(*record.Intent, item)
		}
	}
	for renewal, event := range last {
		if ours[renewal] && (event == ovhrenew.EventPaid || event == ovhrenew.EventRenewed) {
			return true
		}
	}
	return false
}

// isOf reports whether an order was to renew exactly what an item does.
func isOf(order ovhrenew.OrderIntent, item ovhrenew.PlanItem) bool {
	if !slices.Equal(order.Services, item.ServiceIDs()) || !order.Offer.Period.Equal(item.Period) {
		return false
	}
	return !slices.ContainsFunc(item.Services, func(s ovhrenew.PlannedService) bool { return order.Expiries[s.ID] != s.Expiry })
}
