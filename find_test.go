package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

func TestTargetText(t *testing.T) {
	t.Parallel()
	type holder struct{ Service ovhrenew.Target }
	for _, target := range []ovhrenew.Target{
		ovhrenew.Name("vps112233.ovh.net"), ovhrenew.Route("/domain/example.ovh"), ovhrenew.ID(11223344),
	} {
		text, err := json.Marshal(holder{target})
		var back holder
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back.Service != target || string(text) != `{"Service":"`+target.String()+`"}` {
			t.Errorf("%s comes back as %v, %v, want %v", text, back.Service, err, target)
		}
	}
	for _, target := range []ovhrenew.Target{
		{}, ovhrenew.Name("42"), ovhrenew.Name("/vps/x"), ovhrenew.Name(" x "), ovhrenew.Name("no service "), ovhrenew.ID(-1), ovhrenew.Route("vps"), ovhrenew.Route("/"),
	} {
		if text, err := target.MarshalText(); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("MarshalText of %v = %q, %v, want ErrBadInput", target, text, err)
		}
	}
	for _, text := range []string{`{"Service": {}}`, `{"Service": ""}`, `{"Service": "0"}`, `{"Service": 5}`, `{"Service": "/"}`} {
		was := holder{ovhrenew.ID(1)}
		if err := json.Unmarshal([]byte(text), &was); err == nil || was.Service != ovhrenew.ID(1) {
			t.Errorf("%s is read as %v, %v, want an error and what was there", text, was.Service, err)
		}
	}
}
