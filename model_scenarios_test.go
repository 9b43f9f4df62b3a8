// Which stories of the model are explored.

package ovhrenew

import "slices"

// option changes a scenario.
type option func(*scenario)

func defaults(name string) scenario {
	return scenario{model: model{
		name: name, table: table, settle: 4, fresh: 1, listLag: 2, late: 1, showLag: 3, just: 1,
		runs: 1, only: true, common: true, twice: true,
	}}
}

func cuts(n int8) option      { return func(s *scenario) { s.cuts = n } }
func losses(n int8) option    { return func(s *scenario) { s.losses = n } }
func people(n int8) option    { return func(s *scenario) { s.people = n } }
func strangers(n int8) option { return func(s *scenario) { s.strangers = n } }
func namings(n int8) option   { return func(s *scenario) { s.names = n } }
func oddities(n int8) option  { return func(s *scenario) { s.oddities = n } }
func two(s *scenario)         { s.runs = 2 }
func several(s *scenario)     { s.only, s.common = false, false }
func lease(s *scenario)       { s.lease = true }
func sleepers(s *scenario)    { s.sleepers = true }
func shuffle(s *scenario)     { s.shuffle = true }
func answers(s *scenario)     { s.answers = true }
func once(s *scenario)        { s.twice = false }
func asks(s *scenario)        { s.asks = true }
func dark(s *scenario)        { s.dark = true }
func forgets(s *scenario)     { s.forgets = true }
func moves(s *scenario)       { s.moves = true }
func past(s *scenario)        { s.past = true }
func bounces(s *scenario)     { s.bounces = true }
func overtakes(s *scenario)   { s.overtakes = true }
func direct(s *scenario)      { s.direct = true }
func whole(s *scenario)       { s.whole = true }
func short(s *scenario)       { s.settle, s.listLag, s.showLag = 3, 1, 2 }
func tiny(s *scenario)        { s.settle, s.listLag, s.late, s.showLag = 2, 1, 0, 1 }
func lapses(s *scenario)      { s.life = 2*s.settle + s.fresh + 3 }

func documented(kinds ...uint8) option {
	return func(s *scenario) {
		for _, k := range kinds {
			s.documented = append(s.documented, badNames[k])
		}
	}
}

func control(kind uint8) option { return func(s *scenario) { s.control = badNames[kind] } }

// scenarios are those in which nothing may go wrong but what is documented.
func scenarios() []scenario {
	return slices.Concat(aloneScenarios(), sharedScenarios(), severalScenarios(), peopleScenarios(), controlScenarios())
}

func newScenario(name string, options ...option) scenario {
	s := defaults(name)
	for _, o := range options {
		o(&s)
	}
	return s
}

// aloneScenarios are one run, which fails in every way.
func aloneScenarios() []scenario {
	return []scenario{
		newScenario("one run cut off, its journal kept", cuts(3), losses(2), dark, direct),
		newScenario("one run cut off, its journal kept, expiries move early", cuts(3), losses(2), dark, moves, direct, past),
		newScenario("one run cut off, its journal lost", cuts(3), losses(1), forgets, moves, past),
		newScenario("one run cut off, its journal lost, lists out of order", cuts(3), losses(2), forgets, shuffle, whole),
		newScenario("one run cut off, its journal lost, orders lapse", cuts(2), losses(1), forgets, short, lapses),
		newScenario("one run cut off, its order named by a person", cuts(1), losses(1), forgets, namings(1), oddities(1), short,
			documented(saidUntrueLost)), // named within the time that a lost run's payment takes to show
		newScenario("one run cut off, the open order is answered", cuts(3), losses(1), forgets, answers),
		newScenario("one run cut off, a paid order is refused", cuts(3), losses(2), once),
		newScenario("one run, cancellations, documents, prices", cuts(1), losses(1), oddities(2), bounces, moves, dark, short),
		newScenario("one run, cancellations, documents, lapses", cuts(1), losses(1), oddities(1), bounces, short, lapses),
		newScenario("one run, a person is asked", cuts(2), losses(1), asks, oddities(1), forgets, short),
		newScenario("one of several, alone, cut off", cuts(3), losses(1), several, forgets, dark),
		newScenario("one of several, alone, cut off, lapses", cuts(2), losses(1), several, forgets, short, lapses),
	}
}

