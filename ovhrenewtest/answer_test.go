package ovhrenewtest_test

import (
	"fmt"
	"testing"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestErrorForm(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{ErrorClass: true})
	for _, test := range []struct {
		header, value, want string
	}{
		{"X-Ovh-Application", "x", `403 {"class":"Client::Forbidden","message":"This application key is invalid"}`},
		{"X-Ovh-Consumer", "x", `403 {"class":"Client::Forbidden","message":"This credential does not exist"}`},
		{"X-Ovh-Signature", "x", `400 {"class":"Client::BadRequest","message":"Invalid signature"}`},
		{"X-Ovh-Timestamp", "1", `400 {"class":"Client::BadRequest","message":"Query out of time"}`},
	} {
		r := signed(t, s, "GET", "/me", "")
		r.Header.Set(test.header, test.value)
		answer, body := do(t, s, r)
		if got := fmt.Sprint(answer.StatusCode, " ", body); got != test.want {
			t.Errorf("%s: %s, want %s", test.header, got, test.want)
		}
	}
}

func TestBadEnums(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	const values = "400 Client::BadRequest: [%s] Given data (x) does not belong to the %s enumeration"
	for path, want := range map[string]string{
		"/services?sort=x":            fmt.Sprintf(values, "sort", "SortEnum"),
		"/me/bill?category=x":         fmt.Sprintf(values, "category", "CategoryEnum"),
		"/me/payment/method?status=x": fmt.Sprintf(values, "status", "StatusEnum"),
	} {
		_, err := send(t, s, "GET", path, "")
		wantFailure(t, path, err, want)
	}
	_, err := send(t, s, "PUT", "/vps/"+GuideVPS+"/serviceInfos", `{"renewalType":"x","renew":{"automatic":true}}`)
	wantFailure(t, "PUT serviceInfos", err, fmt.Sprintf(values, "renewalType", "RenewalTypeEnum"))
	if got := s.Services()[0].Mode; got != "manual" {
		t.Errorf("Mode = %s after a refused change, want manual", got)
	}
}
