package autorenew_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// settable starts an account with a VPS whose deletion is planned, and an option
// that goes with it.
func settable(t *testing.T, b ovhrenewtest.Behaviour) (*ovhrenewtest.Server, *ovhrenew.API) {
	t.Helper()
	server, client := guideAccount(t, b)
	server.ChangeService(ovhrenewtest.GuideVPSID, func(s *ovhrenewtest.Service) {
		s.DeleteAtExpiration, s.RenewalType = true, "manual"
	})
	server.AddService(ovhrenewtest.Service{ID: 55, Name: "backup", Parent: ovhrenewtest.GuideVPSID})
	return server, client
}

var (
	vpsRoute = "/vps/" + ovhrenewtest.GuideVPS
	// onlyProducts lacks the account-wide way to set a renewal.
	onlyProducts = ovhrenewtest.Behaviour{Absent: []string{
		"PUT /services/{serviceId}", "GET /services/{serviceId}", "GET /service/{serviceId}",
	}}
	noPut = ovhrenewtest.Behaviour{Absent: []string{"PUT /services/{serviceId}"}}
)

func stateOf(t *testing.T, server *ovhrenewtest.Server, id int64) ovhrenewtest.Service {
	t.Helper()
	for _, service := range server.Services() {
		if service.ID == id {
			return service
		}
	}
	t.Fatalf("there is no service %d", id)
	return ovhrenewtest.Service{}
}

// TestSet sets a service in each way that the API has: what is planned is what
// becomes of it, and doing it again writes nothing.
func TestSet(t *testing.T) {
	t.Parallel()
	yearly := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y, KeepService: true, Poll: time.Millisecond}
	for _, c := range []struct {
		name      string
		behaviour ovhrenewtest.Behaviour
		target    ovhrenew.Target
		byProduct bool
	}{
		{"by name", ovhrenewtest.Behaviour{}, ovhrenew.Name(ovhrenewtest.GuideVPS), false},
		{"by route", ovhrenewtest.Behaviour{}, ovhrenew.Route(vpsRoute), false},
		{"where the region cannot set it", noPut, ovhrenew.ID(vps), true},
		{"where only the product knows it", onlyProducts, ovhrenew.Route(vpsRoute), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server, client := settable(t, c.behaviour)
			server.Offer("P1Y", "60.00", ovhrenewtest.GuideVPSID)
			preview, err := autorenew.Preview(t.Context(), client, c.target, yearly)
			if err != nil {
				t.Fatal(err)
			}
			if n := written(server); n != 0 {
				t.Fatalf("the preview sent %d writing requests", n)
			}
			plan, err := autorenew.Set(t.Context(), client, c.target, yearly)
			if err != nil {
				t.Fatal(err)
			}
			want := autorenew.Change{
				ServiceID: vps, Name: ovhrenewtest.GuideVPS, Expiry: preview.Changes[0].Expiry, Route: vpsRoute,
				From: autorenew.State{Mode: ovhrenew.ModeManual, Ending: true},
				To:   autorenew.State{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y},
				Done: true, ByProduct: c.byProduct,
			}
			if c.name == "where the region cannot set it" {
				preview.Changes[0].ByProduct = true // known only once it was tried
			}
			if diff := cmp.Diff([]autorenew.Change{want}, plan.Changes, sameDates); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			preview.Changes[0].Done = true
			if diff := cmp.Diff(preview.Changes, plan.Changes, sameDates); diff != "" {
				t.Errorf("what was done is not what was previewed (-preview +done):\n%s", diff)
			}
			got := stateOf(t, server, ovhrenewtest.GuideVPSID)
			if got.Mode != "automatic" || got.DeleteAtExpiration || !strings.HasPrefix(got.RenewalType, "automatic") {
				t.Errorf("the service is %+v", got)
			}
			n := written(server)
			again, err := autorenew.Set(t.Context(), client, c.target, yearly)
			if err != nil || !again.None() || written(server) != n {
				t.Errorf("doing it again: %v, %v, and %d more requests", again, err, written(server)-n)
			}
			unspent(t, server)
		})
	}
}

var sameDates = cmp.Comparer(func(a, b ovhrenew.Date) bool { return a == b })

func written(server *ovhrenewtest.Server) int {
	n := 0
	for _, request := range server.Requests() {
		if request.Method != http.MethodGet {
			n++
		}
	}
	return n
}

