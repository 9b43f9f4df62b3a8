// A headless Chromium, and what a test asks it, for the tests of pages in a browser.

package page_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// chromium is a headless browser, spoken to over a pipe in its DevTools protocol.
type chromium struct {
	t       *testing.T
	to      io.Writer
	answers chan devtools
	session string
	last    int
	// seen are the events so far.
	seen []devtools
}

// devtools is a message of the protocol, in either direction.
type devtools struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// openChromium starts a browser with one empty page. The test is skipped if there is no
// browser.
func openChromium(t *testing.T) *chromium {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome-headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium was found: what a browser makes of the pages is not tested")
	}
	profile, err := os.MkdirTemp("", "chromium") // some of it may outlive the browser by a moment
	if err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--no-first-run", "--disable-gpu",
		"--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "about:blank",
	}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...) // which root cannot have
	}
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), path, args...)
	command.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4
	command.WaitDelay = 10 * time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	c := &chromium{t: t, to: ourOut, answers: make(chan devtools, 1024)}
	go c.read(ourIn)
	t.Cleanup(func() {
		_, _ = ourOut.WriteString(`{"id":1000000,"method":"Browser.close"}` + "\x00")
		ourOut.Close()
		_ = command.Wait() // how a browser that was closed exits says nothing
		ourIn.Close()
		_ = os.RemoveAll(profile)
	})
	var target struct{ TargetID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	for _, domain := range []string{"Page", "Network", "Runtime", "Log", "Accessibility"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

func (c *chromium) read(from io.Reader) {
	defer close(c.answers)
	r := bufio.NewReader(from)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m devtools
		if json.Unmarshal(bytes.TrimRight(text, "\x00"), &m) == nil {
			c.answers <- m
		}
	}
}

// patience is how long a browser may take: this bounds a test that hangs.
const patience = time.Minute

// next is the next message of the browser.
func (c *chromium) next(what string) devtools {
	c.t.Helper()
	select {
	case m, ok := <-c.answers:
		if !ok {
			c.t.Fatalf("%s: the browser has ended", what)
		}
		return m
	case <-time.After(patience):
		c.t.Fatalf("%s: the browser does not answer", what)
	}
	return devtools{}
}

// call calls a method and reads its result.
func (c *chromium) call(method string, params, result any) {
	c.t.Helper()
	c.last++
	text, err := json.Marshal(devtools{ID: c.last, SessionID: c.session, Method: method, Params: params})
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.to.Write(append(text, 0)); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	for {
		m := c.next(method)
		if m.ID == 0 {
			c.seen = append(c.seen, m)
			continue
		}
		if m.ID != c.last {
			continue
		}
		if m.Error != nil {
			c.t.Fatalf("%s: %s", method, m.Error)
		}
		if result == nil {
			return
		}
		if err := json.Unmarshal(m.Result, result); err != nil {
			c.t.Fatalf("%s: %v", method, err)
		}
		return
	}
}

// open loads a page, and forgets the events before it.
func (c *chromium) open(url string) {
	c.t.Helper()
	c.seen = nil
	var answer struct{ ErrorText string }
	c.call("Page.navigate", map[string]any{"url": url}, &answer)
	if answer.ErrorText != "" {
		c.t.Fatalf("%s: %s", url, answer.ErrorText)
	}
	for {
		for _, m := range c.seen {
			if m.Method == "Page.loadEventFired" {
				return
			}
		}
		if m := c.next(url); m.ID == 0 {
			c.seen = append(c.seen, m)
		}
	}
}

// events are the parameters of the events of a method since the page was opened.
func (c *chromium) events(method string) []string {
	var all []string
	for _, m := range c.seen {
		if m.Method == method {
			text, _ := json.Marshal(m.Params) // it was JSON
			all = append(all, string(text))
		}
	}
	return all
}

// look sets the width of the window, the medium and the scheme.
func (c *chromium) look(width int, media, scheme string) {
	c.t.Helper()
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
	c.call("Emulation.setEmulatedMedia", map[string]any{
		"media": media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// eval evaluates an expression in the page.
func (c *chromium) eval(expression string, result any) {
	c.t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	c.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		c.t.Fatalf("%.80s: %s", expression, answer.ExceptionDetails)
	}
	if err := json.Unmarshal(answer.Result.Value, result); err != nil {
		c.t.Fatalf("%.80s: %v in %s", expression, err, answer.Result.Value)
	}
}

// picture is a PNG of the page, at most so high.
func (c *chromium) picture(width, highest int) []byte {
	c.t.Helper()
	var height int
	c.eval("document.documentElement.scrollHeight", &height)
	var shot struct{ Data []byte }
	c.call("Page.captureScreenshot", map[string]any{
		"captureBeyondViewport": true, "clip": map[string]any{"x": 0, "y": 0, "width": width, "height": min(height, highest), "scale": 1},
	}, &shot)
	return shot.Data
}

// paper is the page as PDF.
func (c *chromium) paper() []byte {
	c.t.Helper()
	var printed struct{ Data []byte }
	c.call("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "paperWidth": 8.27, "paperHeight": 11.69}, &printed)
	return printed.Data
}
