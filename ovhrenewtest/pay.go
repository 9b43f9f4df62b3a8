package ovhrenewtest

import (
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
	// Method is the payment method's id, for /pay.
	Method int64
	// Mean and MeanID are the older payment mean, for /payWithRegisteredPaymentMean.
	Mean   string
	MeanID int64
	// Type is how the order's payment calls it: creditCard, paypal, free …
	Type string
	// Elsewhere is a payment by [Server.Pay].
	Elsewhere bool
}

// Payments are all payments, oldest first.
func (s *Server) Payments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	return slices.Clone(s.payments)
}

// Spent is the sum of all payments, tax included, by currency.
func (s *Server) Spent() map[string]Amount {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	spent := map[string]Amount{}
	for _, p := range s.payments {
		spent[p.Currency] += p.Amount
	}
	return spent
}

// PaymentsFor is how many payments there were for orders that renew the service.
func (s *Server) PaymentsFor(service int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if svc := s.service("PaymentsFor", service); svc != nil {
		return svc.payments
	}
	return 0
}

// charge takes the money of an order, and plans its delivery.
func (s *Server) charge(o *order, now time.Time, p Payment) {
	p.Order, p.Services = o.ID, slices.Clone(o.Services)
	p.Amount, p.Currency, p.Time = o.WithTax, o.Currency, now
	s.payments = append(s.payments, p)
	o.Payments++
	for _, id := range o.Services {
		s.services.byID[id].payments++
	}
	switch p.Mean {
	case "ovhAccount":
		s.wallet.prepaid -= o.WithTax
	case "fidelityAccount":
		s.wallet.points -= int64(o.WithTax / unit)
	}
	if !o.paidAt.IsZero() {
		return // paid for nothing: it is delivered once
	}
	b := s.behaviour
	o.pinned = ""
	o.payment, o.paidAt, o.lag, o.delay, o.afterPay = p, now, b.StatusLag, b.DeliveryDelay, b.AfterPay
	o.cancel = b.CancelAfterPay
	if o.afterPay == "" && o.cancel <= 0 {
		s.later(now, now.Add(o.lag+o.delay), func(at time.Time) { s.deliver(o, at) })
	}
}

// payable says whether an order can be paid now by a kind of payment mean, and
// otherwise why not.
func (s *Server) payable(o *order, now time.Time, kind string) (answer, bool) {
	paid := !o.paidAt.IsZero()
	switch status := s.status(o, now); {
	case o.cancelledAfterPay(now):
		return badRequest("This order is not payable anymore"), false
	case paid && s.behaviour.ChargeTwice:
		return answer{}, true
	case paid && s.behaviour.PaidRefusal == PaidForbidden:
		return problem(http.StatusForbidden, "Client::Forbidden", cannotPayText(kind)), false
	case !paid && o.pinned == "" && status == "checking":
		return badRequest("This order is not payable yet"), false
	case paid, status == "delivered", status == "delivering", status == "checking":
		return badRequest("This order is already paid"), false
	case o.lapsed(now) && !s.behaviour.LapsedPayable, status == "cancelled" && !o.lapsed(now), status == "cancelling":
		return badRequest("This order is not payable anymore"), false
	}
	return answer{}, true
}

// postPay pays with a payment method.
func (s *Server) postPay(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	m, a, good := c.members()
	if !good {
		return a
	}
	var inner members
	if a, good := m.read("paymentMethod", "billing.order.PayWithPaymentMethod", &inner); !good {
		return a
	}
	var id int64
	if a, good := inner.read("id", "long", &id); !good {
		return a
	}
	method := s.method(id)
	if method == nil {
		return problem(http.StatusNotFound, "Client::NotFound", "The requested object (id = "+string(inner["id"])+") does not exist")
	}
	if s.refuses(method) {
		return cannotPay(meanOf(method.Type))
	}
	if a, good := s.payable(o, c.now, meanOf(method.Type)); !good {
		return a
	}
	s.charge(o, c.now, Payment{Method: id, Type: paidBy(method.Type)})
	return ok(nil)
}

// reusableMeans is billing.ReusablePaymentMeanEnum.
var reusableMeans = []string{
	"CREDIT_CARD", "CURRENT_ACCOUNT", "DEFERRED_PAYMENT_ACCOUNT", "DOMESTIC_CARD", "ENTERPRISE",
	"INTERNAL_TRUSTED_ACCOUNT", "PAYPAL", "RUPAY", "SEPA_DIRECT_DEBIT", "bankAccount", "creditCard",
	"deferredPaymentAccount", "fidelityAccount", "ovhAccount", "paypal",
}

// postPayMean pays with an older payment mean.
func (s *Server) postPayMean(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	m, a, good := c.members()
	if !good {
		return a
	}
	var kind string
	var id int64
	if a, good := m.read("paymentMean", "billing.ReusablePaymentMeanEnum", &kind); !good {
		return a
	}
	if !slices.Contains(reusableMeans, kind) {
		return notInEnum("paymentMean", kind, "ReusablePaymentMeanEnum")
	}
	if a, good := readMeanID(m, kind, &id); !good {
		return a
	}
	free := kind == "fidelityAccount" && o.WithTax == 0
	if !free && !s.affords(kind, o) {
		return cannotPay(kind)
	}
	if !free && !s.registered(kind, id) {
		return problem(http.StatusNotFound, "Client::NotFound", "paymentMean not found")
	}
	if a, good := s.payable(o, c.now, kind); !good {
		return a
	}
	s.charge(o, c.now, Payment{Mean: kind, MeanID: id, Type: paidWith(kind, free)})
	return ok(nil)
}

// readMeanID reads the id, which only some kinds must have.
func readMeanID(m members, kind string, id *int64) (answer, bool) {
	switch kind {
	case "bankAccount", "creditCard", "paypal":
		return m.read("paymentMeanId", "long", id)
	}
	return m.readIf("paymentMeanId", "long", id)
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

// meanOf is the older name of a payment method's type.
func meanOf(methodType string) string {
	switch methodType {
	case "CREDIT_CARD", "DOMESTIC_CARD", "RUPAY":
		return "creditCard"
	case "PAYPAL":
		return "paypal"
	}
	return "bankAccount"
}

// paidBy is billing.PaymentMeanEnum's word for a payment method's type.
func paidBy(methodType string) string {
	if m := meanOf(methodType); m != "bankAccount" {
		return m
	}
	return "paymentMandate"
}

// paidWith is the same for an older payment mean.
func paidWith(kind string, free bool) string {
	switch {
	case free:
		return "free"
	case kind == "fidelityAccount":
		return "fidelityPoints"
	case kind == "bankAccount":
		return "paymentMandate"
	}
	return kind
}

// getPayment answers billing.Payment, once there is one to be seen.
func (s *Server) getPayment(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	if o.paidAt.IsZero() || c.now.Before(o.paidAt.Add(o.lag)) ||
		o.cancelledAfterPay(c.now) && !s.behaviour.CancelledKeepsPayment {
		return noObject(c.args[0])
	}
	date := timestamp(o.payment.Time)
	if s.behaviour.PaymentUndated {
		date = nil
	}
	return ok(object{
		"paymentDate":       date,
		"paymentIdentifier": nil,
		"paymentType":       o.payment.Type,
	})
}
