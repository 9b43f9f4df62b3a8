package main

import (
	"net/http"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// Both sides' clients read through the line that they are given, which counts every request.
func TestLine(t *testing.T) {
	t.Parallel()
	server, err := startChild("child-answer")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.stop)
	way := newLine(server.endpoint)
	plain, err := newClient(way.endpoint, way)
	if err != nil {
		t.Fatal(err)
	}
	var status string
	if err := plain.GetWithContext(t.Context(), orderPath+"/status", &status); err != nil || status != "delivered" || way.requests.Load() != 2 {
		t.Errorf("%q, %v, %d requests, want 2: the time and the status", status, err, way.requests.Load())
	}
	api, err := newAPI(way.endpoint, way)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := api.OrderStatus(t.Context(), orderID); err != nil || got != ovhrenew.OrderDelivered || way.requests.Load() != 4 {
		t.Errorf("%q, %v, %d requests, want 4", got, err, way.requests.Load())
	}
	if _, err := newAPI("", http.DefaultTransport); err == nil {
		t.Error("an endpoint that is none is taken")
	}
}
