package access_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestDiagnosePayment has ways to pay that can and cannot do it without a person.
func TestDiagnosePayment(t *testing.T) {
	t.Parallel()
	no := false
	for _, c := range []diagnoseTest{
		{name: "IAM denies the payment methods", change: func(s *ovhrenewtest.Server) { s.DenyIAM("GET /me/payment/method") }, check: "payment", verdict: access.Problem, saw: "account:apiovh:me/payment/method/get"},
		{name: "the card is not valid", change: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
			s.ChangePaymentMethod(5678902, func(m *ovhrenewtest.PaymentMethod) { m.Status = "BLOCKED" })
		}, check: "payment", verdict: access.Problem, saw: "its status is EXPIRED"},
		{name: "one click alone decides nothing", change: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.OneClick = &no })
		}, check: "payment", verdict: access.Warning, saw: "if an order lists it: it is not marked for one click"},
		{name: "another can pay", change: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
			s.AddPaymentMethod(ovhrenewtest.PaymentMethod{ID: 7})
		}, check: "payment", verdict: access.Warning, saw: "its status is EXPIRED; others can: payment method 5678902, payment method 7"},
		{name: "the default can pay", check: "payment", verdict: access.OK, saw: "the default, payment method 5678901 (CREDIT_CARD), can pay unattended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}
