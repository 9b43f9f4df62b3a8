package ovhrenew

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Payment is a way to pay an order: a [Method], a [Mean], or the [DefaultMethod].
type Payment interface {
	fmt.Stringer
	payment()
}

// Method is a payment method of the account, by its number.
type Method int64

// Mean is a payment mean, the API's older way to pay. It is the only one for points
// (fidelityAccount, which orders of 0 need too) and for prepaid money (ovhAccount).
type Mean struct {
	Kind MeanKind `json:"kind"`
	ID   int64    `json:"id,omitempty"` // for bankAccount, creditCard and paypal
}

type defaultMethod struct{}

// DefaultMethod is the account's default payment method, which a [Runner] looks up hourly.
var DefaultMethod Payment = defaultMethod{}

func (Method) payment()        {}
func (Mean) payment()          {}
func (defaultMethod) payment() {}

func (m Method) String() string { return "payment method " + strconv.FormatInt(int64(m), 10) }

func (m Mean) String() string {
	if m.ID == 0 {
		return "payment mean " + string(m.Kind)
	}
	return fmt.Sprintf("payment mean %s %d", m.Kind, m.ID)
}

// String names the default method.
func (defaultMethod) String() string { return "the default payment method" }

// ParsePayment reads what String of a Payment returned. The error is [ErrBadInput].
func ParsePayment(text string) (Payment, error) {
	if text == DefaultMethod.String() {
		return DefaultMethod, nil
	}
	words := strings.Fields(text)
	if len(words) >= 3 && words[0] == "payment" {
		id, err := strconv.ParseInt(words[len(words)-1], 10, 64)
		numbered := err == nil && id > 0
		switch {
		case words[1] == "method" && len(words) == 3 && numbered:
			return Method(id), nil
		case words[1] == "mean" && len(words) == 3:
			return Mean{Kind: MeanKind(words[2])}, nil
		case words[1] == "mean" && len(words) == 4 && numbered:
			return Mean{Kind: MeanKind(words[2]), ID: id}, nil
		}
	}
	return nil, badInput("ParsePayment", "text", text, `names no way to pay: want for example "the default payment method", "payment method 42" or "payment mean paypal 1234"`)
}

// PaymentMethod is a payment method of the account.
// API: me.payment.PaymentMethod, payment.method.PaymentMethod
type PaymentMethod struct {
	PaymentMethodID  Method    `json:"paymentMethodId"`
	PaymentMeanID    int64     `json:"paymentMeanId"` // 0: none
	PaymentType      string    `json:"paymentType"`
	PaymentSubType   string    `json:"paymentSubType"`
	Status           string    `json:"status"`
	Default          bool      `json:"default"`
	Label            string    `json:"label"`
	Description      string    `json:"description"`
	Integration      string    `json:"integration"`
	OneClick         *bool     `json:"oneclick"` // decides nothing alone; nil: not said
	CreationDate     Timestamp `json:"creationDate"`
	LastUpdate       Timestamp `json:"lastUpdate"`
	ExpirationDate   Timestamp `json:"expirationDate"`
	BillingContactID int64     `json:"billingContactId"`
	MerchantID       string    `json:"merchantId"`
}

func (o PaymentMethod) identity() string { return identity(o.PaymentMethodID) }

// OrderPaymentMethods is what an order can be paid with.
// API: billing.order.PaymentMethods
type OrderPaymentMethods struct {
	Registered     []Method        `json:"registered"`
	PaymentMethods []PaymentMethod `json:"paymentMethods"` // the same as whole objects
}

// PaymentMethods streams the account's payment methods.
// API: GET /me/payment/method, expanded
func (a *API) PaymentMethods(ctx context.Context) iter.Seq2[PaymentMethod, error] {
	return list[PaymentMethod](ctx, a, listing{
		request: request{route: "GET /me/payment/method", head: fresh},
		item:    "GET /me/payment/method/{paymentMethodId}",
	})
}

