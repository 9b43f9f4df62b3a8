package transport

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// ErrStale says that the time until which a Spend could be sent was over. Nothing
// was sent.
var ErrStale = errors.New("the look that the payment stands on is too old")

// stale reports whether the request must no longer be sent. The wall clock decides,
// since the monotonic one stands still while a machine sleeps; the monotonic one
// counts too, since the wall clock may be set back.
func (p *call) stale() bool {
	if p.Kind != Spend || p.NotAfter.IsZero() {
		return false
	}
	now := time.Now()
	return now.After(p.NotAfter) || now.Round(0).After(p.NotAfter.Round(0))
}

// lastCheck makes the first Read of r's body fail if the request is stale then.
// net/http reads a body when it writes it, after connecting. The headers may have left
// by then, and a request without its body is not carried out.
func (p *call) lastCheck(r *http.Request) *freshBody {
	if r.Body == nil || p.Kind != Spend || p.NotAfter.IsZero() {
		return nil
	}
	body := &freshBody{ReadCloser: r.Body, call: p}
	r.Body = body
	return body
}

type freshBody struct {
	io.ReadCloser
	call  *call
	begun atomic.Bool // one Read was let through
	late  atomic.Bool
}

// Read returns ErrStale if the first Read comes too late. Once a body is on its way,
// it is not cut short.
func (b *freshBody) Read(buffer []byte) (int, error) {
	if !b.begun.Load() {
		if b.late.Load() || b.call.stale() {
			b.late.Store(true)
			return 0, ErrStale
		}
		b.begun.Store(true)
	}
	return b.ReadCloser.Read(buffer)
}
