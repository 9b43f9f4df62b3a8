package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{})
		ovhrenewtest.Guide(server)
		client, err := ovhrenew.New(server.Client())
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := office(t.Context(), client, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), &out); err != nil {
			t.Fatal(err)
		}
		const want = `the credential can renew: true
due: P1Y of vps112233.ovh.net (11223344) for 64.69 EUR before tax
renewed: 1 for [77.63 EUR]
would change: vps112233.ovh.net from manual to automatic, every P1M
billed: order 123456789 for 77.63 EUR
`
		if out.String() != want {
			t.Errorf("printed\n%s\nwant\n%s", &out, want)
		}
		if n := len(server.Payments()); n != 1 {
			t.Errorf("%d payments, want 1", n)
		}
	})
}
