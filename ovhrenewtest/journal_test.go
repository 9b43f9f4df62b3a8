package ovhrenewtest_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	ovhrenewtest.TestJournal(t, func(*testing.T) (a, b ovhrenew.Journal) {
		m := ovhrenewtest.NewMemory(ovhrenew.OneOfSeveral)
		return m, m.Another()
	})
}

func TestFileJournal(t *testing.T) {
	t.Parallel()
	ovhrenewtest.TestJournal(t, func(t *testing.T) (a, b ovhrenew.Journal) {
		dir := t.TempDir()
		handles := [2]ovhrenew.Journal{}
		for i := range handles {
			j, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
			if err != nil {
				t.Fatal(err)
			}
			handles[i] = j
		}
		return handles[0], handles[1]
	})
}
