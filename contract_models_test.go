// What the types that answers are decoded into have of the schema's models.

package ovhrenew_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/billing"
)

// wireTypes are the Go types of the models that the API answers; the types of
// their members follow from them. A model can have several, and a type several.
func wireTypes() map[string][]reflect.Type {
	return map[string][]reflect.Type{
		"api.Credential":                      {reflect.TypeFor[access.Credential]()},
		"billing.Bill":                        {reflect.TypeFor[billing.Bill]()},
		"billing.Invoice":                     {reflect.TypeFor[billing.Bill]()},
		"billing.Order":                       {reflect.TypeFor[ovhrenew.Order]()},
		"billing.OrderDetail":                 {reflect.TypeFor[ovhrenew.OrderDetail]()},
		"billing.Payment":                     {reflect.TypeFor[ovhrenew.OrderPayment]()},
		"billing.order.PaymentMethods":        {reflect.TypeFor[ovhrenew.OrderPaymentMethods]()},
		"me.payment.PaymentMethod":            {reflect.TypeFor[ovhrenew.PaymentMethod]()},
		"nichandle.Nichandle":                 {reflect.TypeFor[billing.Account]()},
		"service.renew.RenewDescription":      {reflect.TypeFor[ovhrenew.RenewDescription]()},
		"service.renew.RenewOrder":            {reflect.TypeFor[ovhrenew.Order](), reflect.TypeFor[ovhrenew.Quote]()},
		"serviceList.Service":                 {reflect.TypeFor[ovhrenew.ListedService]()},
		"services.NonExpiringService":         {reflect.TypeFor[ovhrenew.InfosService]()},
		"services.Service":                    {reflect.TypeFor[ovhrenew.InfosService]()},
		"services.expanded.Service":           {reflect.TypeFor[ovhrenew.ExpandedService]()},
		"billing.order.RegisteredPaymentMean": nil, // decoded to its one member: see OrderPaymentMeans
	}
}

// onlyRead are the models that no Go type has: [ovhrenew.API.Read] reads them.
var onlyRead = []string{
	"billing.FidelityAccount", "billing.ItemDetail", "billing.OvhAccount", "billing.order.AssociatedObject", "billing.order.FollowUp",
	"nichandle.NicAutorenewInfos",
}

// leftOut are the fields of the models that no Go type has, and why.
var leftOut = map[string]string{
	"me.payment.PaymentMethod.icon":              "a picture",
	"me.payment.PaymentMethod.formSessionId":     "for a person's browser",
	"payment.method.PaymentMethod.icon":          "a picture",
	"payment.method.PaymentMethod.formSessionId": "for a person's browser",
	"billing.order.PaymentMethods.available":     "for a person's browser",

	"nichandle.Nichandle.address":                             "personal",
	"nichandle.Nichandle.area":                                "personal",
	"nichandle.Nichandle.birthCity":                           "personal",
	"nichandle.Nichandle.birthDay":                            "personal",
	"nichandle.Nichandle.city":                                "personal",
	"nichandle.Nichandle.companyNationalIdentificationNumber": "personal",
	"nichandle.Nichandle.complementaryAddress":                "personal",
	"nichandle.Nichandle.corporationType":                     "personal",
	"nichandle.Nichandle.customerCode":                        "personal",
	"nichandle.Nichandle.email":                               "personal",
	"nichandle.Nichandle.fax":                                 "personal",
	"nichandle.Nichandle.firstname":                           "personal",
	"nichandle.Nichandle.italianSDI":                          "personal",
	"nichandle.Nichandle.language":                            "personal",
	"nichandle.Nichandle.legalform":                           "personal",
	"nichandle.Nichandle.name":                                "personal",
	"nichandle.Nichandle.nationalIdentificationNumber":        "personal",
	"nichandle.Nichandle.organisation":                        "personal",
	"nichandle.Nichandle.phone":                               "personal",
	"nichandle.Nichandle.phoneCountry":                        "personal",
	"nichandle.Nichandle.phoneType":                           "personal",
	"nichandle.Nichandle.purposeOfPurchase":                   "personal",
	"nichandle.Nichandle.sex":                                 "personal",
	"nichandle.Nichandle.spareEmail":                          "personal",
	"nichandle.Nichandle.vat":                                 "personal",
	"nichandle.Nichandle.zip":                                 "personal",
}

