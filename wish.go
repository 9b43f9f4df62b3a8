package ovhrenew

// Wish is a [Request] as plain data, for a queue, a workflow engine or a file.
type Wish struct {
	Service        Target      `json:"service"`
	IncludeOptions bool        `json:"includeOptions,omitempty"`
	Period         Period      `json:"period"` // as with For
	Alone          bool        `json:"alone,omitempty"`
	Only           []ServiceID `json:"only,omitempty"`
	AtMost         Money       `json:"atMost,omitzero"`
	Limit          Money       `json:"limit"`   // tax included
	PayWith        string      `json:"payWith"` // as ParsePayment reads it
	From           Date        `json:"from,omitzero"`
	Guards         Guards      `json:"guards,omitzero"`
	Patience       Patience    `json:"patience,omitzero"`
	Approve        bool        `json:"approve,omitempty"` // ask Runner.Approve before paying
}

// UnmarshalJSON reads a wish. The error is [ErrBadInput] for a member that is there twice or
// named otherwise: it might be a bound.
func (w *Wish) UnmarshalJSON(data []byte) error {
	type plain Wish
	read, err := exactly[plain]("Wish", data)
	*w = Wish(read)
	return err
}

// Request returns the wish as [Runner.Propose] takes it. The error is [ErrBadInput],
// [ErrNoLimit] or [ErrNoPayment] for a wish that cannot be carried out.
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