// sharedScenarios are two runs with one journal.
func sharedScenarios() []scenario {
	return []scenario{
		newScenario("a lock", two, cuts(2), losses(1), dark),
		newScenario("a lock, the journal lost", two, cuts(1), losses(1), forgets, shuffle, answers),
		newScenario("a lock, sleepers, lapses", two, cuts(1), losses(1), sleepers, short, lapses),
		newScenario("a lock, cut off twice, lost twice", two, cuts(2), losses(2), sleepers, shuffle, whole),
		newScenario("a lease", two, losses(1), lease, dark, short),
		newScenario("a lease, cut off", two, cuts(1), losses(1), lease, dark, whole),
		newScenario("a lease, sleepers", two, losses(1), lease, sleepers, tiny),
		newScenario("a lease, sleepers, slower", two, losses(1), lease, sleepers, short, whole),
		newScenario("a lease, sleepers, cut off", two, cuts(1), losses(1), lease, sleepers, short, whole),
		newScenario("a lease, sleepers, lapses", two, lease, sleepers, tiny, lapses),
		newScenario("a lease, sleepers, lapses, slower", two, lease, sleepers, short, lapses, whole),
		newScenario("a lease, sleepers, lapses, an answer lost", two, losses(1), lease, sleepers, short, lapses, moves, whole),
	}
}

// severalScenarios are two runs with a journal each.
func severalScenarios() []scenario {
	return []scenario{
		newScenario("several, in order", two, several, dark, moves, past),
		newScenario("several, out of order", two, several, shuffle),
		newScenario("several, sleepers, out of order", two, several, shuffle, sleepers),
		newScenario("several, an answer lost", two, several, shuffle, losses(1)),
		newScenario("several, cut off, an answer lost", two, several, shuffle, losses(1), cuts(1), short),
		newScenario("several, a journal lost", two, several, shuffle, cuts(1), forgets, short),
		newScenario("several, everything", two, several, shuffle, losses(1), cuts(1), sleepers, forgets, lapses, whole),
		newScenario("several, orders lapse and can be paid", two, several, short, lapses, sleepers, shuffle),
		newScenario("several, orders lapse while they are paid", two, several, short, lapses, overtakes, shuffle),
		newScenario("several, cancellations and documents", two, several, oddities(1), short),
		newScenario("several, the open order is answered, a paid one refused", two, several, answers, once, losses(1)),
		newScenario("several, the open order is answered and charged twice", two, several, answers, documented(paidTwice), control(paidTwice)),
	}
}

// peopleScenarios are runs and people, who may pay at the link within the time that a payment takes to show.
func peopleScenarios() []scenario {
	return []scenario{
		newScenario("a run and a person", cuts(1), losses(1), people(1), moves),
		newScenario("a run and a person, documents", people(1), oddities(1), losses(1), short),
		newScenario("a run and a person who orders by hand", cuts(1), losses(1), people(1), strangers(1), short),
		newScenario("two of several and a person", two, several, people(1), shuffle, short),
		newScenario("a lock and a person", two, losses(1), people(1), short),
	}
}

// controlScenarios are those that break a condition of the promise, to prove that the model sees it.
func controlScenarios() []scenario {
	return []scenario{
		newScenario("control: effects later than the time to settle", cuts(1), losses(1), func(s *scenario) { s.showLag = s.settle + 1 },
			documented(paidTwo, saidUntrue), control(paidTwice)),
		newScenario("control: the only journal, declared where it is not", two, several, shuffle, losses(1), short, func(s *scenario) { s.only = true },
			documented(paidTwice), control(paidTwo)),
	}
}

// smallScenarios are worlds in which a row that is missing shows soon.
func smallScenarios() []scenario {
	small := func(name string, options ...option) scenario {
		return newScenario(name, slices.Concat([]option{tiny}, options)...)
	}
	return []scenario{
		small("one run", losses(1), dark, moves, direct),
		small("one run that loses its journal", cuts(1), forgets, oddities(1), past),
		small("one run, its payment returned", oddities(1), bounces, lapses),
		small("one run and a person's word", asks, oddities(1)),
		small("one run, its order named", several, losses(1), cuts(1), forgets, namings(1), documented(saidUntrueLost)),
		small("a run and a person", people(1), oddities(1)),
		small("two of several", two, several, shuffle, dark),
		small("two of several, one late", two, several, past, dark),
		small("two of several, orders lapse", two, several, lapses, overtakes),
		small("a lease", two, lease, sleepers),
	}
}