// OrderPaymentMethods lists the payment methods that an order takes.
// API: GET /me/order/{orderId}/paymentMethods
func (a *API) OrderPaymentMethods(ctx context.Context, id OrderID) (OrderPaymentMethods, error) {
	return byID[OrderPaymentMethods](ctx, a, "OrderPaymentMethods", "GET /me/order/{orderId}/paymentMethods", id)
}

// OrderPaymentMeans lists the older payment means that an order takes.
// API: GET /me/order/{orderId}/availableRegisteredPaymentMean
func (a *API) OrderPaymentMeans(ctx context.Context, id OrderID) ([]MeanKind, error) {
	means, err := byID[[]struct {
		PaymentMean MeanKind `json:"paymentMean"`
	}](ctx, a, "OrderPaymentMeans", "GET /me/order/{orderId}/availableRegisteredPaymentMean", id)
	if err != nil {
		return nil, err
	}
	kinds := make([]MeanKind, 0, len(means))
	for _, mean := range means {
		if mean.PaymentMean != "" { // null says that there is none
			kinds = append(kinds, mean.PaymentMean)
		}
	}
	return kinds, nil
}

// Pay pays an order with a [Method] or a [Mean]. [CheckPayment] turns the
// [DefaultMethod] into one. The request is sent once. The error is [ErrCannotPay] if the
// order does not take it, [ErrUnsure] if the order may have been paid all the same. Any
// other means that nothing was sent, or that the API refused. Success means that
// the API took the request; [API.OrderStatus] tells what came of it.
// API: POST /me/order/{orderId}/pay, or POST /me/order/{orderId}/payWithRegisteredPaymentMean for a Mean
func (a *API) Pay(ctx context.Context, id OrderID, with Payment) error {
	if err := checkID("Pay", "id", id); err != nil {
		return err
	}
	if err := checkPayment("Pay", "with", with); err != nil {
		return err
	}
	r := request{args: []string{id.String()}, kind: transport.Spend}
	switch with := with.(type) {
	case Method:
		r.route = "POST /me/order/{orderId}/pay"
		r.body = map[string]any{"paymentMethod": map[string]any{"id": with}}
	case Mean:
		r.route = "POST /me/order/{orderId}/payWithRegisteredPaymentMean"
		r.body = map[string]any{"paymentMean": with.Kind}
		if with.ID != 0 {
			r.body = map[string]any{"paymentMean": with.Kind, "paymentMeanId": with.ID}
		}
	default:
		return badInput("Pay", "with", with, "must be resolved by CheckPayment first")
	}
	response, call, err := a.send(ctx, r)
	// The API answers null. Anything else may be a gateway's page, or an error in the
	// form of a success, which say nothing about the payment.
	if err == nil {
		if body := bytes.TrimSpace(response.Body); len(body) > 0 && string(body) != "null" {
			err = fmt.Errorf("%s: %w: the answer is not null (got %s)", call, ErrMalformed, got(body))
		}
	}
	return unsure(err)
}

func checkPayment(call, field string, with Payment) error {
	switch with := with.(type) {
	case defaultMethod:
		return nil
	case Method:
		if with <= 0 {
			return badInput(call, field, with, "has no valid id")
		}
		return nil
	case Mean:
		// The schema says of paymentMeanId: mandatory for these three.
		needsID := with.Kind == MeanBankAccount || with.Kind == MeanCreditCard || with.Kind == MeanPaypal
		switch {
		case with.Kind == "" || strings.Contains(string(with.Kind), " ") || unprintable(string(with.Kind)):
			return badInput(call, field, nil, "is a Mean without a valid Kind")
		case with.ID < 0 || needsID && with.ID == 0:
			return badInput(call, field, with, "has no valid id, which this kind needs")
		}
		return nil
	}
	return &InputError{Call: call, Field: field, Why: "is missing: it says how to pay", Err: ErrNoPayment}
}