// TestSetBack: manual again, by both ways.
func TestSetBack(t *testing.T) {
	t.Parallel()
	for _, b := range []ovhrenewtest.Behaviour{{}, noPut} {
		server, client := guideAccount(t, b)
		server.SetMode(ovhrenewtest.GuideVPSID, "automatic")
		manual := autorenew.Setting{Mode: ovhrenew.ModeManual, Poll: time.Millisecond}
		if _, err := autorenew.Set(t.Context(), client, ovhrenew.ID(vps), manual); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, server, ovhrenewtest.GuideVPSID); got.Mode != "manual" || got.DeleteAtExpiration {
			t.Errorf("the service is %+v", got)
		}
	}
}

// TestKeepService takes back a deletion without touching the mode.
func TestKeepService(t *testing.T) {
	t.Parallel()
	keep := autorenew.Setting{KeepService: true, Options: true, Poll: time.Millisecond}
	server, client := settable(t, ovhrenewtest.Behaviour{})
	plan, err := autorenew.Set(t.Context(), client, ovhrenew.ID(vps), keep)
	if err != nil {
		t.Fatal(err)
	}
	want := "vps112233.ovh.net (11223344): manual, to be deleted -> manual\nbackup (55): renews with the service it belongs to"
	if got := plan.String(); got != want {
		t.Errorf("the plan is\n%s, want\n%s", got, want)
	}
	if got := stateOf(t, server, ovhrenewtest.GuideVPSID); got.Mode != "manual" || got.DeleteAtExpiration {
		t.Errorf("the service is %+v", got)
	}
}

// errAnswered stands for any answer of the API.
var errAnswered = errors.New("the API's answer")

// TestSetLostAnswer: the look afterwards tells what the answer would have.
func TestSetLostAnswer(t *testing.T) {
	t.Parallel()
	automatic := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P3M, Poll: time.Millisecond}
	const put = "PUT /services/{serviceId}"
	for _, c := range []struct {
		fault ovhrenewtest.Fault
		want  error
	}{
		{ovhrenewtest.Fault{Route: put, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}, nil},
		{ovhrenewtest.Fault{Route: put, Kind: ovhrenewtest.StatusFault, Status: 504, HTML: true, When: ovhrenewtest.After}, nil},
		{ovhrenewtest.Fault{Route: put, Kind: ovhrenewtest.Reset, When: ovhrenewtest.Before}, autorenew.ErrNotTaken},
		{ovhrenewtest.Fault{Route: put, Kind: ovhrenewtest.StatusFault, Status: 500, When: ovhrenewtest.Before}, ovhrenew.ErrServer},
		{ovhrenewtest.Fault{Route: put, Kind: ovhrenewtest.StatusFault, Status: 400, Body: `{"message":"Unable to synchronize"}`}, errAnswered},
	} {
		server, client := guideAccount(t, ovhrenewtest.Behaviour{})
		server.Inject(c.fault)
		plan, err := autorenew.Set(t.Context(), client, ovhrenew.ID(vps), automatic)
		if answer := new(ovhrenew.Error); errors.Is(c.want, errAnswered) && errors.As(err, &answer) {
			err = errAnswered
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%v %v: %v, want %v", c.fault.Kind, c.fault.When, err, c.want)
		}
		if plan.Changes[0].Done != (c.want == nil) || server.Count(put) != 1 {
			t.Errorf("%v %v: done is %v after %d requests", c.fault.Kind, c.fault.When, plan.Changes[0].Done, server.Count(put))
		}
	}
}

// TestSetNotTaken: a setting that does not show is an error, after some looks.
func TestSetNotTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+vpsRoute+"/serviceInfos", httpmock.NewStringResponder(200, oddInfos))
		mock.RegisterResponder("PUT", mockEndpoint+vpsRoute+"/serviceInfos", httpmock.NewStringResponder(200, "null"))
		mock.RegisterResponder("GET", `=~/services?/`, httpmock.NewStringResponder(404, `{"message":"Got an invalid (or empty) URL"}`))
		setting := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y, KeepService: true}
		began := time.Now()
		plan, err := autorenew.Set(t.Context(), client, ovhrenew.Route(vpsRoute), setting)
		if !errors.Is(err, autorenew.ErrNotTaken) || plan.Changes[0].Done {
			t.Errorf("Set: %v, %v, want ErrNotTaken", plan, err)
		}
		if took := time.Since(began); took < 5*time.Second || took > time.Minute {
			t.Errorf("it was looked at for %s", took)
		}
	})
}

// meddler is a client on whose account somebody else is at work, between the reads of
// the preview and the one before the write.
type meddler struct {
	*ovhrenew.API
	route  string
	reads  int
	meddle func()
}

