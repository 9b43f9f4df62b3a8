package ovhrenew

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scannable are lists of offers that the scanner reads by itself.
var scannable = []string{
	`[]`,
	" [\n\t] \r\n",
	`[{}]`,
	`[{"renewPeriod":"P1Y","strategies":[]}]`,
	`[{"strategies":[{}],"renewPeriod":"upto-2028"}]`,
	`[{"renewPeriod":"P1M","strategies":[{"price":{"currencyCode":"EUR","text":"37.87 \u20ac","value":37.87},"priceInUcents":3787000000,` +
		`"services":[12345,67890],"servicesDetails":[{"serviceId":12345,"serviceName":"a.ovh","serviceType":"Domain .ovh"},` +
		`{"serviceId":67890,"serviceName":"b.ovh","serviceType":"Domain .ovh"}]},{"price":{"value":1e-2,"currencyCode":"points"},"services":[]}]},` +
		`{"renewPeriod":"P1Y","strategies":[{"priceInUcents":0,"services":[0]}]}]`,
	`[{"strategies":[{"price":{"value":-0.00,"priceInUcents":0,"currencyCode":null},"servicesDetails":[{"serviceName":"é \u00e9 \ud83d\ude00 \ud800 \"\\\/\b\f\n\r\t","serviceType":""}]}]}]`,
	`[{"strategies":[{"servicesDetails":[{"serviceType":"\\n"},{"serviceType":"\n"},{"serviceType":"\\n"},{"serviceType":"é"},{"serviceType":"\u00e9"},{"serviceType":"é"}]}]}]`,
}

