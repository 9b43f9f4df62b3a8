package ovhrenewtest_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestSmoke(t *testing.T) {
	s := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(s)
	api := s.Client()
	for _, p := range []string{"/vps/vps112233.ovh.net/serviceInfos", "/service/12345/renew", "/services/67890", "/service/67890", "/auth/currentCredential", "/vps"} {
		var v any
		if err := api.Get(p, &v); err != nil {
			t.Fatal(p, err)
		}
		t.Logf("%s %v", p, v)
	}
	var o any
	if err := api.Post("/service/12345/renew", map[string]any{"dryRun": false, "duration": "P1Y", "services": []int{67890, 12345}}, &o); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", o)
	before := s.Expiry(12345)
	if err := api.Post("/me/order/123456789/payWithRegisteredPaymentMean", map[string]any{"paymentMean": "paypal", "paymentMeanId": 1234}, nil); err != nil {
		t.Fatal(err)
	}
	t.Log(before, s.Expiry(12345), s.Spent(), s.Count(ovhrenewtest.RoutePayMean))
}
