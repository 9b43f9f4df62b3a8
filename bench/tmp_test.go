package main

import (
	"encoding/json"
	"github.com/ovhrenew/ovhrenew"
	"testing"
)

func BenchmarkPlain(b *testing.B) {
	d := offerList(10000)
	b.SetBytes(int64(len(d)))
	b.ReportAllocs()
	for b.Loop() {
		if v, err := plainSelect(d); err != nil || v <= 0 {
			b.Fatal(v, err)
		}
	}
}
func BenchmarkOurs(b *testing.B) {
	d := offerList(10000)
	b.SetBytes(int64(len(d)))
	b.ReportAllocs()
	for b.Loop() {
		if v, err := ourSelect(d); err != nil {
			b.Fatal(v, err)
		}
	}
}
func BenchmarkPlainDecode(b *testing.B) {
	d := offerList(10000)
	b.SetBytes(int64(len(d)))
	b.ReportAllocs()
	for b.Loop() {
		var x []plainDescription
		if err := json.Unmarshal(d, &x); err != nil {
			b.Fatal(err)
		}
	}
}
func BenchmarkOursDecode(b *testing.B) {
	d := offerList(10000)
	b.SetBytes(int64(len(d)))
	b.ReportAllocs()
	for b.Loop() {
		var x []ovhrenew.RenewDescription
		if err := json.Unmarshal(d, &x); err != nil {
			b.Fatal(err)
		}
	}
}
