package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// streamRows compares the memory for streaming a large account with that for a small
// one. Each is streamed by a process of its own, from a server in another.
func streamRows(_ context.Context, size sizes) ([]row, error) {
	var live, mapped [2]float64
	for i, services := range size.streamed {
		server, err := startServer(services, 0)
		if err != nil {
			return nil, err
		}
		live[i], _, err = streamIn(server, services, "collect")
		if err == nil {
			_, mapped[i], err = streamIn(server, services, "leave")
		}
		server.stop()
		if err != nil {
			return nil, err
		}
	}
	against := fmt.Sprintf("of %s services", number(size.streamed[0]))
	line := func(what string, bytes [2]float64) row {
		ratio := bytes[1] / bytes[0]
		return row{
			what: what, against: against, other: megabytes(bytes[0]), ours: megabytes(bytes[1]),
			ratio: times(ratio) + " more", goal: "at most 2 ×", met: ratio <= 2,
		}
	}
	return []row{
		line(fmt.Sprintf("streamed survey of %s services: largest live heap", number(size.streamed[1])), live),
		line("all memory of the process", mapped),
	}, nil
}

// streamIn streams the account of a server in a new process.
func streamIn(server *child, services int, garbage string) (live, mapped float64, err error) {
	out, err := again("child-stream", server.endpoint, garbage).Output()
	if err != nil {
		return 0, 0, err
	}
	var found int
	if _, err := fmt.Sscan(string(out), &found, &live, &mapped); err != nil {
		return 0, 0, err
	}
	if found != services {
		return 0, 0, fmt.Errorf("streamed %d of %d services", found, services)
	}
	return live, mapped, nil
}

// stream is such a process. With "collect" it collects its garbage every so often,
// to see what is live; else it leaves that to the runtime, to see what that takes.
func stream(args []string) error {
	api, err := newAPI(args[0], &http.Transport{})
	if err != nil {
		return err
	}
	found, live := 0, 0.0
	for _, err := range portfolio.Survey(context.Background(), api, portfolio.Query{}) {
		if err != nil {
			return err
		}
		if found++; args[1] == "collect" && found%100 == 0 {
			runtime.GC()
			live = max(live, metric(liveBytes))
		}
	}
	_, err = fmt.Println(found, live, metric(mappedBytes))
	return err
}
