package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

const dueWithin = 30 // days

// fillAccount gives a server so many services of an agency, of which exactly so many
// end within dueWithin days.
func fillAccount(s *ovhrenewtest.Server, services, due int) error {
	ovhrenewtest.Agency(s, services, 1)
	var ending []int64
	for _, v := range s.Services() {
		switch {
		case v.Expiry.Before(v.Creation): // it does not end
		case v.Type == "Public Cloud project": // it has no offers
			s.SetExpiry(v.ID, s.Now().AddDate(0, 2, 0))
		default:
			ending = append(ending, v.ID)
		}
	}
	if len(ending) < due {
		return fmt.Errorf("only %d of %d services end at all", len(ending), services)
	}
	for i, id := range ending {
		days := 60 + i%300
		if (i+1)*due/len(ending) > i*due/len(ending) { // evenly spread
			days = 1 + i%(dueWithin-2)
		}
		s.SetExpiry(id, s.Now().AddDate(0, 0, days))
	}
	return s.Err()
}

// child is a server in another process, so that neither its time nor its memory is
// measured.
type child struct {
	endpoint string
	command  *exec.Cmd
	stdin    io.Closer
}

// runChild is the whole of such a process. It is false if args are not for one.
func runChild(args []string) bool {
	var do func(args []string) error
	switch args[0] {
	case "child-serve":
		do = serve
	case "child-stream":
		do = stream
	default:
		return false
	}
	if err := do(args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", args[0], err)
		os.Exit(1)
	}
	return true
}

// serve answers for an account until its input ends: when the parent does, too.
func serve(args []string) error {
	var services int
	if _, err := fmt.Sscan(args[0], &services); err != nil {
		return err
	}
	latency, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{Latency: latency})
	if err := fillAccount(server, services, services/10); err != nil {
		return err
	}
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	fmt.Println(server.Endpoint())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func startServer(services int, latency time.Duration) (*child, error) {
	c := &child{command: again("child-serve", fmt.Sprint(services), latency.String())}
	stdin, err := c.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.stdin = stdin
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		c.stop()
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	c.endpoint = strings.TrimSpace(line)
	return c, nil
}

func (c *child) stop() {
	_ = c.stdin.Close()
	_ = c.command.Wait()
}

// again is this program, in another process.
func again(args ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], args...)
	command.Stderr = os.Stderr
	return command
}

// line is the way to a server. It counts the requests of every client that uses it.
type line struct {
	endpoint string
	base     *http.Transport
	requests atomic.Int64
}

func newLine(endpoint string) *line {
	// As many idle connections as anybody needs: a default transport keeps two.
	return &line{endpoint: endpoint, base: &http.Transport{MaxIdleConnsPerHost: 64}}
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.requests.Add(1)
	return l.base.RoundTrip(r)
}

// client is a go-ovh client of its own, as ovh.NewClient makes one.
func (l *line) client() (*ovh.Client, error) { return newClient(l.endpoint, l) }

func newClient(endpoint string, transport http.RoundTripper) (*ovh.Client, error) {
	keys := ovhrenewtest.New(ovhrenewtest.Behaviour{}).Credentials()
	c := &ovh.Client{
		AppKey: keys.AppKey, AppSecret: keys.AppSecret, ConsumerKey: keys.ConsumerKey,
		Client: &http.Client{Transport: transport}, Timeout: ovh.DefaultTimeout,
	}
	return c, c.SetEndpoint(endpoint)
}
