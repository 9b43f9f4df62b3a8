package ovhrenew

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// errReadOnly is the error of a file system that cannot be written.
const errReadOnly = syscall.EROFS

// Error is an answer of the API that refuses a call.
type Error struct {
	Call           string // method and path, such as GET /service/123/renew
	Status         int    // of HTTP
	Class          string // such as Client::NotFound; may be empty
	Code           string // such as NOT_GRANTED_CALL; may be empty
	Message        string // without secrets
	Details        map[string]string
	QueryID        string   // names the request to OVHcloud's support
	MissingActions []string // IAM actions

	foreign bool // the answer is not JSON: it may be a gateway's
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: HTTP %d", e.Call, e.Status)
	for _, part := range []string{e.Class, e.Code} {
		if part != "" {
			b.WriteString(" " + part)
		}
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if len(e.MissingActions) > 0 {
		fmt.Fprintf(&b, " (missing IAM actions: %s)", strings.Join(e.MissingActions, ", "))
	}
	switch {
	case e.unsupported():
		b.WriteString(" (this region has no such route)")
	case e.noPath():
		b.WriteString(" (the API has no such path: check its spelling)")
	}
	if e.QueryID != "" {
		fmt.Fprintf(&b, " (query id %s)", e.QueryID)
	}
	return b.String()
}

// Is reports which [ErrorKind] e is.
func (e *Error) Is(target error) bool {
	if e.foreign && e.Status < 500 && e.Status != 408 && e.Status != 429 { // a gateway's, which knows nothing of the account
		return target == ErrServer && e.Status >= 400
	}
	switch target {
	case ErrNotFound:
		return e.Status == 404 && !e.unsupported()
	case ErrUnsupported:
		return e.unsupported()
	case ErrDenied:
		return (e.Status == 401 || e.Status == 403) && !e.cannotPay()
	case ErrCredential:
		return e.credential()
	case ErrNotGranted:
		return e.Code == "NOT_GRANTED_CALL" || e.Status == 403 && e.says("call has not been granted")
	case ErrIAM:
		return len(e.MissingActions) > 0 || e.Status == 403 && e.says("User not granted for this request")
	case ErrExpired:
		return e.Status == 460
	case ErrRateLimited:
		return e.Status == 429
	case ErrCannotPay:
		return e.cannotPay()
	case ErrServer:
		return e.Status >= 500 || e.Status == 408
	}
	return false
}

func (e *Error) says(text string) bool {
	return strings.Contains(strings.ToLower(e.Message), strings.ToLower(text))
}

// noPath: a path that the API does not have, misspelt or malformed, answers this one
// message; a missing object answers another.
func (e *Error) noPath() bool {
	return e.Status == 404 && e.says("Got an invalid (or empty) URL")
}

// regional are the routes that the schema of some region lacks, or that no region's
// schema promises to keep (BETA).
var regional = regexp.MustCompile(`^[A-Z]+ (/services?(/.*)?|/me/autorenew|/me/ovhAccount(/.*)?|/me/order/[^/]+/payment)$`)

// unsupported reports whether the path is missing in the region. Any other missing path
// is about the path.
func (e *Error) unsupported() bool { return e.noPath() && regional.MatchString(e.Call) }

func (e *Error) cannotPay() bool {
	return e.says("order can't be paid with") || e.says("paymentMean not found")
}

// These are the codes and the messages of the authentication layer: the
// newer form has a class and the words in place of the code.
var (
	authenticationCodes = []string{"INVALID_KEY", "INVALID_CREDENTIAL", "NOT_CREDENTIAL", "INVALID_SIGNATURE"}
	authenticationWords = []string{"Invalid application key", "This credential is not valid", "This application key is invalid", "This credential does not exist", "Invalid signature"}
)

// credential reports whether the authentication is refused. No code for an expired
// credential is on record, so both a code and a message that say so count.
func (e *Error) credential() bool {
	if slices.Contains(authenticationCodes, e.Code) || e.Status == 401 {
		return true
	}
	expired := strings.Contains(strings.ToUpper(e.Code), "EXPIRED") ||
		(e.says("credential") || e.says("token")) && (e.says("expired") || e.says("revoked"))
	return (e.Status == 400 || e.Status == 403) && slices.ContainsFunc(authenticationWords, e.says) || e.Status == 403 && expired
}

// refusal reports whether the answer says for certain that the call was not
// carried out. A time-out, a rate limit or an answer in another form than the
// API's own may come from a gateway that let the request through.
func (e *Error) refusal() bool {
	if e.Status < 400 || e.Status > 499 || e.foreign || e.Class == "" && e.Code == "" && e.Message == "" {
		return false
	}
	return e.Status != 408 && e.Status != 409 && e.Status != 429
}

// InputError is a value refused with nothing sent. It is an [ErrBadInput].
type InputError struct {
	Call, Field string // the function or method, and the value's name there, if any
	Value       string // empty if there is none
	Why         string // what is wrong with it
	Err         error  // the cause, or nil
}

func (e *InputError) Error() string {
	if e.Field == "" {
		return e.Call + ": " + e.Why
	}
	if e.Value == "" {
		return fmt.Sprintf("%s: %s %s", e.Call, e.Field, e.Why)
	}
	return fmt.Sprintf("%s: %s %q %s", e.Call, e.Field, e.Value, e.Why)
}

func (e *InputError) Is(target error) bool { return target == ErrBadInput }

func (e *InputError) Unwrap() error { return e.Err }

// badInput is an InputError; a value of nil is one that was not given.
func badInput(call, field string, value any, why string) error {
	bad := &InputError{Call: call, Field: field, Why: why}
	if value != nil {
		bad.Value = fmt.Sprint(value)
	}
	return bad
}

// callName is how errors name a request: the method of the route with the path
// that was sent, without its query.
func callName(route, path string) string {
	method, _, _ := strings.Cut(route, " ")
	path, _, _ = strings.Cut(path, "?")
	return method + " " + path
}

// sendError says in this package's words that no answer came.
func sendError(call string, err error) error {
	if err == nil {
		return nil
	}
	failed, ok := errors.AsType[*transport.SendError](err)
	if !ok {
		return fmt.Errorf("%s: %w", call, err)
	}
	cause := failed.Err
	if errors.Is(err, transport.ErrTrouble) { // of another server than the API's
		cause = fmt.Errorf("%w: %w", ErrServer, cause)
	}
	switch {
	case errors.Is(err, transport.ErrLogin): // nobody was asked but the token endpoint
		return fmt.Errorf("%s: %w: %w: %w", call, ErrCredential, ErrNotSent, cause)
	case failed.NeverSent:
		return fmt.Errorf("%s: %w: %w", call, ErrNotSent, cause)
	case failed.Attempts > 1:
		return fmt.Errorf("%s: no complete answer in %d attempts: %w", call, failed.Attempts, cause)
	}
	return fmt.Errorf("%s: no complete answer: %w", call, cause)
}

// notExecuted reports whether a spending call that returned err certainly had no
// effect. Whatever it does not know is uncertain, so that a Buyer from elsewhere
// is believed only when it says so in this package's errors.
func notExecuted(err error) bool {
	if errors.Is(err, ErrNotSent) || errors.Is(err, ErrBadInput) {
		return true
	}
	answer, ok := errors.AsType[*Error](err)
	return ok && answer.refusal()
}

// unsure marks the error of a spending call as unsure, unless it is certain that
// the call had no effect.
func unsure(err error) error {
	if err == nil || notExecuted(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnsure, err)
}