// quoteLeavesOut are the fields of an order that a Quote has not: it is none.
var quoteLeavesOut = []string{"date", "expirationDate", "orderId", "password", "pdfUrl", "retractionDate", "url"}

// looseTexts are texts of the API for which the library has a type of its own.
var looseTexts = map[string]reflect.Type{
	"me.payment.PaymentMethod.paymentType":       reflect.TypeFor[string](),
	"nichandle.Currency.code":                    reflect.TypeFor[ovhrenew.Currency](),
	"payment.method.PaymentMethod.paymentType":   reflect.TypeFor[string](),
	"service.renew.RenewDescription.renewPeriod": reflect.TypeFor[ovhrenew.Period](),
}

// pair is a model with the Go type that it is decoded into.
type pair struct {
	model string
	typ   reflect.Type
}

// pairs follows the wire types down to every model that is decoded.
func (c *contract) pairs() []pair {
	var found []pair
	var visit func(model string, typ reflect.Type)
	visit = func(model string, typ reflect.Type) {
		if typ.Kind() != reflect.Struct || model == "order.Price" || slices.Contains(found, pair{model, typ}) {
			return
		}
		found = append(found, pair{model, typ})
		for name, field := range jsonMembers(typ) {
			for _, us := range []bool{false, true} {
				a := parseType(c.model(model, us)[name])
				inner := field.Type
				if a.list && inner.Kind() == reflect.Slice {
					inner = inner.Elem()
				}
				if c.Models[a.name] != nil {
					visit(a.name, inner)
				}
			}
		}
	}
	for _, model := range slices.Sorted(maps.Keys(wireTypes())) {
		for _, typ := range wireTypes()[model] {
			visit(model, typ)
		}
	}
	return found
}

// jsonMembers are the fields of a struct by their JSON name.
func jsonMembers(typ reflect.Type) map[string]reflect.StructField {
	all := map[string]reflect.StructField{}
	for i := range typ.NumField() {
		field := typ.Field(i)
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "-" && field.IsExported() {
			all[name] = field
		}
	}
	return all
}

// TestContractFields compares the fields of every wire type with those of its models.
func TestContractFields(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	for _, route := range c.Routes {
		for _, out := range []string{route.Out, route.USOut} {
			name := parseType(out).name
			if _, known := wireTypes()[name]; c.Models[name] != nil && !known && !slices.Contains(onlyRead, name) {
				t.Errorf("%s answers a %s, for which there is no Go type", route.Call, name)
			}
		}
	}
	models, fields, excused := map[string]bool{}, map[string]bool{}, map[string]bool{}
	has := map[reflect.Type]map[string]bool{} // the fields that some model of the type has
	for _, p := range c.pairs() {
		models[p.model] = true
		if has[p.typ] == nil {
			has[p.typ] = map[string]bool{}
		}
		mine := jsonMembers(p.typ)
		for _, us := range []bool{false, true} {
			for name, typ := range c.model(p.model, us) {
				key := p.model + "." + name
				field, ok := mine[name]
				has[p.typ][name] = true
				fields[key] = true
				if leftOut[key] != "" {
					excused[key] = true
				}
				// Of a service, only what is decided by is read.
				part := strings.HasPrefix(p.model, "service") && !strings.HasPrefix(p.model, "service.renew.")
				out := leftOut[key] != "" || part || p.typ == reflect.TypeFor[ovhrenew.Quote]() && slices.Contains(quoteLeavesOut, name)
				switch {
				case ok && leftOut[key] != "":
					t.Errorf("%s is in %v, but also listed as left out", key, p.typ)
				case ok:
					if why := c.compatible(key, typ, field); why != "" {
						t.Errorf("%s is a %s; %v.%s %s", key, typ, p.typ, field.Name, why)
					}
				case !out:
					t.Errorf("%s (%s) is neither in %v nor listed as left out", key, typ, p.typ)
				}
			}
		}
	}
	for typ, known := range has {
		for name, field := range jsonMembers(typ) {
			if !known[name] {
				t.Errorf("%v.%s: no model has a field %q", typ, field.Name, name)
			}
		}
	}
	for key := range leftOut {
		if !excused[key] {
			t.Errorf("%s is listed as left out, but the table does not have it", key)
		}
	}
	t.Logf("compared: %d models with %d fields (%d left out), %d Go types", len(models), len(fields), len(excused), len(has))
}

