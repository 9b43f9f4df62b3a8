package main

import "testing"

const exported = `// Package p has names.
package p

type T struct{}
type u struct{}
type g[X any] struct{}

func F()       {}
func f()       {}
func (T) M()   {}
func (*T) N()  {}
func (T) m()   {}
func (u) M()   {}
func (g[X]) M() {}

var V, w = 1, 2

const (
	C, D = 1, 2
	e    = 3
)
`

// Names are those that a user of the package can write: methods of what is not exported are
// none, nor are those of tests.
func TestNames(t *testing.T) {
	dir := tree(t, map[string]string{"go.mod": "module example.test/p\n", "p.go": exported, "p_test.go": "package p\n\nfunc G() {}\n"})
	got, err := count(dir)
	if want := (counts{types: 1, funcs: 1, methods: 2, vars: 1, consts: 2}); err != nil || got != want || got.names() != 7 {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	t.Chdir(dir)
	if lines, err := docLines("."); err != nil || lines < 10 || lines > 40 {
		t.Errorf("the reference has %d lines, %v", lines, err)
	}
	if _, err := count(tree(t, map[string]string{"p.go": "not Go"})); err == nil {
		t.Error("what is not Go has names")
	}
}
