// These attacks aim at what is kept between runs: tasks that somebody edits, journals that
// are cut off, copied or restored, and answers of persons that race with a restart.

package safety_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// edited changes members of a task's JSON; a null removes one.
func edited(t *testing.T, task ovhrenew.Task, edits map[string]string) (ovhrenew.Task, error) {
	t.Helper()
	text, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	for name, value := range edits {
		members[name] = json.RawMessage(value)
	}
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	if text, err = json.Marshal(members); err != nil {
		t.Fatal(err)
	}
	var back ovhrenew.Task
	err = json.Unmarshal(text, &back)
	return back, err
}

// TestAttackEditedTask edits what a task says of how far it is, at each of its phases: that
// is the journal's to say. What is to be bought may change as well, and is not bought twice.
func TestAttackEditedTask(t *testing.T) {
	t.Parallel()
	receipt := `{"services":[{"serviceId":11223344,"name":"x","from":"1999-01-01","to":"1999-02-01"}],"period":"P3M","order":5,"price":"1 EUR","priceWithoutTax":"1 EUR","tax":"0 EUR","paidWith":"x","verified":"1999-01-01T00:00:00Z"}`
	for name, edits := range map[string]map[string]string{
		"begun anew": {"phase": "null", "order": "null", "next": "null", "until": "null"}, "told as paid": {"phase": `"paid"`},
		"told as renewed": {"phase": `"renewed"`, "receipt": receipt}, "another order": {"order": "5"}, "patience over": {"until": `"1999-01-01T00:00:00Z"`},
		"endless patience": {"until": `"2999-01-01T00:00:00Z"`}, "no prices": {"prices": "null"}, "another price": {"prices": `["1.00 EUR"]`},
		"no guards": {"guards": `{"early":true,"allowAutomatic":true,"anyState":true}`}, "another limit": {"limit": `"1 EUR"`},
		"no limit": {"limit": "null"}, "no services": {"services": "null"}, "another payment": {"payWith": `"payment mean paypal 1"`}, "no payment": {"payWith": "null"},
		"a name": {"services": `[{"serviceId":11223344,"name":"other","from":"2000-01-11","to":"2000-04-11"}]`}, "ignored": {"guards": `{"ignoreOrders":[123456789]}`},
	} {
		for calls := range 3 {
			if name == "ignored" && calls > 1 {
				continue // a person's word that a payment was looked at
			}
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 2 * time.Minute, DeliveryDelay: 5 * time.Minute})
				time.Sleep(time.Hour)
				h := w.host(&memoryJournal{sharing: sharing}, nil)
				runner, err := ovhrenew.NewRunner(h.api, h.journal)
				if err != nil {
					t.Fatal(err)
				}
				req := vpsFor(ovhrenew.P3M)
				req.Journal = h.journal
				task, err := runner.Propose(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				for range calls {
					if task, err = runner.Advance(t.Context(), task); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(task.Next))
				}
				if task, err = edited(t, task, edits); err == nil {
					for range 100 {
						if task, err = runner.Advance(t.Context(), task); err != nil || task.Receipt != nil {
							break
						}
						time.Sleep(time.Until(task.Next))
					}
				}
				h.truth(task.Receipt, err)
				_, _ = h.renew(vpsFor(ovhrenew.P3M))
				if n := w.server.PaymentsFor(int64(vps)); n > 1 {
					t.Errorf("%s after %d calls: paid %d times", name, calls, n)
				}
				time.Sleep(time.Hour)
				if n := w.server.PaymentsFor(int64(vps)); n > 1 {
					t.Errorf("%s after %d calls: paid %d times in the end", name, calls, n)
				}
			})
		}
	}
}

// TestAttackFoldedKeys gives a task or a state a member whose name is one of its own but for
// the case of its letters, which encoding/json would take in place of the right one.
func TestAttackFoldedKeys(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{})
		h := w.host(&memoryJournal{}, nil)
		runner, err := ovhrenew.NewRunner(h.api, h.journal)
		if err != nil {
			t.Fatal(err)
		}
		req := vpsFor(ovhrenew.P3M)
		req.Limit = ovhrenew.MustMoney("30 EUR")
		req.Journal = h.journal
		task, err := runner.Propose(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Limit": `"999 EUR"`, "LIMIT": `"999 EUR"`, "zLimit": `"999 EUR"`, "guardſ": `{"early":true}`, "pricEs": `[]`} {
			got, err := edited(t, task, map[string]string{name: value})
			if err == nil && (got.Limit != task.Limit || got.Guards.Early || len(got.Prices) != len(task.Prices)) {
				t.Errorf("with a member %q: limit %s, guards %+v, prices %v", name, got.Limit, got.Guards, got.Prices)
			}
		}
		price := `{"value":30,"currencyCode":"EUR","Value":999}` // in the API's form, whose members nothing names exactly
		if got, err := edited(t, task, map[string]string{"limit": price}); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("with a limit of %s: %s, %v, want ErrBadInput", price, got.Limit, err)
		}
	})
}

