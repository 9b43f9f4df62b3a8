package main

import (
	"errors"
	"testing"
)

// Every read is what was answered: a side that reads something else is not measured.
func TestReadsOver(t *testing.T) {
	t.Parallel()
	rows, err := readsOver(t.Context(), quick, "no network", "http://api.invalid/1.0", stub(readAnswer))
	if err != nil || len(rows) != 4 || rows[0].what != "read the status of an order, no network: time" {
		t.Errorf("%v, %+v", err, rows)
	}
	other := stub(func(path string) string {
		if answer := readAnswer(path); answer != statusJSON {
			return answer
		}
		return `"notPaid"`
	})
	if _, err := readsOver(t.Context(), quick, "no network", "http://api.invalid/1.0", other); !errors.Is(err, errWrong) {
		t.Errorf("another answer: %v", err)
	}
	if err := errors.Join(wrongUnless(true, nil), wrongUnless(true, nil)); err != nil {
		t.Error(err)
	}
	if err := wrongUnless(false, nil); !errors.Is(err, errWrong) {
		t.Error(err)
	}
	own := errors.New("own")
	if err := wrongUnless(false, own); !errors.Is(err, own) {
		t.Error(err)
	}
}
