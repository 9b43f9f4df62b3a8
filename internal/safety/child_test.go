// The processes that other tests start and kill.

package safety_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A job is what a child process is to do: a list of renewals, one after the other.
type job struct {
	Endpoint string
	Keys     ovhrenewtest.Credentials
	Journal  string
	Sharing  ovhrenew.Sharing
	Settle   time.Duration
	Renewals []jobRenewal
}

// jobRenewal is one renewal of a job.
type jobRenewal struct {
	Service  ovhrenew.ServiceID
	Services []ovhrenew.ServiceID
	Period   ovhrenew.Period
	From     ovhrenew.Date
	Limit    ovhrenew.Money
	PayWith  string
}

func (r jobRenewal) request(j job, journal ovhrenew.Journal) (ovhrenew.Request, error) {
	with, err := ovhrenew.ParsePayment(r.PayWith)
	return ovhrenew.Request{
		Service: ovhrenew.ID(r.Service), Rules: []ovhrenew.Rule{ovhrenew.For(r.Period), ovhrenew.Only(r.Services...)},
		Limit: r.Limit, PayWith: with, From: r.From, Journal: journal,
		Patience: ovhrenew.Patience{Poll: 2 * time.Millisecond, Settle: j.Settle, Delivery: 10 * time.Second},
	}, err
}

// The exit codes of a child.
const (
	exitDone    = 0 // everything is renewed
	exitRefused = 3 // something was refused: what, is on its standard error
)

// TestChild is what a child process does. It is no test by itself.
func TestChild(t *testing.T) {
	text := os.Getenv("SAFETY_CHILD_JOB")
	if text == "" {
		return
	}
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		t.Fatal(err)
	}
	if err := j.run(t.Context()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitRefused)
	}
	os.Exit(exitDone)
}

func (j job) run(ctx context.Context) error {
	api := &ovh.Client{AppKey: j.Keys.AppKey, AppSecret: j.Keys.AppSecret, ConsumerKey: j.Keys.ConsumerKey, Timeout: ovh.DefaultTimeout}
	if err := api.SetEndpoint(j.Endpoint); err != nil {
		return err
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	journal, err := ovhrenew.OpenJournal(j.Journal, j.Sharing)
	if err != nil {
		return err
	}
	var failed error
	for _, renewal := range j.Renewals {
		request, err := renewal.request(j, journal)
		if err != nil {
			return err
		}
		if _, err := ovhrenew.Renew(ctx, client, request); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// child is this test's binary run once more, as another process.
type child struct {
	*exec.Cmd
	stderr bytes.Buffer
}

// startChild starts a process that does a job.
func startChild(t *testing.T, j job) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	c := &child{Cmd: exec.CommandContext(t.Context(), self, "-test.run=^TestChild$")}
	c.Env = append(os.Environ(), "SAFETY_CHILD_JOB="+string(text))
	c.Stderr = &c.stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// end waits for the end of the process and returns its exit code; -1: it was killed.
func (c *child) end() int {
	_ = c.Wait()
	return c.ProcessState.ExitCode()
}
