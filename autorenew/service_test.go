package autorenew_test

import (
	"errors"
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
}
