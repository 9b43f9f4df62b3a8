package ovhrenew

// Wish is a renewal that is wanted, as plain data: a [Request] for a queue, a workflow
// engine or a file. It survives JSON. The rules are those that it has fields for.
type Wish struct {
	Service        Target `json:"service"`
	IncludeOptions bool   `json:"includeOptions,omitempty"`
	// Period is how long to renew for, as with [For]. It has no default.
	Period Period `json:"period"`
	// Alone, Only and AtMost are the rules of their names, where they are set.
	Alone  bool        `json:"alone,omitempty"`
	Only   []ServiceID `json:"only,omitempty"`
	AtMost Money       `json:"atMost,omitzero"`
	// Limit is what may be spent, tax included. It has no default.
	Limit Money `json:"limit"`
	// PayWith is how to pay, as [ParsePayment] reads it. It has no default.
	PayWith string `json:"payWith"`
	// From is as in [Request].
	From     Date     `json:"from,omitzero"`
	Guards   Guards   `json:"guards,omitzero"`
	Patience Patience `json:"patience,omitzero"`
	// Approve asks [Runner.Approve] before the order is paid.
	Approve bool `json:"approve,omitempty"`
}

// Request returns the wish as [Runner.Propose] takes it. The error is [ErrBadInput],
// [ErrNoLimit] or [ErrNoPayment] for a wish that cannot be meant.
func (w Wish) Request() (Request, error) {
	const call = "Wish.Request"
	if !w.Period.Known() {
		return Request{}, badInput(call, "Wish.Period", w.Period, "has no known length")
	}
	req := Request{
		Service: w.Service, IncludeOptions: w.IncludeOptions, Rules: []Rule{For(w.Period)},
		Limit: w.Limit, From: w.From, Guards: w.Guards, Patience: w.Patience,
	}
	if w.Alone {
		req.Rules = append(req.Rules, Alone)
	}
	if len(w.Only) > 0 {
		req.Rules = append(req.Rules, Only(w.Only...))
	}
	if !w.AtMost.IsZero() {
		req.Rules = append(req.Rules, AtMost(w.AtMost))
	}
	if w.Approve {
		req.Approve = undecided
	}
	if w.PayWith != "" {
		var err error
		if req.PayWith, err = ParsePayment(w.PayWith); err != nil {
			return Request{}, err
		}
	}
	if err := checkSpending(call, "Wish", req.Limit, req.PayWith); err != nil {
		return Request{}, err
	}
	return req, req.check(call)
}
