package autorenew_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
)

const oddInfos = `{"renew":{"automatic":false,"deleteAtExpiration":true,"forced":false,"manualPayment":true,"period":null,"novel":[1.50,null]},
	"renewalType":"manual","status":"ok","serviceId":11223344,"domain":"vps112233.ovh.net","expiration":"2026-12-03","engagedUpTo":null,
	"possibleRenewPeriod":[],"canDeleteAtExpiration":false,"contactAdmin":"xx1111-ovh","big":12345678901234567890,"unknown":{"a":"é\u2028"}}`

// TestSetInfosKeepsTheRest: everything that the setting is not about goes back as it
// came, to the letter of its numbers.
func TestSetInfosKeepsTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before string
		setting      autorenew.Setting
		want         map[string]string // path to value, where it differs
	}{
		{"automatic", oddInfos, autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y, KeepService: true}, map[string]string{
			"renew.automatic": "true", "renew.deleteAtExpiration": "false", "renew.manualPayment": "false", "renew.period": "12", "renewalType": `"automaticV2012"`,
		}},
		{"automatic as it was", strings.Replace(oddInfos, `"manual",`, `"automaticV2024",`, 1), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, KeepService: true}, map[string]string{
			"renew.automatic": "true", "renew.deleteAtExpiration": "false", "renew.manualPayment": "false", "renew.period": "1",
		}},
		{
			"manual", strings.Replace(strings.Replace(oddInfos, `"automatic":false`, `"automatic":true`, 1), `"manual",`, `"automaticV2014",`, 1),
			autorenew.Setting{Mode: ovhrenew.ModeManual},
			map[string]string{"renew.automatic": "false", "renewalType": `"manual"`},
		},
		{"without renew", `{"renew":null,"serviceId":1,"renewalType":null}`, autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M}, map[string]string{
			"renew.automatic": "true", "renew.deleteAtExpiration": "false", "renew.period": "1", "renewalType": `"automaticV2012"`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			infos, puts := c.before, sent{}
			mock.RegisterResponder("GET", mockEndpoint+vpsRoute+"/serviceInfos", func(*http.Request) (*http.Response, error) {
				return httpmock.NewStringResponse(200, infos), nil
			})
			mock.RegisterResponder("GET", `=~/services?/`, httpmock.NewStringResponder(404, `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`))
			mock.RegisterResponder("PUT", mockEndpoint+vpsRoute+"/serviceInfos", func(r *http.Request) (*http.Response, error) {
				answer, err := puts.then(200, "null")(r)
				infos = puts.bodies[0]
				return answer, err
			})
			if _, err := autorenew.Set(t.Context(), client, ovhrenew.Route(vpsRoute), c.setting); err != nil {
				t.Fatal(err)
			}
			want := flatten(t, c.before)
			for path, value := range c.want {
				want[path] = value
			}
			if diff := cmp.Diff(want, flatten(t, puts.bodies[0])); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
		})
	}
}

// flatten gives each member of a serviceInfos and of its renew as it is written.
func flatten(t *testing.T, text string) map[string]string {
	t.Helper()
	flat := map[string]string{}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Fatal(err)
	}
	for name, value := range whole {
		flat[name] = strings.ReplaceAll(string(value), "\u2028", `\u2028`)
	}
	delete(flat, "renew")
	var renew map[string]json.RawMessage
	if err := json.Unmarshal(whole["renew"], &renew); err != nil {
		t.Fatal(err)
	}
	for name, value := range renew {
		flat["renew."+name] = string(value)
	}
	return flat
}
