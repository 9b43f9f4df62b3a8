// What the README shows, in its SQL and its code.

package postgres_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/postgres"
)

// TestReadmeSQL runs the queries of the README on what a renewal has left.
func TestReadmeSQL(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sql\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatal("the README has no SQL")
	}
	pool := database(t)
	_, client := world(t)
	j := open(t, pool, postgres.Options{})
	if _, err := ovhrenew.Renew(t.Context(), client, request(j)); err != nil {
		t.Fatal(err)
	}
	exec(t, pool, "update ovhrenew_receipt set verified = '2026-11-20'")
	held, err := j.Claim(t.Context(), account, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if err := held.Append(t.Context(), paying(5)); err != nil {
		t.Fatal(err)
	}
	queries := strings.Split(strings.TrimSuffix(strings.TrimSpace(string(block[1])), ";"), ";\n")
	if len(queries) != 4 {
		t.Errorf("%d queries, want 4", len(queries))
	}
	for _, query := range queries {
		rows, err := pool.Query(t.Context(), query)
		n := 0
		for err == nil && rows.Next() {
			n++
		}
		if err == nil {
			err = rows.Err()
		}
		if err != nil || n != 1 {
			t.Errorf("%d rows, %v, want 1, of %s", n, err, query)
		}
	}
}

// TestReadmeTables wants every table and column in the README.
func TestReadmeTables(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	pool := database(t)
	rows, err := pool.Query(t.Context(), `select table_name::text, column_name::text from information_schema.columns
		where table_schema = current_schema() and table_name not in ('ovhrenew_pace', 'ovhrenew_pace_first', 'ovhrenew_version')`)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		n++
		line := regexp.MustCompile("(?m)^\\| `" + table + "` .*$").FindString(string(text))
		if !strings.Contains(line, "`"+column+"`") {
			t.Errorf("the README's line of %s lacks %s: %q", table, column, line)
		}
	}
	if n == 0 || rows.Err() != nil {
		t.Errorf("%d columns, %v", n, rows.Err())
	}
}
