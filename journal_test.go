package ovhrenew_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestJournalFormat writes the journal of one renewal and compares it with the
// golden file, which documents the format: later versions have to read it.
func TestJournalFormat(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	clock := ovhrenewtest.NewClock(time.Now())
	server.SetNow(clock.Now)
	ovhrenewtest.Guide(server)
	dir := t.TempDir()
	journal, err := ovhrenew.OpenJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	old := ovhrenew.DateOf(server.Expiry(int64(domain)))
	oldHosting := ovhrenew.DateOf(server.Expiry(int64(hosting)))
	receipt, err := ovhrenew.Renew(t.Context(), clientOf(t, server, ovhrenew.Config{}), ovhrenew.Request{
		Service: ovhrenew.ID(domain),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean},
		From:    old, Patience: quick, Journal: journal,
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "journal.log"))
	if err != nil {
		t.Fatal(err)
	}
	log := string(text)
	for _, secret := range journalSecrets(t, server) {
		if strings.Contains(log, secret) {
			t.Errorf("the journal has %q in it:\n%s", secret, log)
		}
	}
	log = regexp.MustCompile(`(?m)^[0-9a-f]{8} `).ReplaceAllString(log, "CHECKSUM ")
	log = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`).ReplaceAllString(log, "TIME")
	dates := []string{}
	for name, date := range map[string]ovhrenew.Date{
		"OLD-DOMAIN": old, "OLD-HOSTING": oldHosting, "NEW-DOMAIN": receipt.Services[0].To, "NEW-HOSTING": receipt.Services[1].To,
	} {
		dates = append(dates, date.String(), name)
	}
	golden(t, "journal", strings.NewReplacer(dates...).Replace(log))
}

// journalSecrets are what no journal may have in it: what opens an order, and keys.
func journalSecrets(t *testing.T, server *ovhrenewtest.Server) []string {
	t.Helper()
	keys := server.Credentials()
	secrets := []string{keys.AppKey, keys.AppSecret, keys.ConsumerKey, "http", "orderPassword"}
	for _, order := range server.Orders() {
		read, err := clientOf(t, server, ovhrenew.Config{}).Order(t.Context(), ovhrenew.OrderID(order.ID))
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, read.Password.Reveal(), read.URL.Reveal(), read.PdfURL.Reveal())
	}
	if len(secrets) < 8 {
		t.Fatalf("there are only the secrets %q", secrets)
	}
	return secrets
}

// TestReceiptIsKept reads the receipt of an earlier process out of its journal.
func TestReceiptIsKept(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	dir := t.TempDir()
	var receipts []string
	for range 2 {
		journal, err := ovhrenew.OpenJournal(dir)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := ovhrenew.Renew(t.Context(), client, ovhrenew.Request{
			Service: ovhrenew.ID(vps), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)}, Limit: ovhrenew.MustMoney("30 EUR"),
			PayWith: ovhrenew.DefaultMethod, Patience: quick, Journal: journal,
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := len(receipts) > 0; receipt.Already != want {
			t.Errorf("run %d: Already = %v, want %v", len(receipts), receipt.Already, want)
		}
		receipt.Already = false
		text, err := json.Marshal(receipt)
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, string(text))
	}
	if receipts[0] != receipts[1] {
		t.Errorf("the second receipt is\n%s\nthe first was\n%s", receipts[1], receipts[0])
	}
	if n := server.PaymentsFor(int64(vps)); n != 1 {
		t.Errorf("%d payments, want 1", n)
	}
}
