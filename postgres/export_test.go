// What tests need of the package's inside.

package postgres

import "context"

// ExpireLeases lets the claims of the journal pass to whoever asks next, while its
// process is alive, as a machine that is cut off from the database does. It gives no
// further sign of life.
func (j *Journal) ExpireLeases() {
	h := j.holder
	h.stop()
	<-h.ended
	h.disconnect()
	if _, err := h.pool.Exec(context.Background(), "update ovhrenew_holder set until = '-infinity' where holder = $1", h.id); err != nil {
		panic(err)
	}
	for held := true; held; { // the server ends a session a moment later
		if err := h.pool.QueryRow(context.Background(), "select exists (select from ovhrenew_holder h where holder = $1 and "+alive+")", h.id).Scan(&held); err != nil {
			panic(err)
		}
	}
}

// Dead is the test of a process.
func Dead(process string) bool { return dead(process) }

// Process is this process.
func Process() string { return process() }
