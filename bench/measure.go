package main

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// cost is what something took.
type cost struct {
	time   time.Duration
	allocs float64 // how many
	bytes  float64 // and how large together
}

// compare runs two things in turns, each so many times in a round, and returns what
// one run of each cost in its fastest round: whatever else the machine does in the
// meantime only ever adds.
func compare(rounds, runs int, other, ours func() error) (otherCost, ourCost cost, err error) {
	for range rounds {
		if err := fastest(&otherCost, runs, other); err != nil {
			return otherCost, ourCost, err
		}
		if err := fastest(&ourCost, runs, ours); err != nil {
			return otherCost, ourCost, err
		}
	}
	return otherCost, ourCost, nil
}

// fastest replaces what is measured if this round is faster.
func fastest(c *cost, runs int, do func() error) error {
	var before, after runtime.MemStats
	runtime.GC() // nobody pays for the garbage of the one before
	runtime.ReadMemStats(&before)
	began := time.Now()
	for range runs {
		if err := do(); err != nil {
			return err
		}
	}
	took := time.Since(began) / time.Duration(runs)
	runtime.ReadMemStats(&after)
	if c.time == 0 || took < c.time {
		*c = cost{
			time:   took,
			allocs: float64(after.Mallocs-before.Mallocs) / float64(runs),
			bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(runs),
		}
	}
	return nil
}

// metric reads one of runtime/metrics that is a number of bytes.
func metric(name string) float64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64())
}

const (
	objectBytes = "/memory/classes/heap/objects:bytes" // garbage included
	liveBytes   = "/gc/heap/live:bytes"                // after the last collection
	mappedBytes = "/memory/classes/total:bytes"        // never falls: what the process took at the most
)

// peakHeap is how far the heap grows, garbage included, while something runs.
func peakHeap(do func() error) (float64, error) {
	runtime.GC()
	before := metric(objectBytes)
	stop, peak := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		most := 0.0
		for {
			most = max(most, metric(objectBytes))
			select {
			case <-tick.C:
			case <-stop:
				peak <- most
				return
			}
		}
	}()
	err := do()
	close(stop)
	return <-peak - before, err
}

func timeRow(what, against string, other, ours cost) row {
	r := row{what: what, against: against, other: short(other.time), ours: short(ours.time)}
	r.ratio, r.goal, r.met = better("faster", other.time.Seconds(), ours.time.Seconds(), 1)
	return r
}

func allocRow(against string, other, ours cost) row {
	r := row{what: "allocations", against: against, other: number(int(other.allocs)), ours: number(int(ours.allocs))}
	r.ratio, r.goal, r.met = better("fewer", other.allocs, ours.allocs, 1)
	return r
}
