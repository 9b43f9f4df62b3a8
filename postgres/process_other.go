//go:build !linux

package postgres

func processWorld() string    { return "" }
func processExists(int) bool  { return true }
func processBegan(int) string { return "" }
