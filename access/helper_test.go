// The accounts and the contract that the tests of all files need.

package access_test

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// guideAccount starts the account of OVHcloud's guide on loopback.
func guideAccount(t *testing.T, b ovhrenewtest.Behaviour) (*ovhrenewtest.Server, *ovhrenew.API) {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	ovhrenewtest.Guide(server)
	return server, clientOf(t, server, ovhrenew.Config{})
}

// clientOf returns a client of a simulated account, without a pace.
func clientOf(t *testing.T, server *ovhrenewtest.Server, config ovhrenew.Config) *ovhrenew.API {
	t.Helper()
	config.Limiter = ovhrenew.Unlimited
	client, err := ovhrenew.NewWithConfig(server.Client(), config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// written is the number of requests that could have changed something.
func written(server *ovhrenewtest.Server) int {
	n := 0
	for _, request := range server.Requests() {
		if request.Method != http.MethodGet {
			n++
		}
	}
	return n
}

// contract is what the table of the API says of rights.
type contract struct {
	Routes       []struct{ Call, IAM string }
	ServiceInfos []struct {
		Path, EU, CA, US, IAM string
		Methods               []string
	}
}

func readContract(t *testing.T) *contract {
	t.Helper()
	data, err := os.ReadFile("../testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// action returns the IAM action of a route.
func (c *contract) action(route string) string {
	for _, r := range c.Routes {
		if r.Call == route {
			return r.IAM
		}
	}
	method, path, _ := strings.Cut(route, " ")
	for _, infos := range c.ServiceInfos {
		if infos.Path == path && method == "PUT" && slices.Contains(infos.Methods, method) {
			return strings.TrimSuffix(infos.IAM, "get") + "edit"
		} else if infos.Path == path {
			return infos.IAM
		}
	}
	return ""
}

// quiet takes what servers of the tests would log.
var quiet = log.New(io.Discard, "", 0)

// checkDenied checks whether an error is that of a refused credential, for every way to
// branch on it.
func checkDenied(t *testing.T, err error, denied bool) {
	t.Helper()
	for _, target := range []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential} {
		if err == nil || errors.Is(err, target) != denied {
			t.Errorf("%v: is %v: %t, want %t", err, target, !denied, denied)
		}
	}
	if reaction := ovhrenew.ReactionTo(err); (reaction == ovhrenew.ReactPerson) != denied {
		t.Errorf("ReactionTo(%v) = %s", err, reaction)
	}
	if !errors.Is(err, ovhrenew.ErrNotSent) {
		t.Errorf("%v is not ErrNotSent", err)
	}
}
