package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// journalFlags say where the journal is and who shares it.
type journalFlags struct {
	dir  string
	only bool
}

// addJournalFlags adds them to a command.
func (p *program) addJournalFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.journal.dir, "journal", "", "`DIRECTORY` that remembers what was begun and paid (default: "+cmp.Or(inHome(defaultJournal()), "none here")+"; with --demo one for the run)")
	cmd.Flags().BoolVar(&p.journal.only, "only-journal", false, "every program that renews services of the account uses this journal: orders are paid at once, and not after twelve minutes. Where that is not true, a service can be paid twice")
}

// inHome is a path as a person writes it, from the home directory on.
func inHome(path string) string {
	if home, err := os.UserHomeDir(); err == nil {
		if rest, ok := strings.CutPrefix(path, strings.TrimRight(home, "/")+"/"); ok {
			return "~/" + rest
		}
	}
	return path
}

// defaultJournal is where the journal is if nobody says; empty if there is no such place.
func defaultJournal() string {
	dir, err := ovhrenew.JournalDir()
	if err != nil {
		return ""
	}
	return dir
}

// openJournal opens the journal.
func (p *program) openJournal(a *account) (ovhrenew.Journal, error) {
	if p.journal.dir == "" && a.journal != nil {
		return a.journal, nil
	}
	sharing := ovhrenew.OneOfSeveral
	if p.journal.only || p.demo { // whose account nobody shares
		sharing = ovhrenew.OnlyJournal
	}
	dir := cmp.Or(p.journal.dir, defaultJournal())
	if dir == "" {
		return nil, errors.New("there is no home directory to keep the journal in: name one with --journal")
	}
	journal, err := ovhrenew.OpenJournal(dir, sharing)
	if err != nil {
		return nil, fmt.Errorf("--journal: %w", err)
	}
	if p.demo {
		p.say("the account begins anew with each run, and this journal does not")
	}
	return journal, nil
}

// ledger reads what the journal knows since a time.
func (p *program) ledger(ctx context.Context, a *account, since time.Time) (*portfolio.Ledger, error) {
	journal, err := p.openJournal(a)
	if err != nil {
		return nil, err
	}
	name, err := a.client.Account(ctx)
	if err != nil {
		return nil, err
	}
	return portfolio.ReadLedger(ctx, journal, name, since)
}
