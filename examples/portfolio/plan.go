package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ovhrenew/ovhrenew"
)

// makePlan surveys the account and plans. It tells of services that cannot be read,
// counts them, and plans without them.
func makePlan(ctx context.Context, api ovhrenew.SurveyReader, policy ovhrenew.Policy, show *progress) (plan *ovhrenew.Plan, unread int, err error) {
	defer show.clear()
	wants, err := policy.Wants(today())
	if err != nil {
		return nil, 0, err
	}
	var services []ovhrenew.Surveyed
	offers := 0
	for service, err := range ovhrenew.Survey(ctx, api, ovhrenew.SurveyQuery{Offers: wants}) {
		if failed, ok := errors.AsType[*ovhrenew.SurveyError](err); ok {
			unread++
			show.line("Not read: %v", failed)
			if service.Name == "" {
				continue
			}
		} else if err != nil {
			return nil, 0, fmt.Errorf("the account was not read to its end: %w", err)
		}
		services = append(services, service)
		if service.OffersRead {
			offers++
		}
		show.status("Reading the account: %d services, the offers of %d", len(services), offers)
	}
	plan, err = ovhrenew.MakePlan(services, policy, today())
	return plan, unread, err
}

// readPlan reads the plan file, if one is named.
func (o *options) readPlan() (*ovhrenew.Plan, error) {
	if o.planFile == "" {
		return nil, nil
	}
	data, err := os.ReadFile(o.planFile)
	if err != nil {
		return nil, usageError{err}
	}
	plan := &ovhrenew.Plan{}
	if err := decodeStrictly(data, plan); err != nil {
		return nil, usage("%s: %w", o.planFile, err)
	}
	totals, err := plan.Totals()
	if err != nil {
		return nil, usage("%s: %w", o.planFile, err)
	}
	if limits := o.policy.Total; len(limits) > 0 && !repeats(limits, totals) {
		return nil, usage("the total of %s is %s, and -limit says %s", o.planFile, amounts(totals), amounts(limits))
	}
	return plan, nil
}

// writePlan writes the plan to the file that -o names. There is never half of it.
func (o *options) writePlan(plan *ovhrenew.Plan) error {
	if o.output == "" {
		return nil
	}
	data, err := json.MarshalIndent(plan, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(o.output), ".portfolio-*") // for its owner's eyes
	if err != nil {
		return err
	}
	_, err = file.Write(append(data, '\n'))
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), o.output)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// decodeStrictly decodes one JSON value and lets nothing pass that is unknown or
// comes after it.
func decodeStrictly(data []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return err
	}
	if decoder.More() {
		return errors.New("has something after its end")
	}
	return nil
}
