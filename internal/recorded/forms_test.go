// Refusals of a credential in each form that was recorded.

package recorded_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// TestBothForms answers each refusal of a credential in its older form, with a code, and in
// its newer one, with a class: a program cannot tell them apart by what it branches on.
func TestBothForms(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		status        int
		code, message string
		is            string
	}{
		{403, "INVALID_KEY", "This application key is invalid", "ErrCredentialInvalid ErrDenied"},
		{403, "INVALID_CREDENTIAL", "This credential is not valid", "ErrCredentialInvalid ErrDenied"},
		{403, "NOT_CREDENTIAL", "This credential does not exist", "ErrCredentialInvalid ErrDenied"},
		{403, "NOT_GRANTED_CALL", "This call has not been granted", "ErrDenied ErrNotGranted"},
		{400, "INVALID_SIGNATURE", "Invalid signature", "ErrCredentialInvalid"},
		{400, "QUERY_TIME_OUT", "Query out of time", ""},
	} {
		class := "Client::Forbidden"
		if r.status == 400 {
			class = "Client::BadRequest"
		}
		var told []string
		for _, body := range []string{
			fmt.Sprintf(`{"errorCode":%q,"httpCode":"%d Refused","message":%q}`, r.code, r.status, r.message),
			fmt.Sprintf(`{"class":%q,"message":%q}`, class, r.message),
		} {
			client, server := answering(t, map[string]record{"GET /me/order/1": {Status: r.status, Body: json.RawMessage(body)}})
			_, err := client.Order(t.Context(), 1)
			var is []string
			for _, name := range slices.Sorted(maps.Keys(sentinels)) {
				if errors.Is(err, sentinels[name]) {
					is = append(is, name)
				}
			}
			if got := strings.Join(is, " "); got != r.is {
				t.Errorf("%s: is %q, want %q", body, got, r.is)
			}
			told = append(told, fmt.Sprintf("%v %s, %d requests", is, ovhrenew.ReactionTo(err), len(server.asked)))
		}
		if told[0] != told[1] {
			t.Errorf("%s: %s with its code, %s with a class", r.message, told[0], told[1])
		}
	}
}