// TestAttackRestoredJournal restores the journal's directory as it was at each record of a
// renewal, an hour later, on this host and on another: nothing is paid again, and what is
// told is true.
func TestAttackRestoredJournal(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		for record := 0; ; record++ {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: 10 * time.Minute, ExpiryLag: 20 * time.Minute})
			time.Sleep(time.Hour)
			dir := t.TempDir()
			open := func(dir string) ovhrenew.Journal {
				journal, err := ovhrenew.OpenJournal(dir, sharing)
				if err != nil {
					t.Fatal(err)
				}
				return journal
			}
			saved := &savedJournal{Journal: open(dir), t: t, dir: dir}
			_, err := w.host(saved, nil).renew(vpsFor(ovhrenew.P3M))
			want(t, err, nil, "")
			if len(saved.copies) < 5 {
				t.Fatalf("there are %d records", len(saved.copies))
			}
			if record == len(saved.copies) {
				return
			}
			elsewhere := filepath.Join(t.TempDir(), "copied")
			if err := os.CopyFS(elsewhere, os.DirFS(saved.copies[record])); err != nil {
				t.Fatal(err)
			}
			for _, dir := range []string{saved.copies[record], elsewhere} {
				receipt, err := w.host(open(dir), nil).renew(vpsFor(ovhrenew.P3M))
				if err == nil && receipt.Order != ovhrenew.OrderID(w.server.Orders()[0].ID) {
					t.Errorf("restored to record %d: %v", record, receipt)
				}
			}
			w.paidFor(1, vps)
		}
	})
}

// savedJournal copies its directory when a claim was taken, and after each state.
type savedJournal struct {
	ovhrenew.Journal
	t      *testing.T
	dir    string
	copies []string
}

func (j *savedJournal) save() {
	to := filepath.Join(j.t.TempDir(), "saved")
	if err := os.CopyFS(to, os.DirFS(j.dir)); err != nil {
		j.t.Fatal(err)
	}
	j.copies = append(j.copies, to)
}

func (j *savedJournal) Claim(ctx context.Context, account string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	c, err := j.Journal.Claim(ctx, account, services...)
	if err == nil && len(j.copies) == 0 {
		j.save()
	}
	return savedClaim{c, j}, err
}

type savedClaim struct {
	ovhrenew.Claim
	j *savedJournal
}

func (c savedClaim) Append(ctx context.Context, s ovhrenew.State) error {
	defer c.j.save()
	return c.Claim.Append(ctx, s)
}

// TestAttackAnswerAndRestart ends the run while a person answers, so that the answer is lost
// or kept as it falls. What counts is what the person says at last.
func TestAttackAnswerAndRestart(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]ovhrenew.Answer{{"yes", "yes"}, {"yes", "no"}, {"no", "yes"}, {"no", "no"}, {"later", "yes"}, {"YES", "Yes", "yes"}, {"No", "no"}} {
		for _, at := range []string{"while asked", "after it"} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
				time.Sleep(time.Hour)
				journal := &memoryJournal{sharing: sharing}
				var asked atomic.Int32
				var last ovhrenew.Answer
				for i := range answers {
					ctx, cut := context.WithCancel(t.Context())
					journal.fail = func(ovhrenew.State) error {
						if at == "after it" && i < len(answers)-1 && int(asked.Load()) > i {
							return errors.New("the disk is gone")
						}
						return nil
					}
					req := vpsFor(ovhrenew.P3M)
					req.Approve = func(context.Context, ovhrenew.Approval) (ovhrenew.Answer, error) {
						n := asked.Add(1)
						if last = answers[min(int(n)-1, len(answers)-1)]; at == "while asked" && i < len(answers)-1 {
							cut()
						}
						return last, nil
					}
					_, err := w.host(journal, nil).renewWithin(ctx, req)
					cut()
					switch {
					case i < len(answers)-1 && err == nil:
						t.Errorf("%v, cut %s: renewed at the %d. answer", answers, at, i+1)
					case i == len(answers)-1 && last == "yes":
						want(t, err, nil, "")
					case i == len(answers)-1:
						want(t, err, ovhrenew.ErrRejected, ovhrenew.PaidNo)
					}
				}
				paid := 0
				if last == "yes" {
					paid = 1
				}
				w.paidFor(paid, vps)
			})
		}
	}
}