// unscannable are lists that encoding/json has to read, or refuse.
var unscannable = []string{
	``, `null`, `[`, `[]]`, `[] 1`, `[null]`, `[{},]`, `[,]`, `[{} {}]`, `{}`, `[{"renewPeriod":}]`, `[{"renewPeriod"}]`, `[{"renewPeriod":"P1Y",}]`,
	`[{"renewPeriod":null}]`, `[{"renewPeriod":3}]`, `[{"renewPeriod":"P1Y","renewPeriod":"P2Y"}]`, `[{"RenewPeriod":"P1Y"}]`, `[{"renewPeriod":"P1Y","new":1}]`,
	`[{"renew\u0050eriod":"P1Y"}]`, "[{\"renewPeriod\":\"P\n1Y\"}]", "[{\"renewPeriod\":\"\xff\"}]", `[{"renewPeriod":"\x"}]`, `[{"renewPeriod":"\u12g4"}]`, `[{"renewPeriod":"\u1`, `[{"renewPeriod":"a\`,
	`[{"strategies":null}]`, `[{"strategies":[null]}]`, `[{"strategies":[{"services":[1.5]}]}]`, `[{"strategies":[{"services":[01]}]}]`, `[{"strategies":[{"services":[-1]}]}]`,
	`[{"strategies":[{"services":[1e3]}]}]`, `[{"strategies":[{"services":[9223372036854775808]}]}]`, `[{"strategies":[{"services":["1"]}]}]`, `[{"strategies":[{"services":[1],"services":[2]}]}]`,
	`[{"strategies":[{"price":null}]}]`, `[{"strategies":[{"price":{}}]}]`, `[{"strategies":[{"price":"1 EUR"}]}]`, `[{"strategies":[{"price":{"value":"1"}}]}]`, `[{"strategies":[{"price":{"value":null5}}]}]`,
	`[{"strategies":[{"price":{"value":1.}}]}]`, `[{"strategies":[{"price":{"value":01}}]}]`, `[{"strategies":[{"price":{"value":+1}}]}]`, `[{"strategies":[{"price":{"value":1,"text":1-2}}]}]`,
	`[{"strategies":[{"price":{"value":1,"text":null}}]}]`, `[{"strategies":[{"price":{"value":1,"value":2}}]}]`, `[{"strategies":[{"price":{"value":1,"priceInUcents":900000000}}]}]`,
	"[{\"strategies\":[{\"price\":{\"value\":1,\"text\":\"a\nb\"}}]}]", `[{"strategies":[{"price":{"value":1e99}}]}]`, `[{"strategies":[{"priceInUcents":1.0}]}]`,
}

func TestScanRenewals(t *testing.T) {
	for _, body := range scannable {
		if _, ok := scanRenewals([]byte(body)); !ok {
			t.Errorf("%s is not scanned", body)
		}
		compareDecoders(t, []byte(body))
	}
	for _, body := range unscannable {
		if got, ok := scanRenewals([]byte(body)); ok {
			t.Errorf("%s is scanned, as %+v", body, got)
		}
	}
}

// The bodies that OVHcloud's guide prints are among those that are scanned.
func TestScanGuide(t *testing.T) {
	files, err := filepath.Glob("testdata/guide/renew*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bodies: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := scanRenewals(body); !ok {
			t.Errorf("%s is not scanned", file)
		}
		compareDecoders(t, body)
	}
}

// compareDecoders fails if the scanner reads what encoding/json reads otherwise, or refuses.
func compareDecoders(t *testing.T, body []byte) {
	t.Helper()
	got, ok := scanRenewals(body)
	if !ok {
		return
	}
	var want []RenewDescription
	if err := json.Unmarshal(body, &want); err != nil {
		t.Fatalf("%s is scanned, and is wrong: %v", body, err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Money{})); diff != "" {
		t.Fatalf("%s: encoding/json and the scanner (-, +):\n%s", body, diff)
	}
}

// Whatever one does to a list of offers, the scanner leaves it alone, or reads what
// encoding/json reads.
func TestScanDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const bytesOfJSON = `{}[],:"\0123456789.-+eEnul abP` + "\n\x00\xc3\xa9\xff"
	scanned := 0
	for range 40_000 {
		body := []byte(scannable[r.IntN(len(scannable))])
		for range 1 + r.IntN(3) {
			i, c := r.IntN(len(body)), bytesOfJSON[r.IntN(len(bytesOfJSON))]
			switch r.IntN(4) {
			case 0:
				body[i] = c
			case 1:
				body = bytes.Join([][]byte{body[:i], {c}, body[i:]}, nil)
			case 2:
				if body = bytes.Join([][]byte{body[:i], body[i+1:]}, nil); len(body) == 0 {
					body = []byte{c}
				}
			case 3: // a piece of it, once more
				j := min(len(body), i+r.IntN(40))
				body = bytes.Join([][]byte{body[:j], body[i:]}, nil)
			}
		}
		if _, ok := scanRenewals(body); ok {
			scanned++
		}
		compareDecoders(t, body)
	}
	if scanned < 1_000 {
		t.Errorf("of the damaged lists only %d were scanned: nothing is shown", scanned)
	}
}

// FuzzScan compares the scanner with encoding/json: on a list of offers, on a price, and
// on a string.
func FuzzScan(f *testing.F) {
	for _, body := range append(scannable, unscannable...) {
		f.Add([]byte(body))
	}
	for _, body := range []string{
		`{"value":1.5,"currencyCode":"EUR","text":"1.50 \u20ac","priceInUcents":150000000}`, `{"value" : 1 , "text":"\ud800"}`, `{"currencyCode":"\u0045UR","value":3}`,
		`"2026-06-15"`, `"a\"b"`, "\"\x7f\"", "\"\xff\"", "\"\xc3\xa9\"",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		compareDecoders(t, data)
		s := scanner{rest: data}
		if got := s.priceMembers(); s.done() {
			want, err := decodePrice(data)
			if err != nil {
				// A number is seen to be one when it is read.
				if _, err := got.money(); err == nil {
					t.Errorf("the price %s is scanned, and is wrong: %v", data, err)
				}
			} else if diff := cmp.Diff(want, got, cmp.AllowUnexported(priceMembers{})); diff != "" {
				t.Errorf("the price %s: encoding/json and the scanner (-, +):\n%s", data, diff)
			}
		}
		if text, plain := unquotePlain(data); plain {
			var want string
			if err := json.Unmarshal(data, &want); err != nil || text != want {
				t.Errorf("the string %s: %q, and encoding/json reads %q, %v", data, text, want, err)
			}
		}
	})
}
