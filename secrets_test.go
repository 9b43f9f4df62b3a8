// What must never be printed, by any type, error or log.

package ovhrenew_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// songbird is what must never be printed, however it came in.
const songbird = "c4n4ry"

// exportedTypes has a value of every exported type that can hold something. That
// none is forgotten is checked against the source.
var exportedTypes = []any{
	ovhrenew.API{},
	ovhrenew.AmbiguousError{},
	ovhrenew.Config{},
	ovhrenew.Error{},
	ovhrenew.GuardError{},
	ovhrenew.InputError{},
	ovhrenew.Service{},
	ovhrenew.NoStrategyError{},
	ovhrenew.Offer{},
	ovhrenew.Order{},
	ovhrenew.OrderDetail{},
	ovhrenew.Task{},
	ovhrenew.OrderPayment{},
	ovhrenew.OrderPaymentMethods{},
	ovhrenew.Approval{},
	ovhrenew.PaymentMethod{},
	ovhrenew.Progress{},
	ovhrenew.Proposal{},
	ovhrenew.Quote{},
	ovhrenew.Receipt{},
	ovhrenew.State{},
	ovhrenew.OrderFact{},
	ovhrenew.RenewDescription{},
	ovhrenew.Request{},
	ovhrenew.Secret{},
	ovhrenew.Service{},
	portfolio.PlanItem{},
	portfolio.Surveyed{},
	portfolio.ItemReport{},
	portfolio.Report{},
	portfolio.Progress{},
	portfolio.Options{},
	ovhrenew.Service{},
	ovhrenew.StepError{},
	ovhrenew.Refusal{},
	ovhrenew.Renewed{},
}

// TestSecretsStayOut fills every exported type with secrets, prints it in every way,
// and looks for them.
func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	for _, value := range exportedTypes {
		filled := reflect.New(reflect.TypeOf(value))
		secrets := plant(filled.Elem(), 0)
		holder := reflect.TypeOf(value).Name()
		for _, text := range printed(filled.Interface(), filled.Elem().Interface(), struct{ v any }{filled.Elem().Interface()}) {
			if strings.Contains(text, songbird) {
				t.Errorf("%s (%d secrets) is printed as %.200s", holder, secrets, text)
			}
		}
	}
}

// TestExportedTypesAreWalked makes a new type with a secret, or that holds one that
// has, join the walk.
func TestExportedTypesAreWalked(t *testing.T) {
	t.Parallel()
	walked := map[string]bool{}
	for _, value := range exportedTypes {
		walked[reflect.TypeOf(value).Name()] = true
	}
	holders := 0
	for name, mentions := range structFields(t) {
		for _, secretive := range []string{"Secret", "Order", "StepError", "Proposal", "Progress", "Error"} {
			if mentions[secretive] && !walked[name] {
				t.Errorf("type %s has a %s and is not walked for secrets", name, secretive)
			}
			if mentions["Secret"] {
				holders++
			}
		}
	}
	if holders == 0 {
		t.Error("no type holds a Secret")
	}
}

// structFields is which types the exported structs of the package mention.
func structFields(t *testing.T) map[string]map[string]bool {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { //nolint:staticcheck // no build tags matter here
		return !strings.HasSuffix(f.Name(), "_test.go")
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]bool{}
	ast.Inspect(packages["ovhrenew"], func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || !spec.Name.IsExported() {
			return true
		}
		if body, ok := spec.Type.(*ast.StructType); ok {
			mentions := map[string]bool{}
			ast.Inspect(body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					mentions[id.Name] = true
				}
				return true
			})
			found[spec.Name.Name] = mentions
		}
		return true
	})
	return found
}

// fill puts secrets where secrets go, and something wherever a zero value would end
// the walk. It counts the secrets.
func plant(v reflect.Value, depth int) int {
	if depth > 8 || !v.CanSet() {
		return 0
	}
	if v.Type() == reflect.TypeFor[ovhrenew.Secret]() {
		v.Set(reflect.ValueOf(ovhrenew.NewSecret("https://www.ovh.com/order?orderId=1&orderPassword=" + songbird + "&esign=" + songbird + "#" + songbird)))
		return 1
	}
	n := 0
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			n += plant(v.Field(i), depth+1)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		n += plant(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		n += plant(v.Index(0), depth+1)
	case reflect.Interface:
		if reflect.TypeFor[*ovhrenew.StepError]().Implements(v.Type()) {
			v.Set(reflect.ValueOf(&ovhrenew.StepError{Link: ovhrenew.NewSecret(songbird), Err: errors.New("cause")}))
			n++
		}
	}
	return n
}