// compatible says what is wrong with a field as the Go form of a type of the API.
func (c *contract) compatible(key, typ string, field reflect.StructField) string {
	a, got := parseType(typ), field.Type
	// Names agree but for the case of their letters, so that no two are swapped.
	if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); !strings.EqualFold(name, field.Name) {
		return "is not named like " + name
	}
	if a.list {
		if got.Kind() != reflect.Slice {
			return "is no slice"
		}
		got = got.Elem()
	}
	if loose, ok := looseTexts[key]; ok && a.name == "string" {
		if got != loose {
			return "is no " + loose.String()
		}
		return ""
	}
	if want, ok := enumTypes()[a.name]; ok {
		if got != want {
			return fmt.Sprintf("is a %v, not a %v", got, want)
		}
		return ""
	}
	_, opens := c.Models[strings.TrimSuffix(key, "."+key[strings.LastIndex(key, ".")+1:])]["password"]
	secret := a.name == "string" && opens && slices.Contains([]string{"password", "url", "pdfUrl", "htmlUrl"}, key[strings.LastIndex(key, ".")+1:])
	switch {
	case secret && got != reflect.TypeFor[ovhrenew.Secret]():
		return "opens an order or a bill, but is no Secret"
	case secret:
		return ""
	case a.name == "boolean" && got == reflect.TypeFor[*bool]() && (a.nullable || key == "service.RenewType.automatic"):
		return ""
	case a.name == "datetime" && got == reflect.TypeFor[ovhrenew.Date](): // a day, as it is written
		return ""
	}
	want := map[string]string{
		"boolean": "bool", "date": "ovhrenew.Date", "datetime": "ovhrenew.Timestamp", "duration": "ovhrenew.Period",
		"string": "string", "order.Price": "ovhrenew.Money",
	}[a.name]
	switch {
	case a.name == "long" && got.Kind() != reflect.Int64:
		return "is no int64"
	case c.Models[a.name] != nil && a.name != "order.Price" && got.Kind() != reflect.Struct:
		return "is no struct"
	case want != "" && got.String() != want:
		return fmt.Sprintf("is a %v, not a %s", got, want)
	}
	return ""
}

// compare says where a Go value is not what was sent as a value of typ.
func (s sample) compare(typ string, sent any, got reflect.Value, where string) []string {
	a := parseType(typ)
	differ := func(ok bool) []string {
		if ok {
			return nil
		}
		return []string{fmt.Sprintf("%s is %v, was sent as %v", where, got, sent)}
	}
	if got.Kind() == reflect.Pointer {
		if got.IsNil() {
			return differ(false)
		}
		got = got.Elem()
	}
	if a.list {
		list := sent.([]any)
		if got.Kind() != reflect.Slice || got.Len() != len(list) {
			return differ(false)
		}
		var faults []string
		for i, element := range list {
			faults = append(faults, s.compare(a.element(), element, got.Index(i), fmt.Sprintf("%s[%d]", where, i))...)
		}
		return faults
	}
	switch value := got.Interface().(type) {
	case ovhrenew.Money:
		price := sent.(map[string]any)
		return differ(fmt.Sprint(value.Ucents()) == fmt.Sprint(price["priceInUcents"]) && string(value.Currency()) == price["currencyCode"])
	case ovhrenew.Secret:
		return differ(value.Reveal() == sent)
	case ovhrenew.Date:
		day, _, _ := strings.Cut(sent.(string), "T")
		return differ(value.String() == day)
	case ovhrenew.Timestamp:
		return differ(value.Format(time.RFC3339) == sent)
	}
	switch got.Kind() {
	case reflect.Struct:
		if s.model(a.name, s.us) == nil {
			return differ(false)
		}
		var faults []string
		for name, field := range jsonMembers(got.Type()) {
			if inner, ok := s.model(a.name, s.us)[name]; ok {
				faults = append(faults, s.compare(inner, sent.(map[string]any)[name], got.FieldByIndex(field.Index), where+"."+name)...)
			}
		}
		return faults
	case reflect.Int64:
		return differ(fmt.Sprint(got.Int()) == fmt.Sprint(sent))
	case reflect.Bool:
		return differ(got.Bool() == sent)
	}
	return differ(got.Kind() == reflect.String && got.String() == sent)
}
