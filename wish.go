package ovhrenew

import "slices"

// Wish is a [Request] as plain data, for a workflow engine, a queue or a file. It names
// one offer: a period, for exactly these services.
type Wish struct {
	// Service is what to renew, and From the expiry to renew it from, as in [Request].
	Service Target `json:"service"`
	From    Date   `json:"from"`
	Period  Period `json:"period"`
	// Services are all that the offer renews; if empty, the service alone.
	Services []ServiceID `json:"services,omitempty"`
	// AtMost is what the offer may cost before tax; if zero, Limit alone bounds it.
	AtMost         Money `json:"atMost,omitzero"`
	IncludeOptions bool  `json:"includeOptions,omitempty"`
	// Limit is what may be spent, tax included. It has no default.
	Limit Money `json:"limit"`
	// PayWith is a way to pay as [ParsePayment] reads it. It has no default.
	PayWith  string   `json:"payWith"`
	Guards   Guards   `json:"guards"`
	Patience Patience `json:"patience"`
}

// Request returns the request that the wish stands for; its Journal and Approve are
// missing. The error is [ErrBadInput] or [ErrNoPayment] for a wish that no service, period
// or way to pay can be read from.
func (w Wish) Request() (Request, error) {
	const call = "Wish.Request"
	switch {
	case w.Service == Target{}:
		return Request{}, badInput(call, "Wish.Service", "", "names no service")
	case !w.Period.Known():
		return Request{}, badInput(call, "Wish.Period", w.Period, "is not a period such as P1Y")
	case w.PayWith == "":
		return Request{}, &InputError{Call: call, Field: "Wish.PayWith", Why: "is missing: it says how to pay", Err: ErrNoPayment}
	}
	with, err := ParsePayment(w.PayWith)
	if err != nil {
		return Request{}, err
	}
	only := Alone
	if len(w.Services) > 0 {
		only = Only(slices.Clone(w.Services)...)
	}
	req := Request{
		Service: w.Service, IncludeOptions: w.IncludeOptions, Rules: []Rule{For(w.Period), only}, Prefer: Cheapest,
		Limit: w.Limit, PayWith: with, From: w.From, Guards: w.Guards, Patience: w.Patience,
	}
	if !w.AtMost.IsZero() {
		req.Rules = append(req.Rules, AtMost(w.AtMost))
	}
	return req, nil
}
