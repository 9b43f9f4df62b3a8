// Each recorded answer, read by the method of its route.

package recorded_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// replay is one recorded answer on its way through the library.
type replay struct {
	t        *testing.T
	record   record
	answered any
}

// asked is the id that the answer is about, 1 if it says none.
func (r replay) asked(member string) int64 {
	number, ok := at(r.answered, member).(json.Number)
	if !ok {
		return 1
	}
	id, err := number.Int64()
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// client answers route with the record, and further routes with these texts.
func (r replay) client(route string, more ...string) *ovhrenew.API {
	answers := map[string]record{route: r.record}
	for i := 0; i+1 < len(more); i += 2 {
		answers[more[i]] = record{Status: 200, Body: json.RawMessage(more[i+1])}
	}
	client, _ := answering(r.t, answers)
	return client
}

// as is what the library decoded, as generic JSON, and its secrets revealed.
func (r replay) as(value any, secrets map[string]ovhrenew.Secret) any {
	data, err := json.Marshal(value)
	if err != nil {
		r.t.Fatal(err)
	}
	read := generic(r.t, data)
	for name, secret := range secrets {
		read.(map[string]any)[name] = secret.Reveal()
	}
	return read
}

func (r replay) compare(value any, secrets map[string]ovhrenew.Secret, leftOut ...string) []string {
	return lost("answer", r.as(value, secrets), r.answered, leftOut...)
}

// The methods of the library by the route that they read. Each returns what it lost.
var methods = map[string]func(r replay) ([]string, error){
	"GET /services": func(r replay) ([]string, error) {
		ids, err := r.client("GET /services").FindServices(r.t.Context(), ovhrenew.ServiceQuery{})
		return r.compare(ids, nil), err
	},
	"GET /services/{serviceId}": func(r replay) ([]string, error) {
		id := ovhrenew.ServiceID(r.asked("serviceId"))
		service, err := r.client("GET /services/"+id.String()).Service(r.t.Context(), id)
		differences := lostOfService(service, r.answered, fromServices)
		if err == nil && service.ID != id {
			differences = append(differences, "the id")
		}
		return differences, err
	},
	"GET /service/{serviceId}": func(r replay) ([]string, error) {
		service, err := r.client("GET /service/1").ListedService(r.t.Context(), 1)
		return lostOfService(service, r.answered, fromService), err
	},
	"GET /service/{serviceId}/renew": func(r replay) ([]string, error) {
		offers, err := r.client("GET /service/1/renew").Renewals(r.t.Context(), 1, false)
		return r.compare(offers, nil), err
	},
	"POST /service/{serviceId}/renew": func(r replay) ([]string, error) {
		order, err := r.client("POST /service/1/renew").PlaceOrder(r.t.Context(), offer)
		return r.compare(order, secretsOf(order)), err
	},
	"POST /service/{serviceId}/renew dryRun": func(r replay) ([]string, error) {
		quote, err := r.client("POST /service/1/renew").Quote(r.t.Context(), offer)
		// An order that is not made has nothing but its prices.
		return r.compare(quote, nil, "orderId", "date", "expirationDate", "retractionDate", "password", "url", "pdfUrl"), err
	},
	"GET /me/order": func(r replay) ([]string, error) {
		const id = 900000004
		client := r.client("GET /me/order", fmt.Sprintf("GET /me/order/%d", id), fmt.Sprintf(`{"orderId":%d}`, id))
		var ids []ovhrenew.OrderID
		for order, err := range client.Orders(r.t.Context(), ovhrenew.OrderQuery{}) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, order.OrderID)
		}
		return r.compare(ids, nil), nil
	},
	"GET /me/order/{orderId}": func(r replay) ([]string, error) {
		id := ovhrenew.OrderID(r.asked("orderId"))
		order, err := r.client("GET /me/order/"+id.String()).Order(r.t.Context(), id)
		return r.compare(order, secretsOf(order)), err
	},
	"GET /me/order/{orderId}/status": func(r replay) ([]string, error) {
		status, err := r.client("GET /me/order/1/status").OrderStatus(r.t.Context(), 1)
		return r.compare(status, nil), err
	},
	"GET /me/order/{orderId}/details": func(r replay) ([]string, error) {
		lines, err := r.client("GET /me/order/1/details").OrderDetails(r.t.Context(), 1)
		return r.compare(lines, nil), err
	},
	"GET /me/order/{orderId}/details/{id}": func(r replay) ([]string, error) {
		id := r.asked("orderDetailId")
		client := r.client(fmt.Sprintf("GET /me/order/1/details/%d", id), "GET /me/order/1/details", fmt.Sprintf("[%d]", id))
		lines, err := client.OrderDetails(r.t.Context(), 1)
		if err != nil || len(lines) != 1 {
			return []string{fmt.Sprintf("%d lines", len(lines))}, err
		}
		return r.compare(lines[0], nil), nil
	},
	"GET …/availableRegisteredPaymentMean": func(r replay) ([]string, error) {
		kinds, err := r.client("GET /me/order/1/availableRegisteredPaymentMean").OrderPaymentMeans(r.t.Context(), 1)
		var want []ovhrenew.MeanKind
		means, _ := r.answered.([]any)
		for _, mean := range means {
			if kind, ok := at(mean, "paymentMean").(string); ok {
				want = append(want, ovhrenew.MeanKind(kind))
			}
		}
		if !slices.Equal(kinds, want) {
			return []string{fmt.Sprintf("read %q, answered %q", kinds, want)}, err
		}
		return nil, err
	},
	"GET /me/payment/method": func(r replay) ([]string, error) {
		const id = 900000010
		client := r.client("GET /me/payment/method", fmt.Sprintf("GET /me/payment/method/%d", id), fmt.Sprintf(`{"paymentMethodId":%d}`, id))
		var ids []ovhrenew.Method
		for method, err := range client.PaymentMethods(r.t.Context()) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, method.PaymentMethodID)
		}
		return r.compare(ids, nil), nil
	},
	"GET /me/payment/method/{id}": func(r replay) ([]string, error) {
		id := r.asked("paymentMethodId")
		client := r.client(fmt.Sprintf("GET /me/payment/method/%d", id), "GET /me/payment/method", fmt.Sprintf("[%d]", id))
		for method, err := range client.PaymentMethods(r.t.Context()) {
			return r.compare(method, nil), err
		}
		return []string{"the method"}, nil
	},
	"POST /me/order/{orderId}/pay": func(r replay) ([]string, error) {
		return nil, r.client("POST /me/order/1/pay").Pay(r.t.Context(), 1, ovhrenew.Method(1))
	},
	"POST …/payWithRegisteredPaymentMean": func(r replay) ([]string, error) {
		return nil, r.client("POST /me/order/1/payWithRegisteredPaymentMean").Pay(r.t.Context(), 1, ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: 1})
	},
	"GET /auth/time": func(r replay) ([]string, error) {
		now, err := r.client("GET /auth/time").Time(r.t.Context())
		seconds, _ := r.answered.(json.Number).Int64()
		if late := now.Unix() - seconds; late < 0 || late > 60 {
			return []string{fmt.Sprintf("read %d, answered %d", now.Unix(), seconds)}, err
		}
		return nil, err
	},
}

