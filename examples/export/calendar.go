package main

import (
	"fmt"

	ics "github.com/arran4/golang-ical"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// calendar has a day for each expiry, and one for each renewal that is planned. The
// ids of its events stay the same from one export to the next, so that a calendar
// program replaces them.
func calendar(services []portfolio.Surveyed, plan *portfolio.Plan, today ovhrenew.Date) *ics.Calendar {
	cal := ics.NewCalendarFor("ovhrenew")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName("OVHcloud renewals")
	for _, service := range services {
		ends := service.Ends()
		if ends.IsZero() || service.Parent != 0 {
			continue
		}
		what := "expires"
		if service.Mode == ovhrenew.ModeAutomatic {
			what = "renews by itself"
		}
		event := onDay(cal, fmt.Sprintf("expiry-%d@ovhrenew", service.ID), ends, today)
		event.SetSummary(fmt.Sprintf("%s %s", service.Name, what))
		event.SetDescription(fmt.Sprintf("%s, service %d, mode %s", service.Product, service.ID, service.Mode))
	}
	for _, item := range plan.Items {
		event := onDay(cal, fmt.Sprintf("renewal-%d@ovhrenew", item.Via), today, today)
		event.SetSummary(fmt.Sprintf("renew %s for %s", item.Services[0].Name, item.Period))
		text := fmt.Sprintf("at most %s, tax included", item.Limit)
		for _, service := range item.Services {
			text += fmt.Sprintf("\n%s: %s -> %s", service.Name, service.Expiry, service.NewExpiry)
		}
		event.SetDescription(text)
	}
	return cal
}

func onDay(cal *ics.Calendar, id string, day, today ovhrenew.Date) *ics.VEvent {
	event := cal.AddEvent(id)
	event.SetDtStampTime(today.Time())
	event.SetAllDayStartAt(day.Time())
	event.SetAllDayEndAt(day.AddDays(1).Time())
	event.SetTimeTransparency(ics.TransparencyTransparent)
	return event
}
