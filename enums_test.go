package ovhrenew_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// enumTypes are the Go types of the enumerations.
func enumTypes() map[string]reflect.Type {
	return map[string]reflect.Type{
		"auth.CredentialStateEnum":                reflect.TypeFor[string](),
		"billing.CategoryEnum":                    reflect.TypeFor[string](),
		"billing.EInvoicingStatusEnum":            reflect.TypeFor[string](),
		"billing.PaymentMeanEnum":                 reflect.TypeFor[string](),
		"billing.ReusablePaymentMeanEnum":         reflect.TypeFor[ovhrenew.MeanKind](),
		"billing.order.OrderStatusEnum":           reflect.TypeFor[ovhrenew.OrderStatus](),
		"billing.paymentMethod.PaymentTypeEnum":   reflect.TypeFor[string](),
		"me.payment.AvailableSubTypeEnum":         reflect.TypeFor[string](),
		"me.payment.IntegrationEnum":              reflect.TypeFor[string](),
		"me.payment.method.StatusEnum":            reflect.TypeFor[string](),
		"nichandle.OvhCompanyEnum":                reflect.TypeFor[string](),
		"nichandle.OvhSubsidiaryEnum":             reflect.TypeFor[string](),
		"nichandle.StateEnum":                     reflect.TypeFor[string](),
		"order.CurrencyCodeEnum":                  reflect.TypeFor[ovhrenew.Currency](),
		"order.OrderDetailTypeEnum":               reflect.TypeFor[string](),
		"payment.method.IntegrationType":          reflect.TypeFor[string](),
		"payment.method.StatusEnum":               reflect.TypeFor[string](),
		"payment.method.SubTypeEnum":              reflect.TypeFor[string](),
		"service.BillingStateEnum":                reflect.TypeFor[string](),
		"service.RenewalTypeEnum":                 reflect.TypeFor[ovhrenew.RenewalType](),
		"service.ResourceStateEnum":               reflect.TypeFor[string](),
		"service.StateEnum":                       reflect.TypeFor[string](),
		"service.renew.Interval":                  reflect.TypeFor[ovhrenew.Period](),
		"service.renew.Mode":                      reflect.TypeFor[ovhrenew.RenewalType](),
		"services.expanded.Lifecycle.ActionEnum":  reflect.TypeFor[string](),
		"services.expanded.Lifecycle.StateEnum":   reflect.TypeFor[string](),
		"services.expanded.Renew.ModeEnum":        reflect.TypeFor[ovhrenew.RenewMode](),
		"services.expanded.Resource.StateEnum":    reflect.TypeFor[string](),
		"services.expanded.terminationPolicyEnum": reflect.TypeFor[string](),

		// Texts, for lists that are not the API's own.
		"http.MethodEnum":       reflect.TypeFor[string](),
		"nichandle.CountryEnum": reflect.TypeFor[string](),
	}
}

// knownEnums are the enumerations of the values by which guards decide. All values of the
// former are known, and of the latter those that decide.
var (
	knownEnums = map[string][]string{
		"action":    {"services.expanded.Lifecycle.ActionEnum"},
		"billing":   {"service.BillingStateEnum", "service.StateEnum"},
		"lifecycle": {"services.expanded.Lifecycle.StateEnum"},
		"state":     {"service.ResourceStateEnum", "services.expanded.Resource.StateEnum"},
		"type":      {"service.RenewalTypeEnum", "service.renew.Mode"},
	}
	decidingEnums = map[string][]string{
		"method": {"me.payment.method.StatusEnum", "payment.method.StatusEnum"},
		"line":   {"order.OrderDetailTypeEnum"},
	}
)

// leftOutEnums are only those of fields that are left out.
var leftOutEnums = []string{
	"billing.ItemDetail.OrderActionEnum", "billing.ItemDetail.OrderDetailTypeEnum", "billing.order.associatedObject.TypeEnum",
	"billing.order.followUp.HistoryStatusEnum", "billing.order.followUp.StatusEnum", "billing.order.followUp.StepEnum",
	"nichandle.GenderEnum", "nichandle.LanguageEnum", "nichandle.LegalFormEnum", "nichandle.PhoneTypeEnum",
	"order.cart.GenericProductPricingCapacitiesEnum",
	"order.cart.GenericProductPricingTypeEnum",
	"services.billing.engagement.EndStrategyEnum",
	"services.billing.engagement.TypeEnum",
	"services.expanded.Customer.Contact.TypeEnum",
	"services.expanded.ResellingProviderEnum",
	"payment.method.IntegrationTypeEnum",
}

// librarySource is the package's own source.
func librarySource(t *testing.T, further ...string) []*ast.File {
	t.Helper()
	var names []string
	for _, dir := range append([]string{"."}, further...) {
		in, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(in) == 0 {
			t.Fatalf("%s: no source: %v", dir, err)
		}
		names = append(names, in...)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if len(files) < 10 {
		t.Fatalf("found the library's source in %d files only", len(files))
	}
	return files
}

// textConstants are the text constants of the library by type.
func textConstants(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, file := range librarySource(t) {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				value := spec.(*ast.ValueSpec)
				typ, ok := value.Type.(*ast.Ident)
				if !ok || len(value.Values) != 1 {
					continue
				}
				literal, ok := value.Values[0].(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					continue
				}
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				all[typ.Name] = append(all[typ.Name], text)
			}
		}
	}
	return all
}

// TestContractEnums checks that the schema knows each value that has a constant, and
// that all values pass through.
func TestContractEnums(t *testing.T) {
	t.Parallel()
	c, declared := readContract(t), textConstants(t)
	values := map[reflect.Type][]string{}
	checked := 0
	for name, enum := range c.Enums {
		typ, ok := enumTypes()[name]
		switch {
		case !ok && !slices.Contains(leftOutEnums, name):
			t.Errorf("%s has no Go type and is not listed as left out", name)
		case ok:
			values[typ] = append(values[typ], enum...)
			checked += len(enum)
		}
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(enumTypes())), leftOutEnums) {
		if c.Enums[name] == nil {
			t.Errorf("the table has no %s", name)
		}
	}
	for name, known := range ovhrenew.KnownValues {
		schema := map[string]bool{}
		for _, enum := range slices.Concat(knownEnums[name], decidingEnums[name]) {
			for _, value := range c.Enums[enum] {
				if schema[value] = true; decidingEnums[name] == nil && !has(known, value) {
					t.Errorf("%s has %q, and the guards do not know it", enum, value)
				}
			}
		}
		for value := range known {
			if !schema[value] && value != "" {
				t.Errorf("the guards know the %s %q, which the table does not have", name, value)
			}
		}
	}
	delete(values, reflect.TypeFor[string]())
	for typ, enum := range values {
		for _, value := range declared[typ.Name()] {
			if !slices.Contains(enum, value) {
				t.Errorf("%s has a constant for %q, which the table does not have", typ.Name(), value)
			}
		}
		for _, value := range append(enum, "of tomorrow") {
			got := decodeInto(t, typ, value)
			back, err := json.Marshal(got.Interface())
			if got.String() != value || err != nil || string(back) != strconv.Quote(value) {
				t.Errorf("%s: %q is read as %q and written as %s (%v)", typ.Name(), value, got.String(), back, err)
			}
		}
	}
	t.Logf("enumerations: %d with %d values, %d Go types, %d more left out with the fields that have them",
		len(enumTypes()), checked, len(values), len(leftOutEnums))
}

func has(values map[string]string, value string) bool {
	_, ok := values[value]
	return ok
}

func readGuide(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "guide", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
