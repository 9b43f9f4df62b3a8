package main

import (
	"runtime"
	"runtime/metrics"
	"slices"
	"time"
)

// cost is what something took.
type cost struct {
	time   time.Duration
	allocs float64 // how many
	bytes  float64 // and how large together
}

// compare runs two things in turns, so many times, and returns the median time that
// each took, and what they allocated in a run on average. With collect, neither has to
// collect the garbage of the other, only its own.
func compare(rounds int, collect bool, other, ours func() error) (otherCost, ourCost cost, err error) {
	sides, costs := [2]func() error{other, ours}, [2]cost{}
	for i, do := range sides {
		if costs[i], err = average(min(rounds, 100), do); err != nil {
			return otherCost, ourCost, err
		}
	}
	times := [2][]time.Duration{}
	for round := range rounds {
		for turn := range 2 {
			i := (round + turn) % 2 // neither is always the second
			if collect {
				runtime.GC()
			}
			began := time.Now()
			if err := sides[i](); err != nil {
				return otherCost, ourCost, err
			}
			times[i] = append(times[i], time.Since(began))
		}
	}
	for i := range costs {
		slices.Sort(times[i])
		costs[i].time = times[i][len(times[i])/2]
	}
	return costs[0], costs[1], nil
}

// average is what one of so many runs costs.
func average(runs int, do func() error) (cost, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	for range runs {
		if err := do(); err != nil {
			return cost{}, err
		}
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	return cost{
		time:   took / time.Duration(runs),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(runs),
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(runs),
	}, nil
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
