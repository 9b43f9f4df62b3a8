package ovhrenewtest_test

import "testing"

func TestBadLeases(t *testing.T) {
	t.Parallel()
	for flaw, want := range map[string]string{
		"nothing is inherited": "Inherited InheritedUnused",
		"all is inherited":     "Claim Inherited InheritedUnused",
	} {
		wantCaught(t, "TestBadJournal", flaw, want)
	}
}
