package ovhrenew_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestServices(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	ids, err := client.FindServices(t.Context(), ovhrenew.ServiceQuery{})
	if diff := cmp.Diff([]ovhrenew.ServiceID{vps, domain, hosting}, ids); err != nil || diff != "" {
		t.Errorf("FindServices: %v (-want +got):\n%s", err, diff)
	}
	ids, err = client.FindServices(t.Context(), ovhrenew.ServiceQuery{Routes: []string{"/domain/{serviceName}", "/vps/{serviceName}"}})
	if diff := cmp.Diff([]ovhrenew.ServiceID{vps, domain}, ids); err != nil || diff != "" {
		t.Errorf("FindServices by route: %v (-want +got):\n%s", err, diff)
	}
	service, err := client.Service(t.Context(), vps)
	if err != nil || service.Name != "vps112233.ovh.net" || service.Route != "/vps/vps112233.ovh.net" || service.Parent != 0 {
		t.Errorf("Service(%d) = %+v, %v", vps, service, err)
	}
	listed, err := client.ListedService(t.Context(), vps)
	if err != nil || listed.Name != service.Name || listed.Expiry != service.Expiry {
		t.Errorf("ListedService(%d) = %+v, %v, want the name and the expiry of Service", vps, listed, err)
	}
	infos, err := client.ServiceInfos(t.Context(), service.Route)
	if err != nil || infos.ID != vps || infos.Expiry != service.Expiry {
		t.Errorf("ServiceInfos(%s) = %+v, %v, want the id and the expiry of Service", service.Route, infos, err)
	}
	if _, err := client.Service(t.Context(), 404); !errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("Service(404): %v, want ErrNotFound", err)
	}
}

// Nulls, missing and unknown fields decode; what is of another kind is named.
func TestServiceDecoding(t *testing.T) {
	t.Parallel()
	const route = "GET /services/1"
	for _, body := range []string{
		`{}`, `null`,
		`{"serviceId": 1, "parentServiceId": null, "billing": null, "customer": null, "resource": null, "route": null, "tags": null}`,
		`{"billing": {"expirationDate": null, "lifecycle": null, "renew": null, "engagement": null, "pricing": null, "plan": null, "group": null}}`,
		`{"billing": {"lifecycle": {"current": {"state": "new-of-2031", "pendingActions": ["new-of-2032", null]}}}, "new": [1]}`,
		`{"billing": {"expirationDate": "2026-06-15"}}`, `{"billing": {"expirationDate": "2026-06-15T00:00:00+02:00"}}`,
	} {
		if service, err := answering(t, route, 200, body).Service(t.Context(), 1); err != nil {
			t.Errorf("Service of %s = %+v, %v, want no error", body, service, err)
		}
	}
	for body, want := range map[string]string{
		``:                  "GET /services/1: malformed answer: the answer is empty",
		`{`:                 "GET /services/1: malformed answer: the answer",
		`[]`:                "GET /services/1: malformed answer: the answer",
		`{"serviceId":"x"}`: `GET /services/1: malformed answer: serviceId: `,
		`{"billing": {"expirationDate": "tomorrow"}}`:                      `billing.expirationDate: `,
		`{"billing": {"renew": {"current": {"nextDate": 5}}}}`:             `billing.renew.current.nextDate: `,
		`{"billing": {"lifecycle": {"current": {"pendingActions": [1]}}}}`: `billing.lifecycle.current.pendingActions[0]: `,
	} {
		service, err := answering(t, route, 200, body).Service(t.Context(), 1)
		if !errors.Is(err, ovhrenew.ErrMalformed) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "GET /services/1") {
			t.Errorf("Service of %s = %+v, %v, want ErrMalformed with %q", body, service, err, want)
		}
	}
}
