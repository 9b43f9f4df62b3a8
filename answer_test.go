package ovhrenew_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew"
)

// Whatever the body, there is an *Error with the call and the status.
func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                                "GET /services: HTTP 400",
		` `:                               "GET /services: HTTP 400",
		`null`:                            "GET /services: HTTP 400",
		`{}`:                              "GET /services: HTTP 400",
		`[]`:                              "GET /services: HTTP 400: []",
		`"text"`:                          `GET /services: HTTP 400: "text"`,
		`5`:                               "GET /services: HTTP 400: 5",
		`{"message":`:                     `GET /services: HTTP 400: {"message":`,
		`{"message":null}`:                "GET /services: HTTP 400",
		`{"message":5}`:                   "GET /services: HTTP 400: 5",
		`{"message":{"a":1}}`:             `GET /services: HTTP 400: {"a":1}`,
		`{"class":["a"]}`:                 `GET /services: HTTP 400 ["a"]`,
		`{"errorCode":17}`:                "GET /services: HTTP 400 17",
		`{"message":"m","details":"d"}`:   "GET /services: HTTP 400: m",
		`{"message":"m","details":["d"]}`: "GET /services: HTTP 400: m",
		`{"message":"m","details":null}`:  "GET /services: HTTP 400: m",
		`{"message":"m","details":{"a":{"b":[1]}}}`: "GET /services: HTTP 400: m",
		`{"message":"m","httpCode":400}`:            "GET /services: HTTP 400: m",
		"<title>502 Bad\n\tGateway</title><p>nginx": "GET /services: HTTP 400: 502 Bad Gateway nginx",
		"\xff\xfe": "GET /services: HTTP 400: ?",
	} {
		_, err := answering(t, "GET /services", 400, body).FindServices(t.Context(), ovhrenew.ServiceQuery{})
		if _, ok := errors.AsType[*ovhrenew.Error](err); !ok || err.Error() != want {
			t.Errorf("answer %q: %v, want an Error %q", body, err, want)
		}
	}
	for body, want := range map[string]map[string]string{
		`{"message":"m","details":"d"}`:             {"details": "d"},
		`{"message":"m","details":["d"]}`:           {"details": `["d"]`},
		`{"message":"m","details":{"a":{"b":[1]}}}`: {"a": `{"b":[1]}`},
	} {
		_, err := answering(t, "GET /services", 400, body).FindServices(t.Context(), ovhrenew.ServiceQuery{})
		answer, ok := errors.AsType[*ovhrenew.Error](err)
		if !ok || fmt.Sprint(answer.Details) != fmt.Sprint(want) {
			t.Errorf("answer %s: %v, want the details %v", body, err, want)
		}
	}
}

// Nothing of an answer that opens an order, and no endless page, gets into an error.
func TestErrorsAreScrubbed(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		`orderPassword=aBcDsEcReT`, `https://x.example/?orderId=1&orderPassword=aBcDsEcReT&x=1`, `"password": "aBcDsEcReT"`,
		`password:aBcDsEcReT`, `esign=aBcDsEcReT`, `X-Ovh-Signature: aBcDsEcReT`, `token = 'aBcDsEcReT'`, `consumerKey=aBcDsEcReT`,
		`consumer_key="aBcDsEcReT"`, `application_secret: aBcDsEcReT`, `PASSWORD=aBcDsEcReT`,
		`orderPassword%3DaBcDsEcReT`,
	} {
		quoted := strings.ReplaceAll(secret, `"`, `\"`)
		for _, body := range []string{
			secret,
			`<p>` + secret + `</p>`,
			`{"message":"` + quoted + `"}`,
			`{"class":"` + quoted + `","errorCode":"` + quoted + `"}`,
			`{"message":"m","details":{"link":"` + quoted + `"}}`,
		} {
			_, err := answering(t, "GET /services", 400, body).FindServices(t.Context(), ovhrenew.ServiceQuery{})
			answer, _ := errors.AsType[*ovhrenew.Error](err)
			if text := fmt.Sprintf("%v %+v %#v", err, *answer, *answer); strings.Contains(text, "sEcReT") {
				t.Errorf("answer %s: %s, which has the secret", body, text)
			}
			// The same where an answer was a success and cannot be read.
			_, err = answering(t, "GET /me/order/1", 200, `{"orderId":"`+quoted+`"}`).Order(t.Context(), 1)
			if !errors.Is(err, ovhrenew.ErrMalformed) || strings.Contains(err.Error(), "sEcReT") {
				t.Errorf("answer with an orderId %s: %v, want ErrMalformed without the secret", secret, err)
			}
		}
	}
	for _, filler := range []string{"x", "ü", "<b>y</b>"} {
		_, err := answering(t, "GET /services", 400, strings.Repeat(filler, 50_000)).FindServices(t.Context(), ovhrenew.ServiceQuery{})
		if text := err.Error(); len(text) > 1000 || !utf8.ValidString(text) {
			t.Errorf("an answer of 50000 × %s gives an error of %d bytes, want a short one", filler, len(text))
		}
	}
}

// A malformed answer is named by call, field and value.
func TestMalformed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"orderId": "x"}`:                  `GET /me/order/7: malformed answer: orderId: not a ovhrenew.OrderID (got "x")`,
		`{"orderId": 1.5}`:                  `GET /me/order/7: malformed answer: orderId: not a ovhrenew.OrderID (got 1.5)`,
		`{"date": "yesterday"}`:             `GET /me/order/7: malformed answer: date: `,
		`{"priceWithTax": {"value": "1"}}`:  `GET /me/order/7: malformed answer: priceWithTax: `,
		`{"priceWithTax": 45.44}`:           `GET /me/order/7: malformed answer: priceWithTax: `,
		`{"priceWithTax": {"value": 1e40}}`: `GET /me/order/7: malformed answer: priceWithTax: `,
		`{"password": ["aBcDsEcReT"]}`:      `GET /me/order/7: malformed answer: password: `,
		`{"metadatas": ["a", 1]}`:           `GET /me/order/7: malformed answer: metadatas[1]: `,
		`{"orderId": 7} {"orderId": 8}`:     `GET /me/order/7: malformed answer: the answer`,
		`<html>`:                            `GET /me/order/7: malformed answer: the answer`,
		`   `:                               `GET /me/order/7: malformed answer: the answer is empty`,
	} {
		order, err := answering(t, "GET /me/order/7", 200, body).Order(t.Context(), 7)
		if !errors.Is(err, ovhrenew.ErrMalformed) || !strings.HasPrefix(err.Error(), want) || order.OrderID != 0 {
			t.Errorf("Order of %s = %v, %v, want %q", body, order, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "sEcReT") {
			t.Errorf("Order of %s: %v, which has the secret", body, err)
		}
	}
}

// The API's own words stay readable, and what a proxy repeats of the request does not.
func TestSignatureWords(t *testing.T) {
	t.Parallel()
	_, err := answering(t, "GET /services", 400, "INVALID_SIGNATURE: Invalid signature").FindServices(t.Context(), ovhrenew.ServiceQuery{})
	if err == nil || !strings.Contains(err.Error(), "INVALID_SIGNATURE: Invalid signature") {
		t.Errorf("error is %v, want the words as they are", err)
	}
}
