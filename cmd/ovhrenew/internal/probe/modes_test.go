package probe

import (
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestModes: another answer about modes and prices makes another verdict.
func TestModes(t *testing.T) {
	probeEach(t, map[string]probed{
		"by hand":                {assumption: "What is renewed by hand", verdict: holds, saw: "type automaticV(number) automatic false manualPayment true"},
		"by hand, and automatic": {change: instead(infos, `{"serviceId":101,"renew":{"automatic":true,"manualPayment":false,"deleteAtExpiration":false,"forced":false},"renewalType":"automaticV2012"}`), assumption: "What is renewed by hand", verdict: fails, saw: "automatic true manualPayment false"},
		"by hand, not said":      {change: instead(infos, `{"serviceId":101,"renew":{}}`), assumption: "What is renewed by hand", verdict: holds, saw: "automatic not said manualPayment not said"},
		"by hand, not read": {change: func(s *ovhrenewtest.Server) {
			fault(infos, 403)(s)
			fault("GET /domain/zone/{zoneName}/serviceInfos", 403)(s)
		}, assumption: "What is renewed by hand", verdict: notRead, saw: "serviceInfos HTTP 403"},
		"by hand, nothing said": {change: func(s *ovhrenewtest.Server) {
			instead(infos, `{"serviceId":101}`)(s)
			instead("GET /domain/zone/{zoneName}/serviceInfos", `{"serviceId":104}`)(s)
		}, assumption: "What is renewed by hand", verdict: notRead, saw: "automatic not said"},
		"by hand, not even known": {change: fault("GET /services", 403), assumption: "What is renewed by hand", verdict: notRead, saw: "nothing"},
		"offers not read":         {change: fault(renew, 403), assumption: "An offer's price has", verdict: notRead, saw: "HTTP 403"},
		"nothing by hand": {change: func(s *ovhrenewtest.Server) {
			for _, one := range s.Services() {
				s.SetMode(one.ID, "automatic")
			}
		}, assumption: "What is renewed by hand", verdict: notSeen, saw: "nothing"},
		"no currency": {change: instead(renew, `[{"strategies":[{"services":[101],"servicesDetails":[],"price":{"text":"9.99","value":9.99},"duration":"P1Y"}],"renewPeriod":"P1Y"}]`), assumption: "An offer's price has", verdict: fails, saw: "there is one: false"},
		"no offers":   {change: instead(renew, `[]`), assumption: "An offer's price has", verdict: notSeen, saw: "nothing"},
		"currencies":  {assumption: "An offer's price has", verdict: holds, saw: "there is one: true"},
	})
}
