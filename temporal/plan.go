package temporal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// ReadPlan is the input of the activity that reads items of a plan.
type ReadPlan struct {
	Account string `json:"account"`
	Plan    string `json:"plan"`
	From    int    `json:"from"`
	// Digest is that of the plan as it was read first; empty at first.
	Digest string `json:"digest,omitempty"`
}

// PlanPage is its result.
type PlanPage struct {
	Items int `json:"items"`
	// Digest identifies the plan's content, and Fingerprint what it was made from.
	Digest      string               `json:"digest"`
	Fingerprint string               `json:"fingerprint"`
	Total       []ovhrenew.Money     `json:"total"`
	Guards      ovhrenew.Guards      `json:"guards"`
	From        int                  `json:"from"`
	Page        []portfolio.PlanItem `json:"page"`
	// Verified says that the journal holds a verified renewal of the account. It is only
	// looked for with the first page.
	Verified bool `json:"verified,omitempty"`
}

// errPlanChanged says that a plan is another than the one that the workflow began with.
var errPlanChanged = errors.New("the plan has changed since its application began: apply what it is now by another reference")

// readPlan is the activity that reads a page of a plan. A plan that has changed since is
// refused: a person has approved of the one that was read first.
func (a *activities) readPlan(ctx context.Context, in ReadPlan) (PlanPage, error) {
	defer alive(ctx)()
	if a.config.Plan == nil {
		return PlanPage{}, errors.New("this worker has no Config.Plan")
	}
	plan, err := a.config.Plan(ctx, in.Account, in.Plan)
	switch {
	case errors.Is(err, ovhrenew.ErrBadInput):
		return PlanPage{}, refused(err).Err()
	case err != nil:
		return PlanPage{}, err
	case plan == nil:
		return PlanPage{}, errors.New("Config.Plan returned no plan")
	}
	if err := checkPlan(plan); err != nil {
		return PlanPage{}, refused(err).Err()
	}
	text, err := json.Marshal(plan)
	if err != nil {
		return PlanPage{}, refused(err).Err()
	}
	sum := sha256.Sum256(text)
	page := PlanPage{
		Items: len(plan.Items), Digest: hex.EncodeToString(sum[:]), Fingerprint: plan.Fingerprint,
		Total: plan.Policy.Total, Guards: plan.Policy.Guards(), From: in.From,
	}
	if in.Digest != "" && in.Digest != page.Digest {
		return PlanPage{}, Failure{Reaction: ovhrenew.ReactNever, Outcome: portfolio.OutcomeSkipped, Paid: ovhrenew.PaidNo, Why: errPlanChanged.Error()}.Err()
	}
	if in.From < len(plan.Items) {
		page.Page = plan.Items[in.From:min(in.From+planPage, len(plan.Items))]
	}
	if in.Digest == "" {
		page.Verified, err = a.verified(ctx, in.Account)
	}
	return page, err
}

// checkPlan refuses a plan that a workflow does not carry out. Only one run at a time may
// spend what a month has left by a journal, and a workflow outlives every process that
// could hold the journal to it.
func checkPlan(plan *portfolio.Plan) error {
	if months := plan.Policy.PerMonth; len(months) > 0 {
		return &ovhrenew.InputError{
			Call: "ApplyPlan", Field: "Policy.PerMonth", Value: months[0].String(),
			Why: "is not kept by a workflow: make the plan with a Total that is within it, and apply one plan at a time",
		}
	}
	return plan.Check()
}

// verified reports whether the journal holds a verified renewal of the account.
func (a *activities) verified(ctx context.Context, name string) (bool, error) {
	o, err := a.account(ctx, name)
	if err != nil {
		return false, err
	}
	id, err := o.Client.Account(ctx)
	if err != nil {
		return false, err
	}
	for _, err := range o.Journal.Receipts(ctx, id, time.Time{}) {
		return err == nil, err
	}
	return false, nil
}