// printed is how values look in every way that a program prints them.
func printed(values ...any) []string {
	var texts []string
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%d", "%x"} {
			text := fmt.Sprintf(verb, value)
			if verb == "%x" {
				text = strings.ReplaceAll(text, fmt.Sprintf("%x", songbird), songbird)
			}
			texts = append(texts, text)
		}
		if data, err := json.Marshal(value); err == nil {
			texts = append(texts, string(data))
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "value", value)
		texts = append(texts, log.String())
	}
	return texts
}

// TestNoSecretInErrorsAndLogs lets the API, and the network, put secrets wherever
// they can, and reads every error and log line.
func TestNoSecretInErrorsAndLogs(t *testing.T) {
	t.Parallel()
	link := "https://www.ovh.com/order?orderId=1&orderPassword=" + songbird
	bodies := []string{
		`{"message":"see ` + link + `","class":"Client::X","details":{"url":"` + link + `","n":{"password":"` + songbird + `"}}}`,
		`{"message":"see ` + link + `"}`,
		`{"errorCode":"X","httpCode":"403 Forbidden","message":"esign=` + songbird + `"}`,
		`<html><body><a href="` + link + `">order</a> password: ` + songbird + `</body></html>`,
		`{"orderId":1,"password":{"x":"` + songbird + `"},"url":["` + link + `"]}`,
		`{"orderId":"` + link + `"}`,
		`{"priceWithTax":{"value":"` + link + `"}}`,
	}
	for _, body := range bodies {
		for _, status := range []int{200, 403, 500} {
			for _, decoder := range decoders {
				err := decoder.call(t.Context(), fuzzClient(t, status, body))
				for _, text := range printed(err) {
					if strings.Contains(text, songbird) || strings.Contains(text, "canary-") {
						t.Errorf("%s, HTTP %d, %s: %.300s", decoder.name, status, body, text)
					}
				}
			}
		}
	}
}

// TestNoCredentialInLogs renews with everything logged, over a connection that
// breaks, and greps the log for the keys and the order's password.
func TestNoCredentialInLogs(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.Inject(ovhrenewtest.Fault{Route: "GET /me/order", Kind: ovhrenewtest.Reset})
	var log bytes.Buffer
	api := server.Client()
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{
		Limiter: ovhrenew.Unlimited, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = ovhrenew.Renew(t.Context(), client, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Patience: quick, Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "POST /me/order/{orderId}/pay") {
		t.Errorf("the log does not tell of the payment:\n%s", log.String())
	}
	secrets := []string{api.AppKey, api.AppSecret, api.ConsumerKey, "$1$", "orderPassword"}
	for _, text := range append(printed(client, err), log.String()) {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(text, secret) {
				t.Errorf("%q is in %.300s", secret, text)
			}
		}
	}
}

// TestSendErrorsHideTheURL lets a transport put what it likes into its error.
func TestSendErrorsHideTheURL(t *testing.T) {
	t.Parallel()
	api := &ovh.Client{AppKey: "app", AppSecret: songbird + "-secret", ConsumerKey: songbird + "-consumer", Client: &http.Client{}}
	if err := api.SetEndpoint("https://api.test/1.0"); err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited, Attempts: 1, Transport: chatty{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, decoder := range decoders {
		err := decoder.call(context.Background(), client)
		if err == nil {
			t.Fatalf("%s: no error from a broken transport", decoder.name)
		}
		for _, text := range printed(err) {
			if strings.Contains(text, songbird) {
				t.Errorf("%s: %.300s", decoder.name, text)
			}
		}
	}
}

// chatty tells the time, and fails everything else with all that it knows.
type chatty struct{}

func (chatty) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/auth/time") {
		recorder := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}
		recorder.Body = nopCloser{strings.NewReader("1764000000")}
		return recorder, nil
	}
	return nil, fmt.Errorf("cannot send %s with %v", r.URL, r.Header)
}

type nopCloser struct{ *strings.Reader }

func (nopCloser) Close() error { return nil }
