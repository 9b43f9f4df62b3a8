// Package safety holds no code, only the tests that break renewals in every way that
// can be thought of and count what was paid: faults at every request, processes that
// die at every act, runs side by side, and thousands of schedules of all of these
// together.
package safety