var offer = ovhrenew.Offer{Service: 1, Period: ovhrenew.P1Y, Strategy: ovhrenew.RenewStrategy{Services: []ovhrenew.ServiceID{1}}}

func secretsOf(order ovhrenew.Order) map[string]ovhrenew.Secret {
	return map[string]ovhrenew.Secret{"password": order.Password, "url": order.URL, "pdfUrl": order.PdfURL}
}

// infos replays the billing of a product, at whatever route.
func infos(r replay) ([]string, error) {
	route := strings.TrimSuffix(strings.TrimPrefix(r.record.Route, "GET "), "/serviceInfos")
	service, err := r.client(r.record.Route).ServiceInfos(r.t.Context(), route)
	return lostOfService(service, r.answered, fromInfos), err
}

// untyped replays an answer that no method of the package reads, through API.Read.
func untyped(r replay) ([]string, error) {
	_, path, _ := strings.Cut(r.record.Route, " ")
	path = strings.NewReplacer("…", "/me/order/1", "{orderId}", "1", "{id}", "1", "{billId}", "1").Replace(path)
	var read json.RawMessage
	if err := r.client("GET "+path).Read(r.t.Context(), path, &read); err != nil {
		return nil, err
	}
	return lost("answer", generic(r.t, read), r.answered), nil
}

// TestReplay reads each recorded answer with the method of its route, and compares
// every id, day, amount and enum with what is written there. Only an artefact of a mock
// may be refused, in words that name the field.
func TestReplay(t *testing.T) {
	t.Parallel()
	fields := map[string]string{
		"detail-number-quantity": "quantity", "services-list-strings": "[0]", "serviceinfos-string-id": "serviceId",
	}
	seen := map[string]int{}
	for _, r := range records(t) {
		if strings.HasPrefix(r.Route, "error") {
			continue
		}
		method, by := methods[r.Route], "its method"
		switch {
		case strings.HasSuffix(r.Route, "/serviceInfos"):
			method = infos
		case method == nil:
			method, by = untyped, "API.Read"
		}
		seen[by+", "+r.Kind]++
		t.Run(strings.ReplaceAll(r.Route, "/", "∕")+" "+r.name, func(t *testing.T) {
			t.Parallel()
			t.Logf("%s, by %s: %s, %s", r.Kind, by, r.Source, r.Date)
			differences, err := method(replay{t, r, generic(t, r.Body)})
			field := fields[r.name]
			switch {
			case err != nil && (!r.artefact() || field == "" || !errors.Is(err, ovhrenew.ErrMalformed) || !strings.Contains(err.Error(), field)):
				t.Errorf("refused: %v", err)
			case err != nil:
				t.Logf("refused: %v", err)
			case r.name == "services-hycu-price-ucents-0": // contradicts itself
				if len(differences) != 1 || !strings.HasPrefix(differences[0], "Price: read no money") {
					t.Errorf("lost %v, want the price alone", differences)
				}
			default:
				for _, difference := range differences {
					t.Error(difference)
				}
			}
		})
	}
	for _, kind := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%3d by %s", seen[kind], kind)
	}
}

// TestRecords counts the records: none is left out, and each says where it is from.
func TestRecords(t *testing.T) {
	t.Parallel()
	artefacts := 0
	all := records(t)
	for _, r := range all {
		if r.artefact() {
			artefacts++
		}
		if r.Route == "" || r.Kind == "" || r.Source == "" || r.Date == "" || r.Status == 0 {
			t.Errorf("%s does not say where it is from", r.name)
		}
	}
	if len(all) != 103 || artefacts != 5 {
		t.Errorf("%d records, %d of them artefacts, want 103 and 5", len(all), artefacts)
	}
}
