package autorenew_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
)

// TestEnding: whichever list tells of an end, a service that is to end is not set to
// renew by itself.
func TestEnding(t *testing.T) {
	t.Parallel()
	const listed, expanded = "/service/1", "/services/1"
	for name, c := range map[string]struct {
		actions, mode string
		status        int // of the other list
		ending        bool
	}{
		"terminate":                {`["terminate"]`, "manual", 200, true},
		"terminate, at its expiry": {`["earlyRenewal","terminateAtExpirationDate"]`, "manual", 200, true},
		"delete":                   {`["deleteAtExpiration"]`, "manual", 404, true},
		"the other list":           {`[]`, "deleteAtExpiration", 200, true},
		"at a commitment's end":    {`[]`, "deleteAtEndEngagement", 200, true},
		"something else":           {`["earlyRenewal"]`, "manual", 460, false},
	} {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+listed, httpmock.NewStringResponder(c.status, `{"renew":{"mode":"`+c.mode+`"}}`))
		mock.RegisterResponder("GET", mockEndpoint+expanded, httpmock.NewStringResponder(200, `{"serviceId":1,"billing":{
			"lifecycle":{"current":{"pendingActions":`+c.actions+`}},
			"renew":{"current":{"mode":"manual"},"capacities":{"mode":["manual","automatic"]}}}}`))
		mock.RegisterResponder("GET", mockEndpoint+expanded+"/renewPeriodCapacities", httpmock.NewStringResponder(200, `["P1M"]`))
		plan, err := autorenew.Preview(t.Context(), client, ovhrenew.ID(1), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M})
		if errors.Is(err, ovhrenew.ErrState) != c.ending || err == nil && plan.Changes[0].From.Ending {
			t.Errorf("%s: %v, %v, want ending: %t", name, plan, err, c.ending)
		}
	}
}

// TestAnotherService: an answer that is about another service is malformed.
func TestAnotherService(t *testing.T) {
	t.Parallel()
	setting := autorenew.Setting{Mode: ovhrenew.ModeManual}
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/services/1", httpmock.NewStringResponder(200, `{"serviceId":2}`))
	if _, err := autorenew.Preview(t.Context(), client, ovhrenew.ID(1), setting); !errors.Is(err, ovhrenew.ErrMalformed) {
		t.Errorf("Preview of 1, answered with 2: %v, want ErrMalformed", err)
	}
	client, mock = mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/services/1", httpmock.NewStringResponder(200, `{"serviceId":1,"route":{"url":"/vps/a"}}`))
	mock.RegisterResponder("GET", mockEndpoint+"/vps/a/serviceInfos", httpmock.NewStringResponder(200, `{"serviceId":2}`))
	if _, err := autorenew.Preview(t.Context(), client, ovhrenew.ID(1), setting); !errors.Is(err, ovhrenew.ErrMalformed) {
		t.Errorf("Preview of 1, whose product answers 2: %v, want ErrMalformed", err)
	}
	client, mock = mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/services/1", httpmock.NewStringResponder(200, `{"serviceId":1,"route":{"url":"/vps/a"}}`))
	mock.RegisterResponder("GET", mockEndpoint+"/vps/b/serviceInfos", httpmock.NewStringResponder(200, `{"serviceId":1}`))
	if _, err := autorenew.Preview(t.Context(), client, ovhrenew.Route("/vps/b"), setting); !errors.Is(err, ovhrenew.ErrMalformed) {
		t.Errorf("Preview of /vps/b, answered with the number of /vps/a: %v, want ErrMalformed", err)
	}
}

// TestOptionsOfAnother lists options of another service, or services that are none.
func TestOptionsOfAnother(t *testing.T) {
	t.Parallel()
	const able = `"billing":{"renew":{"current":{"mode":"automatic"},"capacities":{"mode":["automatic","manual"]}}}`
	for _, parent := range []string{"3", "null", "0", "2"} {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+"/services/1", httpmock.NewStringResponder(200, `{"serviceId":1,`+able+`}`))
		mock.RegisterResponder("GET", mockEndpoint+"/service/1", httpmock.NewStringResponder(200, `{}`))
		mock.RegisterResponder("GET", mockEndpoint+"/services/1/options", httpmock.NewStringResponder(200, `[{"serviceId":2,"parentServiceId":`+parent+`,`+able+`}]`))
		_, err := autorenew.Set(t.Context(), client, ovhrenew.ID(1), autorenew.Setting{Mode: ovhrenew.ModeManual, Options: true})
		if !errors.Is(err, ovhrenew.ErrMalformed) {
			t.Errorf("parent %s: %v, want ErrMalformed", parent, err)
		}
		for call, n := range mock.GetCallCountInfo() {
			if n > 0 && strings.HasPrefix(call, "PUT ") {
				t.Errorf("parent %s: %s was sent", parent, call)
			}
		}
	}
}

// TestInfosContradict: a product that says both automatic and by hand is not taken for
// what is wanted, and is written whichever that is.
func TestInfosContradict(t *testing.T) {
	t.Parallel()
	for _, mode := range []ovhrenew.RenewMode{ovhrenew.ModeAutomatic, ovhrenew.ModeManual} {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+"/services/1", httpmock.NewStringResponder(200, `{"serviceId":1,"route":{"url":"/vps/a"}}`))
		mock.RegisterResponder("GET", mockEndpoint+"/vps/a/serviceInfos", httpmock.NewStringResponder(200, `{"serviceId":1,"renew":{"automatic":true,"manualPayment":true,"period":1}}`))
		setting := autorenew.Setting{Mode: mode}
		if mode == ovhrenew.ModeAutomatic {
			setting.Period = ovhrenew.P1M
		}
		plan, err := autorenew.Preview(t.Context(), client, ovhrenew.ID(1), setting)
		if err != nil || plan.None() || plan.Changes[0].From.Mode != "" {
			t.Errorf("to %s: %v, %v", mode, plan, err)
		}
	}
}