func (m *meddler) Read(ctx context.Context, route string, v any) error {
	if route == m.route {
		if m.reads++; m.reads == 2 {
			m.meddle()
		}
	}
	return m.API.Read(ctx, route, v)
}

// TestSetChangedMeanwhile: what somebody has set since the preview is not undone, by
// either way of writing.
func TestSetChangedMeanwhile(t *testing.T) {
	t.Parallel()
	automatic := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, Poll: time.Millisecond}
	for _, c := range []struct {
		name, route string
		behaviour   ovhrenewtest.Behaviour
		target      ovhrenew.Target
	}{
		{"by the account", "/services/11223344", ovhrenewtest.Behaviour{}, ovhrenew.ID(vps)},
		{"by the product", vpsRoute + "/serviceInfos", onlyProducts, ovhrenew.Route(vpsRoute)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server, api := guideAccount(t, c.behaviour)
			client := &meddler{API: api, route: c.route, meddle: func() {
				server.ChangeService(ovhrenewtest.GuideVPSID, func(s *ovhrenewtest.Service) { s.DeleteAtExpiration = true })
			}}
			plan, err := autorenew.Set(t.Context(), client, c.target, automatic)
			if !errors.Is(err, autorenew.ErrChanged) || plan.Changes[0].Done {
				t.Errorf("Set: %v, %v, want ErrChanged", plan, err)
			}
			if n := written(server); n != 0 || !stateOf(t, server, ovhrenewtest.GuideVPSID).DeleteAtExpiration {
				t.Errorf("the deletion was undone, by %d writing requests", n)
			}
			// Looked at again, the deletion is refused, and taken back if that is meant.
			if _, err := autorenew.Set(t.Context(), client, c.target, automatic); !errors.Is(err, ovhrenew.ErrState) {
				t.Errorf("Set again: %v, want ErrState", err)
			}
			keep := automatic
			keep.KeepService = true
			if plan, err := autorenew.Set(t.Context(), client, c.target, keep); err != nil || !plan.Changes[0].Done {
				t.Errorf("Set with KeepService: %v, %v", plan, err)
			}
		})
	}
}

// TestSetChangedBeforeFallback: the same where the account's way turns out to be absent,
// and the product is read and written instead.
func TestSetChangedBeforeFallback(t *testing.T) {
	t.Parallel()
	server, api := guideAccount(t, noPut)
	client := &meddler{API: api, route: vpsRoute + "/serviceInfos", reads: 1, meddle: func() {
		server.ChangeService(ovhrenewtest.GuideVPSID, func(s *ovhrenewtest.Service) { s.DeleteAtExpiration = true })
	}}
	_, err := autorenew.Set(t.Context(), client, ovhrenew.ID(vps), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, Poll: time.Millisecond})
	if !errors.Is(err, autorenew.ErrChanged) || !stateOf(t, server, ovhrenewtest.GuideVPSID).DeleteAtExpiration {
		t.Errorf("Set: %v, want ErrChanged and the deletion still planned", err)
	}
}

// TestSetNil: no client is an error.
func TestSetNil(t *testing.T) {
	t.Parallel()
	manual := autorenew.Setting{Mode: ovhrenew.ModeManual}
	_, err1 := autorenew.Preview(t.Context(), nil, ovhrenew.ID(1), manual)
	_, err2 := autorenew.Set(t.Context(), nil, ovhrenew.ID(1), manual)
	if !errors.Is(err1, ovhrenew.ErrBadInput) || !errors.Is(err2, ovhrenew.ErrBadInput) {
		t.Errorf("without a client: %v and %v, want ErrBadInput", err1, err2)
	}
}

// TestSetRefusedAfterwards refuses what was written, after the effect or before it.
func TestSetRefusedAfterwards(t *testing.T) {
	t.Parallel()
	for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
		server, api := guideAccount(t, ovhrenewtest.Behaviour{})
		server.Inject(ovhrenewtest.Fault{Route: "PUT /services/{serviceId}", Kind: ovhrenewtest.StatusFault, Status: 403, When: when, Body: `{"message":"Forbidden"}`})
		plan, err := autorenew.Set(t.Context(), api, ovhrenew.ID(vps), autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M, Poll: time.Millisecond})
		took := when == ovhrenewtest.After
		if (err == nil) != took || plan.Changes[0].Done != took || !took && !errors.Is(err, ovhrenew.ErrDenied) {
			t.Errorf("%v: %v, %v", when, plan, err)
		}
	}
}
