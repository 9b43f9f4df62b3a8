package ovhrenewtest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// PaymentMethod is one that the account has registered, for /pay.
type PaymentMethod struct {
	// ID is assigned if zero.
	ID int64
	// Type is CREDIT_CARD (if empty), PAYPAL, BANK_ACCOUNT, SEPA_DIRECT_DEBIT …
	Type string
	// SubType is that of a card, such as VISA.
	SubType string
	// Status is VALID if empty.
	Status string
	// Default is the one that OVHcloud uses by itself.
	Default bool
	// MeanID is the id of the same thing as an older payment mean; none if zero.
	MeanID int64
	// OneClick says whether it pays without asking its owner; null if nil.
	OneClick *bool
	// Integration is how its owner registered it, such as IN_CONTEXT or REDIRECT;
	// null if empty.
	Integration string
	// RefusedForOrders refuses it for every order.
	RefusedForOrders bool
}

// mean is an older payment mean, for /payWithRegisteredPaymentMean.
type mean struct {
	kind string
	id   int64
}

// wallet is what the account can pay with.
type wallet struct {
	methods []*PaymentMethod
	means   []mean
	prepaid Amount
	points  int64
}

// AddPaymentMethod registers a payment method and returns its id.
func (s *Server) AddPaymentMethod(add PaymentMethod) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if add.ID == 0 {
		add.ID = 5_701_001
		for s.method(add.ID) != nil {
			add.ID++
		}
	}
	if s.method(add.ID) != nil {
		s.failLocked("AddPaymentMethod(%d): there is such a method already", add.ID)
		return add.ID
	}
	add.Type, add.Status = or(add.Type, "CREDIT_CARD"), or(add.Status, "VALID")
	s.wallet.methods = append(s.wallet.methods, &add)
	return add.ID
}

// ChangePaymentMethod changes anything of a payment method but its id.
func (s *Server) ChangePaymentMethod(id int64, change func(*PaymentMethod)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.method(id)
	if m == nil {
		s.failLocked("ChangePaymentMethod(%d): no such method", id)
		return
	}
	change(m)
	m.ID = id
}

// AddPaymentMean registers an older payment mean: bankAccount, creditCard, paypal,
// fidelityAccount or ovhAccount. The last two have no id. Orders that cost nothing
// can be paid with the fidelityAccount of any account.
func (s *Server) AddPaymentMean(kind string, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(reusableMeans, kind) {
		s.failLocked("AddPaymentMean(%s): there is no such kind", kind)
	}
	s.wallet.means = append(s.wallet.means, mean{kind, id})
}

// SetPrepaid puts money, such as "100.00", on the account's ovhAccount.
func (s *Server) SetPrepaid(balance string) {
	amount, err := parseAmount(balance)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.failLocked("SetPrepaid: %v", err)
	}
	s.wallet.prepaid = amount
}

// SetPoints puts points on the account's fidelityAccount. One pays for one unit of
// the currency.
func (s *Server) SetPoints(points int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wallet.points = points
}

