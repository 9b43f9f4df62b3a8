package ovhrenewtest

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Payment is one time that money left the account.
type Payment struct {
	Order    int64
	Services []int64
	Amount   Amount // tax included
	Currency string
	Time     time.Time
	Method   int64  // the payment method's id, for /pay
	Mean     string // with MeanID, the older payment mean, for /payWithRegisteredPaymentMean
	MeanID   int64
	// Type is how the order's payment calls it: creditCard, paypal, free …
	Type      string
	Elsewhere bool // a payment by [Server.Pay]
}

// Payments returns all payments, oldest first.
func (s *Server) Payments() []Payment {
	defer s.lock()()
	return slices.Clone(s.payments)
}

// Spent returns the sum of all payments, tax included, by currency.
func (s *Server) Spent() map[string]Amount {
	defer s.lock()()
	spent := map[string]Amount{}
	for _, p := range s.payments {
		spent[p.Currency] += p.Amount
	}
	return spent
}

// PaymentsFor returns the number of payments for orders that renew the service.
func (s *Server) PaymentsFor(service int64) (payments int) {
	defer s.lock()()
	if svc := s.service("PaymentsFor", service); svc != nil {
		for _, o := range svc.orders {
			payments += o.Payments
		}
	}
	return payments
}

func (s *Server) charge(o *order, p Payment) {
	p.Order, p.Services = o.ID, slices.Clone(o.Services)
	p.Amount, p.Currency, p.Time = o.WithTax, o.Currency, s.now
	s.payments = append(s.payments, p)
	o.Payments++
	switch p.Mean {
	case "ovhAccount":
		s.wallet.prepaid -= o.WithTax
	case "fidelityAccount":
		s.wallet.points -= int64(o.WithTax / unit)
	}
	if o.paid() {
		return // paid for nothing: it is delivered once
	}
	o.pinned, o.payment, o.paidAt, o.under = "", p, s.now, s.behaviour
	if o.under.AfterPay == "" && o.under.CancelAfterPay <= 0 {
		s.later(s.now.Add(o.under.StatusLag+o.under.DeliveryDelay), func() { s.deliver(o) })
	}
}

// payable refuses the call if an order cannot be paid now by a kind of payment mean.
func (s *Server) payable(c *call, o *order, kind string) bool {
	switch status := s.status(o); {
	case s.cancelledAfterPay(o):
		c.badRequest("This order is not payable anymore")
	case o.paid() && s.behaviour.ChargeTwice:
	case o.paid() && s.behaviour.PaidForbidden:
		c.cannotPay(kind, "Client::Forbidden")
	case !o.paid() && o.pinned == "" && status == "checking":
		c.badRequest("This order is not payable yet")
	case o.paid(), status == "delivered", status == "delivering", status == "checking":
		c.badRequest("This order is already paid")
	case s.lapsed(o) && !s.behaviour.LapsedPayable, status == "cancelled" && !s.lapsed(o), status == "cancelling":
		c.badRequest("This order is not payable anymore")
	}
	return c.refusal == nil
}

func (c *call) cannotPay(with, class string) {
	c.refuse(problem(http.StatusForbidden, class, "This order can't be paid with '"+with+"'"))
}

func (s *Server) postPay(c *call, o *order) any {
	var id int64
	method := members{call: c}
	c.members().need("paymentMethod", "billing.order.PayWithPaymentMethod", &method.raw)
	method.need("id", "long", &id)
	with := s.method(id)
	if with == nil {
		return c.noObject(string(method.raw["id"]))
	}
	kind := meanOf(with.Type)
	if s.refuses(with) {
		c.cannotPay(kind, "")
	}
	if s.payable(c, o, kind) {
		s.charge(o, Payment{Method: id, Type: paidWith(kind)})
	}
	return nil
}

// reusableMeans is billing.ReusablePaymentMeanEnum.
var reusableMeans = []string{
	"CREDIT_CARD", "CURRENT_ACCOUNT", "DEFERRED_PAYMENT_ACCOUNT", "DOMESTIC_CARD", "ENTERPRISE",
	"INTERNAL_TRUSTED_ACCOUNT", "PAYPAL", "RUPAY", "SEPA_DIRECT_DEBIT", "bankAccount", "creditCard",
	"deferredPaymentAccount", "fidelityAccount", "ovhAccount", "paypal",
}

func (s *Server) postPayMean(c *call, o *order) any {
	var kind string
	var id int64
	m := c.members()
	m.need("paymentMean", "billing.ReusablePaymentMeanEnum", &kind)
	c.oneOf("paymentMean", kind, "ReusablePaymentMeanEnum", reusableMeans...)
	switch kind {
	case "bankAccount", "creditCard", "paypal":
		m.need("paymentMeanId", "long", &id)
	default:
		m.read("paymentMeanId", "long", &id)
	}
	word := paidWith(kind)
	if kind == "fidelityAccount" && o.WithTax == 0 {
		word = "free"
	}
	if !s.affords(kind, o) {
		c.cannotPay(kind, "")
	}
	if !s.registered(kind, id) {
		c.notFound("paymentMean not found")
	}
	if s.payable(c, o, kind) {
		s.charge(o, Payment{Mean: kind, MeanID: id, Type: word})
	}
	return nil
}

func (s *Server) registered(kind string, id int64) bool {
	switch kind {
	case "fidelityAccount": // every account has one; what is on it is what counts
		return true
	case "ovhAccount":
		return slices.ContainsFunc(s.wallet.means, func(m mean) bool { return m.kind == kind })
	}
	return slices.Contains(s.wallet.means, mean{kind, id})
}

func meanOf(methodType string) string {
	older := map[string]string{"CREDIT_CARD": "creditCard", "DOMESTIC_CARD": "creditCard", "RUPAY": "creditCard", "PAYPAL": "paypal"}
	return cmp.Or(older[methodType], "bankAccount")
}

// paidWith is billing.PaymentMeanEnum's word for a payment mean.
func paidWith(kind string) string {
	words := map[string]string{"fidelityAccount": "fidelityPoints", "bankAccount": "paymentMandate"}
	return cmp.Or(words[kind], kind)
}

// getPayment answers billing.Payment, once there is one to be seen.
func (s *Server) getPayment(c *call, o *order) any {
	if !o.paid() || s.now.Before(o.paidAt.Add(o.under.StatusLag)) || s.cancelledAfterPay(o) && !s.behaviour.CancelledKeepsPayment {
		return c.noObject(c.args[0])
	}
	date := timestamp(o.payment.Time)
	if s.behaviour.PaymentUndated {
		date = nil
	}
	return object{"paymentDate": date, "paymentIdentifier": nil, "paymentType": o.payment.Type}
}
