package ovhrenewtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// PaymentMethod is one that the account has registered, for /pay.
type PaymentMethod struct {
	ID int64 // assigned if zero
	// Type is CREDIT_CARD (if empty), PAYPAL, BANK_ACCOUNT, SEPA_DIRECT_DEBIT …
	Type     string
	SubType  string // that of a card, such as VISA
	Status   string // VALID if empty
	Default  bool   // the one that OVHcloud uses by itself
	MeanID   int64  // the id of the same thing as an older payment mean; none if zero
	OneClick *bool  // whether it pays without asking its owner; null if nil
	// Integration is how its owner registered it, such as IN_CONTEXT or REDIRECT;
	// null if empty.
	Integration      string
	RefusedForOrders bool // refuses it for every order
}

type mean struct {
	kind string
	id   int64
}

type wallet struct {
	methods []*PaymentMethod
	means   []mean
	prepaid Amount
	points  int64
}

// AddPaymentMethod registers a payment method and returns its id.
func (s *Server) AddPaymentMethod(add PaymentMethod) int64 {
	defer s.lock()()
	for next := int64(5_701_001); add.ID == 0; next++ {
		if s.method(next) == nil {
			add.ID = next
		}
	}
	if s.method(add.ID) != nil {
		s.fail("AddPaymentMethod(%d): there is such a method already", add.ID)
		return add.ID
	}
	add.Type, add.Status = cmp.Or(add.Type, "CREDIT_CARD"), cmp.Or(add.Status, "VALID")
	s.wallet.methods = append(s.wallet.methods, &add)
	return add.ID
}

// ChangePaymentMethod changes anything of a payment method but its id.
func (s *Server) ChangePaymentMethod(id int64, change func(*PaymentMethod)) {
	defer s.lock()()
	m := s.method(id)
	if m == nil {
		s.fail("ChangePaymentMethod(%d): no such method", id)
		return
	}
	change(m)
	m.ID = id
}

// AddPaymentMean registers an older payment mean: bankAccount, creditCard, paypal,
// fidelityAccount or ovhAccount. The last two have no id. Orders that cost nothing
// can be paid with the fidelityAccount of any account.
func (s *Server) AddPaymentMean(kind string, id int64) {
	defer s.lock()()
	if !slices.Contains(reusableMeans, kind) {
		s.fail("AddPaymentMean(%s): there is no such kind", kind)
	}
	s.wallet.means = append(s.wallet.means, mean{kind, id})
}

// SetPrepaid puts money, such as "100.00", on the account's ovhAccount.
func (s *Server) SetPrepaid(balance string) {
	defer s.lock()()
	s.wallet.prepaid = s.amount("SetPrepaid", balance)
}

// SetPoints puts points on the account's fidelityAccount. One pays for one unit of
// the currency.
func (s *Server) SetPoints(points int64) {
	defer s.lock()()
	s.wallet.points = points
}

func (s *Server) method(id int64) *PaymentMethod {
	return first(s.wallet.methods, func(m *PaymentMethod) bool { return m.ID == id })
}

func (s *Server) refuses(m *PaymentMethod) bool {
	return m.Status != "VALID" || m.RefusedForOrders || m.Default && s.behaviour.DefaultRefused
}

// paymentIcon is the same for all: nobody looks at it.
var paymentIcon = object{"data": nil, "name": "payment", "url": nil}

// methodObject is me.payment.PaymentMethod and payment.method.PaymentMethod.
func methodObject(m *PaymentMethod) any {
	const created = "2025-03-04T11:20:30+01:00"
	return object{
		"billingContactId": nil,
		"creationDate":     created,
		"default":          m.Default,
		"description":      nil,
		"expirationDate":   nil,
		"formSessionId":    nil,
		"icon":             paymentIcon,
		"integration":      orNull(m.Integration),
		"label":            "****" + formatID(m.ID%10_000),
		"lastUpdate":       created,
		"merchantId":       nil,
		"oneclick":         m.OneClick,
		"paymentMeanId":    orNull(m.MeanID),
		"paymentMethodId":  m.ID,
		"paymentSubType":   orNull(m.SubType),
		"paymentType":      m.Type,
		"status":           m.Status,
	}
}

// methodStatuses is me.payment.method.StatusEnum.
var methodStatuses = []string{
	"CANCELED", "CANCELING", "CREATED", "CREATING", "ERROR", "EXPIRED", "FAILED", "MAINTENANCE", "PAUSED",
	"REJECTED", "REPLACED", "VALID", "VALIDATING",
}

func (s *Server) listPaymentMethods(c *call) any {
	c.enum("status", "StatusEnum", methodStatuses...)
	fits := func(name, value string) bool {
		return c.query.Get(name) == "" || strings.EqualFold(c.query.Get(name), value)
	}
	methods := slices.DeleteFunc(slices.Clone(s.wallet.methods), func(m *PaymentMethod) bool {
		return !fits("default", strconv.FormatBool(m.Default)) || !fits("status", m.Status) || !fits("paymentType", m.Type)
	})
	return list(s, c, methods, func(m *PaymentMethod) int64 { return m.ID }, methodObject)
}

func (s *Server) getPaymentMethod(c *call) any {
	m := s.method(c.long(0, "paymentMethodId"))
	if m == nil {
		return c.noObject(c.args[0])
	}
	return methodObject(m)
}

// getOrderMethods answers billing.order.PaymentMethods.
func (s *Server) getOrderMethods(*call, *order) any {
	usable := filter(s.wallet.methods, func(m *PaymentMethod) bool { return !s.refuses(m) || s.behaviour.RefusedListed })
	objects := each(usable, methodObject)
	if s.behaviour.PaymentMethodIDsOnly {
		objects = []any{}
	}
	return object{
		"registered":     each(usable, func(m *PaymentMethod) int64 { return m.ID }),
		"paymentMethods": objects,
		"available": []object{{
			"formSessionId": nil, "icon": paymentIcon, "integration": "IN_CONTEXT", "merchantId": nil,
			"oneshot": true, "organizationId": nil, "paymentSubType": nil, "paymentType": "CREDIT_CARD",
			"registerable": true, "registerableWithTransaction": true,
		}},
	}
}

// getAvailableMeans answers billing.order.RegisteredPaymentMean[].
func (s *Server) getAvailableMeans(_ *call, o *order) any {
	means := append([]mean{{kind: "fidelityAccount"}}, s.wallet.means...)
	kinds := distinct(each(means, func(m mean) string { return m.kind }))
	kinds = filter(kinds, func(kind string) bool { return s.affords(kind, o) })
	return each(kinds, func(kind string) object { return object{"paymentMean": kind} })
}

// affords says whether there is enough for an order. Other means have no limit.
func (s *Server) affords(kind string, o *order) bool {
	switch kind {
	case "ovhAccount":
		return s.wallet.prepaid >= o.WithTax
	case "fidelityAccount":
		return Amount(s.wallet.points)*unit >= o.WithTax
	}
	return true
}
