package access_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestDiagnoseCredential has keys that end at some time or other.
func TestDiagnoseCredential(t *testing.T) {
	t.Parallel()
	for _, c := range []diagnoseTest{
		{name: "nothing is wrong", check: "credential", verdict: access.OK, saw: "validated, without an end"},
		{name: "the key ends soon", change: func(s *ovhrenewtest.Server) { s.SetCredential("validated", time.Now().Add(48*time.Hour)) }, check: "credential", verdict: access.Warning, saw: "it ends on"},
		{name: "the key ends some day", change: func(s *ovhrenewtest.Server) { s.SetCredential("validated", time.Now().Add(1000*time.Hour)) }, check: "credential", verdict: access.OK, saw: "validated, until"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

// TestDiagnoseToken: of a token nobody tells the rights, and that is no problem.
func TestDiagnoseToken(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{AccessToken: "TokenOfTheTest0123456789"})
	ovhrenewtest.Guide(server)
	api := server.Client()
	api.AppKey, api.AppSecret, api.ConsumerKey, api.AccessToken = "", "", "", "TokenOfTheTest0123456789"
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	diagnosis := access.Diagnose(t.Context(), client, access.Query{})
	if !diagnosis.OK() || diagnosis.Credential != nil || len(diagnosis.Missing) != 0 {
		t.Errorf("the diagnosis is\n%s", diagnosis)
	}
	for _, name := range []string{"credential", "right to read", "right to order", "right to pay"} {
		if found := checked(diagnosis, name); len(found) != 1 || found[0].Verdict != access.Unknown {
			t.Errorf("%s is %v, want unknown", name, found)
		}
	}
	text, err := json.Marshal(diagnosis)
	if err != nil || strings.Contains(string(text)+diagnosis.String(), "TokenOfTheTest") {
		t.Errorf("the diagnosis tells the token: %v\n%s", err, text)
	}
}
