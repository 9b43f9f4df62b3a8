package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func writing(text string, err error) func(io.Writer) error {
	return func(w io.Writer) error {
		_, failed := io.WriteString(w, text)
		return errors.Join(failed, err)
	}
}

// A file takes the place of another as a whole: if writing it fails the other one stays, and
// nothing is left beside it.
func TestWriteFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "plan.json")
	expect := func(want string) {
		t.Helper()
		if text, err := os.ReadFile(name); err != nil || string(text) != want {
			t.Errorf("the file has %q, %v, want %q", text, err, want)
		}
		if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
			t.Errorf("beside it are %v, %v", all, err)
		}
	}
	if err := writeFile(name, writing("one", nil)); err != nil {
		t.Error(err)
	}
	expect("one")
	if err := writeFile(name, writing("two", nil)); err != nil {
		t.Error(err)
	}
	expect("two")
	if err := writeFile(name, writing("thr", errDisk)); !errors.Is(err, errDisk) {
		t.Errorf("a disk that is full: %v", err)
	}
	expect("two")
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o644 && runtime.GOOS != "windows" {
		t.Errorf("others cannot read it: %v, %v", info.Mode(), err)
	}
	if err := writeFile(filepath.Join(dir, "nowhere", "x"), writing("x", nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	if err := writeFile(dir, writing("x", nil)); err == nil {
		t.Error("a directory was written")
	}
	expect("two")
}

// A name is one of the system: only there has a backslash a meaning.
func TestWriteFileHere(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"plan.json", "./plan.json", `a\b.json`} {
		if runtime.GOOS == "windows" && name == `a\b.json` {
			continue
		}
		if err := writeFile(name, writing("here", nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if text, err := os.ReadFile(name); err != nil || string(text) != "here" {
			t.Errorf("%s has %q, %v", name, text, err)
		}
	}
}

// What is no file of its own stays what it is: a link still leads to its file, which is
// written, and a device is written to, and not replaced by a file.
func TestWriteFileThroughLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	real, link, null := filepath.Join(dir, "real"), filepath.Join(dir, "link"), filepath.Join(dir, "null")
	if err := writeFile(real, writing("one", nil)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(real, link), os.Symlink(os.DevNull, null)); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{link, null} {
		if err := writeFile(name, writing("two", nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v, %v", name, info.Mode(), err)
		}
	}
	if text, err := os.ReadFile(real); err != nil || string(text) != "two" {
		t.Errorf("the file that the link leads to has %q, %v", text, err)
	}
	if err := writeFile(null, writing("two", errDisk)); !errors.Is(err, errDisk) {
		t.Errorf("what goes wrong in writing to a device: %v", err)
	}
}
