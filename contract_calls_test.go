// What each method of an API calls, against the schema's routes.

package ovhrenew_test

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/billing"
)

// contractCall calls a method of the API, with every parameter that it has.
type contractCall struct {
	method string
	routes string // what it calls, in the order of the first calls
	out    string // what it returns, of the table; "": nothing, or nothing of it
	call   func(ctx context.Context, a *ovhrenew.API, s *contractServer) (any, error)
}

// contractOffer is an offer to order.
var contractOffer = ovhrenew.Offer{
	Service: 12345, Period: "P1Y", Strategy: ovhrenew.RenewStrategy{Services: []ovhrenew.ServiceID{67890, 12345}},
}

var (
	contractFrom = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	contractTo   = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
)

// oddID is an id with everything that has to be escaped in a path.
const oddID = "a/b?c#d e%2Ff"

func contractCalls() []contractCall {
	type (
		api    = *ovhrenew.API
		server = *contractServer
		c      = context.Context
	)
	return []contractCall{
		{"ListedService", "GET /service/{serviceId}", "", func(ctx c, a api, _ server) (any, error) { return a.ListedService(ctx, 1) }},
		{"FindServices", "GET /services", "ids", func(ctx c, a api, _ server) (any, error) {
			return a.FindServices(ctx, ovhrenew.ServiceQuery{ResourceName: oddID, Routes: []string{"/vps/{serviceName}", "/domain"}})
		}},
		{"Services", "GET /services", "list", func(ctx c, a api, _ server) (any, error) {
			return gather(a.Services(ctx, ovhrenew.ServiceQuery{ResourceName: oddID}))
		}},
		{"Service", "GET /services/{serviceId}", "", func(ctx c, a api, s server) (any, error) { return a.Service(ctx, ovhrenew.ServiceID(s.id())) }},
		{"ServiceInfos", "GET /vps/{serviceName}/serviceInfos", "", func(ctx c, a api, _ server) (any, error) {
			return a.ServiceInfos(ctx, "/vps/vps112233.ovh.net")
		}},
		{"autorenew.Preview", "GET /services/{serviceId}, GET /service/{serviceId}, GET /services/{serviceId}/renewPeriodCapacities, GET /services/{serviceId}/options", "", func(ctx c, a api, s server) (any, error) {
			s.set["services.expanded.Service.parentServiceId"] = json.Number(fmt.Sprint(s.id())) // of its options
			s.set["services.expanded.Renew.Current.mode"] = "manual"
			return autorenew.Preview(ctx, a, ovhrenew.ID(ovhrenew.ServiceID(s.id())), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P1Y", KeepService: true, Options: true})
		}},
		{"autorenew.Set", "GET /services/{serviceId}, GET /service/{serviceId}, GET /services/{serviceId}/renewPeriodCapacities, PUT /services/{serviceId}", "", func(ctx c, a api, s server) (any, error) {
			s.set["services.expanded.Renew.Current.mode"] = "manual"
			return autorenew.Set(ctx, a, ovhrenew.ID(ovhrenew.ServiceID(s.id())), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P1Y", KeepService: true})
		}},
		{"autorenew.Set", "GET /services/{serviceId}, GET /service/{serviceId}, PUT /services/{serviceId}", "", func(ctx c, a api, s server) (any, error) {
			s.set["services.expanded.Renew.Current.mode"] = "automatic"
			return autorenew.Set(ctx, a, ovhrenew.ID(ovhrenew.ServiceID(s.id())), autorenew.Setting{Mode: ovhrenew.ModeManual})
		}},
		{"autorenew.Set", "GET /services/{serviceId}, GET /vps/{serviceName}/serviceInfos, PUT /vps/{serviceName}/serviceInfos", "", func(ctx c, a api, s server) (any, error) {
			// The account's list cannot set it: the product can.
			s.set["services.expanded.Renew.Capacities.mode"] = []any{}
			s.set["services.expanded.Service.parentServiceId"] = nil
			s.set["services.expanded.Route.url"] = "/vps/vps112233.ovh.net"
			s.set["services.Service.renewalType"] = "manual"
			s.set["services.Service.serviceId"] = json.Number(fmt.Sprint(s.id()))
			s.set["services.Service.possibleRenewPeriod"] = []any{json.Number("1"), json.Number("12")}
			return autorenew.Set(ctx, a, ovhrenew.ID(ovhrenew.ServiceID(s.id())), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P1Y", KeepService: true})
		}},

		{"Renewals", "GET /service/{serviceId}/renew", "service.renew.RenewDescription[]", func(ctx c, a api, _ server) (any, error) { return a.Renewals(ctx, 1, true) }},
		{"Quote", "POST /service/{serviceId}/renew", "service.renew.RenewOrder", func(ctx c, a api, _ server) (any, error) { return a.Quote(ctx, contractOffer) }},
		{"PlaceOrder", "POST /service/{serviceId}/renew", "service.renew.RenewOrder", func(ctx c, a api, _ server) (any, error) { return a.PlaceOrder(ctx, contractOffer) }},
		{"Orders", "GET /me/order", "billing.Order[]", func(ctx c, a api, _ server) (any, error) {
			return gather(a.Orders(ctx, ovhrenew.OrderQuery{From: contractFrom, To: contractTo}))
		}},
		{"FindOrders", "GET /me/order", "ids", func(ctx c, a api, _ server) (any, error) {
			return a.FindOrders(ctx, ovhrenew.OrderQuery{From: contractFrom, To: contractTo})
		}},
		{"Order", "GET /me/order/{orderId}", "billing.Order", func(ctx c, a api, s server) (any, error) {
			return a.Order(ctx, ovhrenew.OrderID(1000+numberOf("billing.Order.orderId")))
		}},
		{"OrderStatus", "GET /me/order/{orderId}/status", "billing.order.OrderStatusEnum", func(ctx c, a api, _ server) (any, error) { return a.OrderStatus(ctx, 1) }},
		{"OrderDetails", "GET /me/order/{orderId}/details", "billing.OrderDetail[]", func(ctx c, a api, _ server) (any, error) { return a.OrderDetails(ctx, 1) }},
		{"OrderPayment", "GET /me/order/{orderId}/payment", "billing.Payment", func(ctx c, a api, _ server) (any, error) { return a.OrderPayment(ctx, 1) }},

		{"PaymentMethods", "GET /me/payment/method", "me.payment.PaymentMethod[]", func(ctx c, a api, _ server) (any, error) {
			return gather(a.PaymentMethods(ctx))
		}},
		{"OrderPaymentMethods", "GET /me/order/{orderId}/paymentMethods", "billing.order.PaymentMethods", func(ctx c, a api, _ server) (any, error) {
			return a.OrderPaymentMethods(ctx, 1)
		}},
		{"OrderPaymentMeans", "GET /me/order/{orderId}/availableRegisteredPaymentMean", "", func(ctx c, a api, s server) (any, error) {
			means, err := a.OrderPaymentMeans(ctx, 1)
			want := s.value("billing.ReusablePaymentMeanEnum", "billing.order.RegisteredPaymentMean.paymentMean")
			if err == nil && (len(means) != 1 || string(means[0]) != want) {
				err = fmt.Errorf("means are %v, want %v", means, want)
			}
			return nil, err
		}},
		{"Pay", "POST /me/order/{orderId}/pay", "", func(ctx c, a api, _ server) (any, error) { return nil, a.Pay(ctx, 1, ovhrenew.Method(2)) }},
		{"Pay", "POST /me/order/{orderId}/payWithRegisteredPaymentMean", "", func(ctx c, a api, _ server) (any, error) {
			// The US schema has the newer kinds there, the others both.
			return nil, a.Pay(ctx, 1, ovhrenew.Mean{Kind: "CREDIT_CARD", ID: 1234})
		}},

		{"billing.Me", "GET /me", "nichandle.Nichandle", func(ctx c, a api, _ server) (any, error) { return billing.Me(ctx, a) }},
		{"Account", "GET /me", "", func(ctx c, a api, _ server) (any, error) { return a.Account(ctx) }},
		{"billing.Bills", "GET /me/bill", "billing.Bill[]", func(ctx c, a api, s server) (any, error) {
			query := billing.Query{From: contractFrom, To: contractTo}
			bill := s.value("billing.Bill", "").(map[string]any)
			if !s.us {
				order, _ := bill["orderId"].(json.Number).Int64()
				query.Order = ovhrenew.OrderID(order)
				query.Category = bill["category"].(string)
			}
			return gather(billing.Bills(ctx, a, query))
		}},
		{"ReadList", "GET /me/bill", "", func(ctx c, a api, s server) (any, error) {
			return gather(a.ReadList(ctx, "/me/bill", "/me/bill/{billId}"))
		}},
		{"Put", "PUT /services/{serviceId}", "", func(ctx c, a api, s server) (any, error) {
			return nil, a.Put(ctx, fmt.Sprintf("/services/%d", s.id()), map[string]string{"terminationPolicy": "empty"})
		}},
		{"Read", "GET /me/order/{orderId}/followUp", "", func(ctx c, a api, s server) (any, error) {
			var steps []struct{ Step string }
			err := a.Read(ctx, "/me/order/1/followUp", &steps)
			if want := s.value("billing.order.followUp.StepEnum", "billing.order.FollowUp.step"); err == nil && (len(steps) != 1 || steps[0].Step != want) {
				err = fmt.Errorf("steps are %v, want %v", steps, want)
			}
			return nil, err
		}},
		{"access.Current", "GET /auth/currentCredential", "api.Credential", func(ctx c, a api, _ server) (any, error) { return access.Current(ctx, a) }},
		{"Time", "GET /auth/time", "", func(ctx c, a api, _ server) (any, error) { return a.Time(ctx) }},
	}
}

// notCalls are the methods of API that call nothing.
var notCalls = []string{"Authentication", "Endpoint", "Format"}

// foreignToUS is what the library asks in the US too, although its table lacks it.
// Whether a server ignores or refuses it is not known.
var foreignToUS = map[string]string{
	"GET /me/order query date.from": "the library narrows by date itself as well",
	"GET /me/order query date.to":   "the library narrows by date itself as well",
	"GET /me/bill query category":   "sent only if asked for; documented on BillQuery",
}

// gather gathers a list.
func gather[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var values []T
	for value, err := range seq {
		if err != nil {
			return values, err
		}
		values = append(values, value)
	}
	return values, nil
}

// TestContractCalls runs every method against a server that is the table: with
// lists that expand and lists that do not, in the EU and in the US.
func TestContractCalls(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	called, requests := map[string]bool{}, 0
	foreign := map[string]bool{}
	for _, us := range []bool{false, true} {
		for _, expands := range []bool{true, false} {
			for _, call := range contractCalls() {
				s := &contractServer{sample: sample{contract: c, us: us}, expands: expands}
				result, err := call.call(t.Context(), s.api(t), s)
				name := fmt.Sprintf("%s (US %t, expanded lists %t)", call.method, us, expands)
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				for _, wrong := range s.wrong {
					t.Errorf("%s: %s", name, wrong)
				}
				checkRoutes(t, name, call, s)
				if call.out != "" && call.out != "list" && call.out != "ids" && err == nil {
					s.checkResult(t, name, call.out, result)
				}
				requests += len(s.calls)
				for _, route := range s.calls {
					called[route] = true
				}
				for _, f := range s.foreign {
					foreign[f] = true
				}
			}
		}
	}
	for _, route := range c.Routes {
		if !called[route.Call] && !strings.HasPrefix(route.Call, "GET ") { // API.Read reads any
			t.Errorf("no method calls %s", route.Call)
		}
	}
	for f := range foreign {
		if foreignToUS[f] == "" {
			t.Errorf("%s is sent, which the US do not have", f)
		}
	}
	for f := range foreignToUS {
		if !foreign[f] {
			t.Errorf("%s is excused, but not sent or known in the US", f)
		}
	}
	t.Logf("called: %d routes by %d methods in %d requests, each with its parameters checked",
		len(called), reflect.TypeFor[*ovhrenew.API]().NumMethod()-len(notCalls), requests)
}

// checkRoutes compares what was called with what should have been.
func checkRoutes(t *testing.T, name string, call contractCall, s *contractServer) {
	t.Helper()
	want := strings.Split(call.routes, ", ")
	if route := s.route(call.routes); route != nil && route.Expands && !s.expands && call.out != "ids" {
		want = append(want, s.item(call.routes).Call)
	}
	var got []string
	for _, route := range s.calls {
		if !slices.Contains(got, route) {
			got = append(got, route)
		}
	}
	if call.routes != "GET /auth/time" {
		got = slices.DeleteFunc(got, func(route string) bool { return route == "GET /auth/time" })
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s calls\n%s, want\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// checkResult compares what a method returned with what the table answered.
func (s *contractServer) checkResult(t *testing.T, name, out string, result any) {
	t.Helper()
	call := s.calls[len(s.calls)-1]
	if route := s.route(call); route != nil && s.us && strings.HasPrefix(out, route.Out) && route.USOut != "" {
		out = route.USOut + strings.TrimPrefix(out, route.Out)
	}
	if out == "billing.Bill[]" && s.us {
		out = "billing.Invoice[]"
	}
	for _, wrong := range s.compare(out, s.value(out, call), reflect.ValueOf(result), out) {
		t.Errorf("%s: %s", name, wrong)
	}
}

// TestContractMethods checks that no method of API is left out of the contract test.
func TestContractMethods(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, call := range contractCalls() {
		if !strings.Contains(call.method, ".") { // of another package
			tested[call.method] = true
		}
	}
	for _, method := range notCalls {
		tested[method] = true
	}
	for method := range reflect.TypeFor[*ovhrenew.API]().Methods() {
		if !tested[method.Name] {
			t.Errorf("API.%s is not in the contract test", method.Name)
		}
		delete(tested, method.Name)
	}
	for method := range maps.Keys(tested) {
		t.Errorf("API.%s is in the contract test, but not in the library", method)
	}
}

var (
	routeLiteral = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE) (/[^\s%]*)$`)
	destructive  = regexp.MustCompile(`(?i)terminat|delete|suspend|reopen|detach|retraction$|voucher`)
)

// TestContractDestroysNothing checks that the library has no route that the table
// lacks, and none that ends a service.
func TestContractDestroysNothing(t *testing.T) {
	t.Parallel()
	c, found := readContract(t), map[string]bool{}
	for _, file := range librarySource(t, "access", "autorenew", "billing") {
		ast.Inspect(file, func(node ast.Node) bool {
			literal, ok := node.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			match := routeLiteral.FindStringSubmatch(text)
			switch {
			case match != nil && (match[1] == "DELETE" || match[1] == "PATCH"):
				t.Errorf("the library has the route %s", text)
			case match == nil || strings.HasSuffix(text, "/"): // no route, or the beginning of one
			case destructive.MatchString(match[2]):
				t.Errorf("the library has the route %s", text)
			default:
				found[text] = true
			}
			return true
		})
	}
	for route := range found {
		if c.route(route) == nil {
			t.Errorf("the library has the route %s, which the table lacks", route)
		}
	}
	if len(found) < 20 {
		t.Errorf("found %d routes in the library's source: the search does not work", len(found))
	}
}
