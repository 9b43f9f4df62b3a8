// What a Service keeps of the recorded answers about it.

package recorded_test

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/ovhrenew/ovhrenew"
)

// Where the answers about a service have what a Service has.
var (
	fromServices = map[string]string{
		"Parent": "parentServiceId", "Name": "resource.name", "DisplayName": "resource.displayName",
		"Product": "resource.product.name", "Plan": "billing.plan.code", "Route": "route.url", "RouteTemplate": "route.path",
		"Tags": "tags", "Created": "billing.lifecycle.current.creationDate", "Expiry": "billing.expirationDate",
		"Mode": "billing.renew.current.mode", "NextDate": "billing.renew.current.nextDate", "Period": "billing.renew.current.period",
		"Price": "billing.pricing.price", "State": "resource.state", "Lifecycle": "billing.lifecycle.current.state",
		"PendingActions": "billing.lifecycle.current.pendingActions",
	}
	fromService = map[string]string{
		"Name": "resource.name", "DisplayName": "resource.displayName", "Product": "plan.product.name", "Plan": "plan.code",
		"Route": "route.url", "RouteTemplate": "route.path", "Created": "creationDate", "Expiry": "expirationDate",
		"NextDate": "nextBillingDate", "Period": "renew.interval", "State": "resource.state", "Billing": "state", "Type": "renew.mode",
	}
	fromInfos = map[string]string{
		"ID": "serviceId", "Name": "domain", "Created": "creation", "Expiry": "expiration", "Billing": "status",
		"Type": "renewalType", "Automatic": "renew.automatic", "ManualPayment": "renew.manualPayment", "Period": "renew.period",
	}
)

// lostOfService compares a Service, field by field, with the answer that it is of.
func lostOfService(service ovhrenew.Service, answered any, fields map[string]string) []string {
	var differences []string
	value := reflect.ValueOf(service)
	for i := range value.NumField() {
		name := value.Type().Field(i).Name
		path, ok := fields[name]
		if !ok {
			continue
		}
		want := at(answered, path)
		if name == "NextDate" && want == nil {
			want = at(answered, "billing.nextBillingDate")
		}
		if name == "NextDate" && want == nil {
			want = at(answered, "nextBillingDate")
		}
		if !sameField(value.Field(i), want) {
			differences = append(differences, fmt.Sprintf("%s: read %v, answered %v at %s", name, value.Field(i), want, path))
		}
	}
	if at(answered, "renew.deleteAtExpiration") == true && len(service.PendingActions) == 0 {
		differences = append(differences, "PendingActions: renew.deleteAtExpiration is lost")
	}
	return differences
}

func sameField(field reflect.Value, want any) bool {
	switch read := field.Interface().(type) {
	case ovhrenew.Date:
		return sameDay(read, want)
	case ovhrenew.Money:
		text, _ := read.MarshalText()
		return same(string(text), want)
	case ovhrenew.Period:
		if months, ok := want.(json.Number); ok { // months, in serviceInfos
			n, known := read.Months()
			return known && fmt.Sprint(n) == months.String()
		}
	case *bool:
		if read == nil || want == nil {
			return read == nil && want == nil
		}
		return *read == want
	}
	switch field.Kind() {
	case reflect.Int64:
		return same(json.Number(fmt.Sprint(field.Int())), want)
	case reflect.String:
		return same(field.String(), want)
	case reflect.Slice:
		elements, _ := want.([]any)
		if field.Len() != len(elements) {
			return false
		}
		for i := range elements {
			if field.Index(i).String() != elements[i] {
				return false
			}
		}
		return true
	}
	return false
}