func (s *Server) method(id int64) *PaymentMethod {
	i := slices.IndexFunc(s.wallet.methods, func(m *PaymentMethod) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return s.wallet.methods[i]
}

// refuses says whether orders cannot be paid with a method.
func (s *Server) refuses(m *PaymentMethod) bool {
	return m.Status != "VALID" || m.RefusedForOrders || m.Default && s.behaviour.DefaultRefused
}

// paymentIcon is the same for all: nobody looks at it.
var paymentIcon = object{"data": nil, "name": "payment", "url": nil}

// methodObject is me.payment.PaymentMethod and payment.method.PaymentMethod.
func methodObject(m *PaymentMethod) object {
	created := time.Date(2025, 3, 4, 10, 20, 30, 0, time.UTC)
	body := object{
		"billingContactId": nil,
		"creationDate":     timestamp(created),
		"default":          m.Default,
		"description":      nil,
		"expirationDate":   nil,
		"formSessionId":    nil,
		"icon":             paymentIcon,
		"integration":      nil,
		"label":            "****" + strconv.FormatInt(m.ID%10_000, 10),
		"lastUpdate":       timestamp(created),
		"merchantId":       nil,
		"oneclick":         m.OneClick,
		"paymentMeanId":    nil,
		"paymentMethodId":  m.ID,
		"paymentSubType":   nil,
		"paymentType":      m.Type,
		"status":           m.Status,
	}
	if m.Integration != "" {
		body["integration"] = m.Integration
	}
	if m.SubType != "" {
		body["paymentSubType"] = m.SubType
	}
	if m.MeanID != 0 {
		body["paymentMeanId"] = m.MeanID
	}
	return body
}

// methodStatuses is me.payment.method.StatusEnum.
var methodStatuses = []string{
	"CANCELED", "CANCELING", "CREATED", "CREATING", "ERROR", "EXPIRED", "FAILED", "MAINTENANCE", "PAUSED",
	"REJECTED", "REPLACED", "VALID", "VALIDATING",
}

func (s *Server) listPaymentMethods(c *call) answer {
	query := c.query
	status, a, good := c.enum("status", "StatusEnum", methodStatuses...)
	if !good {
		return a
	}
	methods := slices.DeleteFunc(slices.Clone(s.wallet.methods), func(m *PaymentMethod) bool {
		return query.Has("default") && strconv.FormatBool(m.Default) != strings.ToLower(query.Get("default")) ||
			status != "" && m.Status != status ||
			query.Has("paymentType") && m.Type != query.Get("paymentType")
	})
	return list(s, c, methods,
		func(m *PaymentMethod) int64 { return m.ID },
		func(m *PaymentMethod) any { return methodObject(m) })
}

func (s *Server) getPaymentMethod(c *call) answer {
	id, a, good := c.long(0, "paymentMethodId")
	if !good {
		return a
	}
	m := s.method(id)
	if m == nil {
		return noObject(c.args[0])
	}
	return ok(methodObject(m))
}

// getOrderMethods answers billing.order.PaymentMethods.
func (s *Server) getOrderMethods(c *call) answer {
	_, a, good := s.orderOf(c)
	if !good {
		return a
	}
	registered, objects := []int64{}, []object{}
	for _, m := range s.wallet.methods {
		if s.refuses(m) && !s.behaviour.RefusedListed {
			continue
		}
		registered = append(registered, m.ID)
		if !s.behaviour.PaymentMethodIDsOnly {
			objects = append(objects, methodObject(m))
		}
	}
	return ok(object{
		"registered":     registered,
		"paymentMethods": objects,
		"available": []object{{
			"formSessionId": nil, "icon": paymentIcon, "integration": "IN_CONTEXT", "merchantId": nil,
			"oneshot": true, "organizationId": nil, "paymentSubType": nil, "paymentType": "CREDIT_CARD",
			"registerable": true, "registerableWithTransaction": true,
		}},
	})
}

// getAvailableMeans answers billing.order.RegisteredPaymentMean[].
func (s *Server) getAvailableMeans(c *call) answer {
	o, a, good := s.orderOf(c)
	if !good {
		return a
	}
	var kinds []string
	if o.WithTax == 0 || s.affords("fidelityAccount", o) {
		kinds = append(kinds, "fidelityAccount")
	}
	for _, m := range s.wallet.means {
		if !slices.Contains(kinds, m.kind) && s.affords(m.kind, o) {
			kinds = append(kinds, m.kind)
		}
	}
	means := []object{}
	for _, kind := range kinds {
		means = append(means, object{"paymentMean": kind})
	}
	return ok(means)
}

// affords says whether there is enough on an account for an order. Other means
// have no limit.
func (s *Server) affords(kind string, o *order) bool {
	switch kind {
	case "ovhAccount":
		return s.wallet.prepaid >= o.WithTax
	case "fidelityAccount":
		return Amount(s.wallet.points)*unit >= o.WithTax
	}
	return true
}