// CheckPayment returns the [Method] or [Mean] that pays an order without a person. The
// [DefaultMethod] is looked up; no other is tried. The error is [ErrNoPayment], or
// [ErrNeedsHuman] if a person has to confirm.
// API: GET /me/order/{orderId}/paymentMethods, or .../availableRegisteredPaymentMean
func CheckPayment(ctx context.Context, r Reader, order OrderID, with Payment) (Payment, error) {
	if err := checkPayment("CheckPayment", "with", with); err != nil {
		return nil, err
	}
	if mean, ok := with.(Mean); ok {
		kinds, err := r.OrderPaymentMeans(ctx, order)
		if err == nil && !slices.Contains(kinds, mean.Kind) {
			err = fmt.Errorf("%w: order %d does not take %v (it takes: %s)", ErrNoPayment, order, mean, listed(kinds))
		}
		if err != nil {
			return nil, err
		}
		return mean, nil
	}
	usable, err := r.OrderPaymentMethods(ctx, order)
	if err != nil {
		return nil, err
	}
	// An order lists its methods as whole objects, or by their numbers alone.
	var method PaymentMethod
	if i := slices.IndexFunc(usable.PaymentMethods, isMethod(with)); i >= 0 {
		method = usable.PaymentMethods[i]
	} else if method, err = accountMethod(ctx, r, with); err != nil {
		return nil, err
	}
	id := method.PaymentMethodID
	taken := slices.Contains(usable.Registered, id)
	switch err := method.checkStatus(); {
	case !taken && method.OneClick != nil && !*method.OneClick && err == nil:
		// Valid cards are recorded with oneclick false: alone it decides nothing. An
		// order that does not list such a method wants it confirmed by a person.
		return nil, fmt.Errorf("%w: order %d does not take %v (%s) without a confirmation: pay it at its link (StepError.Link)", ErrNeedsHuman, order, id, method.PaymentType)
	case !taken:
		return nil, fmt.Errorf("%w: order %d does not take %v (it takes: %s)", ErrNoPayment, order, id, listed(usable.Registered))
	case err != nil:
		return nil, err
	}
	return id, nil
}

// accountMethod finds the method in the account. Another one that cannot be read is not in
// its way.
func accountMethod(ctx context.Context, r Reader, with Payment) (PaymentMethod, error) {
	want := isMethod(with)
	var unread error
	for method, err := range r.PaymentMethods(ctx) {
		_, single := errors.AsType[*ElementError](err)
		switch {
		case err == nil && want(method):
			return method, nil
		case err == nil, single && errors.Is(err, ErrNotFound): // it is gone
		case unread == nil:
			unread = err
		}
	}
	if unread != nil {
		return PaymentMethod{}, unread
	}
	return PaymentMethod{}, fmt.Errorf("%w: the account has no %s", ErrNoPayment, strings.TrimPrefix(with.String(), "the "))
}

func isMethod(with Payment) func(PaymentMethod) bool {
	return func(m PaymentMethod) bool {
		if id, ok := with.(Method); ok {
			return m.PaymentMethodID == id
		}
		return m.Default
	}
}

// checkAccount refuses, before anything is ordered, a payment method that no order will
// take: one that is not there, or not valid. The rest only an order tells, and
// [CheckPayment] asks it: about means, and where one may not look at the account's. The
// note says what may want a person, and refuses nothing.
func checkAccount(ctx context.Context, r Reader, with Payment) (note string, err error) {
	if _, ok := with.(Mean); ok {
		return "", nil
	}
	method, err := accountMethod(ctx, r, with)
	switch {
	case errors.Is(err, ErrDenied) || errors.Is(err, ErrUnsupported):
		return "", nil
	case err != nil:
		return "", err
	}
	if method.OneClick != nil && !*method.OneClick {
		note = fmt.Sprintf("%v is not marked for one click, as many a valid card is not: the order tells whether it takes it without a confirmation", method.PaymentMethodID)
	}
	return note, method.checkStatus()
}

func (m PaymentMethod) checkStatus() error {
	if m.Status != methodValid {
		return fmt.Errorf("%w: the status of %v is %s, not %s", ErrNoPayment, m.PaymentMethodID, cmp.Or(m.Status, "not said"), methodValid)
	}
	return nil
}
