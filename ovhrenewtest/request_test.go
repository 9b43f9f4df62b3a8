package ovhrenewtest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestHooks(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	var told []string
	s.OnRequest(func(r Request) {
		if r.Route == RouteOrder {
			told = append(told, fmt.Sprint("request ", len(s.Orders()), r.Status))
		}
	})
	s.OnAnswer(func(r Request) {
		if r.Route == RouteOrder {
			told = append(told, fmt.Sprint("answer ", len(s.Orders()), " ", r.Status))
		}
	})
	order(t, s)
	if diff := cmp.Diff([]string{"request 0 0", "answer 1 200"}, told); diff != "" {
		t.Errorf("hooks (-want +got)\n%s", diff)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	mustSend(t, s, "PUT", "/services/12345?x=1%2B2", `{}`)
	requests := s.Requests()
	r := requests[len(requests)-1]
	if r.Method != http.MethodPut || r.Path != "/1.0/services/12345?x=1%2B2" || r.Route != "PUT /services/{serviceId}" ||
		r.Body != "{}" || r.Status != 200 || r.Header.Get("X-Ovh-Application") != s.Credentials().AppKey {
		t.Errorf("last request = %+v", r)
	}
	s.Forget()
	if len(s.Requests()) != 0 || s.Count("PUT /services/{serviceId}") != 0 {
		t.Error("Forget left requests behind")
	}
}
