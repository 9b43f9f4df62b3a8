package postgres_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/postgres"
)

func TestJournal(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]postgres.Options{"Session": {}, "NoSession": {NoSession: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ovhrenewtest.TestJournal(t, func(t *testing.T) (a, b ovhrenew.Journal) {
				pool := database(t)
				handles := [2]ovhrenew.Journal{}
				for i := range handles {
					j, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, how)
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() {
						if err := j.Close(); err != nil {
							t.Errorf("Close = %v", err)
						}
					})
					handles[i] = j
				}
				return handles[0], handles[1]
			})
		})
	}
}
