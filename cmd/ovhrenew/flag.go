package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// value is a flag whose text is parsed as soon as it is read: what is wrong with it is
// said of the flag.
type value[T any] struct {
	kind  string // what stands for a text in the help, such as AMOUNT
	parse func(string) (T, error)
	take  func(T)
	// fills is the field of the library that the flag fills, such as Policy.Only: what the
	// library says of the field is said of the flag.
	fills string
	texts []string
}

func (v *value[T]) Set(text string) error {
	read, err := v.parse(text)
	if err == nil {
		v.take(read)
		v.texts = append(v.texts, text)
	}
	return err
}

func (v *value[T]) Type() string { return v.kind }

// String is empty: a default stands in the words of the help.
func (v *value[T]) String() string { return "" }

func (v *value[T]) filled() (field string, texts []string) { return v.fills, v.texts }

// addFlag adds a flag for one value.
func addFlag[T any](cmd *cobra.Command, to *T, name, kind, does, fills string, parse func(string) (T, error)) {
	cmd.Flags().Var(&value[T]{kind: kind, parse: parse, take: func(v T) { *to = v }, fills: fills}, name, does)
}

// flagError is a mistake in a flag, in one form for all flags.
func flagError(cmd *cobra.Command, err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usageError{ofText("--"+bad.GetFlag().Name, bad.GetValue(), bad.Unwrap())}
	}
	return usagef("%w: see %s --help", err, cmd.CommandPath())
}

// argument parses an argument that stands for itself. Its errors name it.
func argument[T any](name, text string, parse func(string) (T, error)) (T, error) {
	read, err := parse(text)
	if err != nil {
		err = usageError{ofText(name, text, err)}
	}
	return read, err
}

// ofText says what is wrong with a text that somebody typed for a flag or an argument.
func ofText(name, text string, err error) error {
	quoted := strconv.Quote(text)
	if bad, ok := errors.AsType[*ovhrenew.InputError](err); ok {
		return retold{name + " " + quoted + " " + bad.Why, err}
	}
	if !strings.Contains(err.Error(), quoted) {
		name += " " + quoted
	}
	return fmt.Errorf("%s: %w", name, err)
}

// retold is an error in other words.
type retold struct {
	text string
	error
}

func (e retold) Error() string { return e.text }

func (e retold) Unwrap() error { return e.error }

// named says what is wrong with a field of the library of the flag that fills it. The
// library finds such mistakes before it does anything.
func named(cmd *cobra.Command, err error) error {
	bad, ok := errors.AsType[*ovhrenew.InputError](err)
	if !ok {
		return err
	}
	flag, texts := filling(cmd, bad.Field)
	if flag == "" || len(texts) == 0 && bad.Value != "" { // which is in a file
		return err
	}
	if len(texts) == 1 {
		flag = fmt.Sprintf("%s %q", flag, texts[0])
	}
	return usageError{retold{strings.Replace(err.Error(), bad.Error(), flag+" "+bad.Why, 1), err}}
}

// filling is the flag that fills a field, such as --only for Policy.Only or an element of
// it, and what was typed for it; empty if there is none.
func filling(cmd *cobra.Command, field string) (flag string, texts []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if v, ok := f.Value.(interface{ filled() (string, []string) }); ok {
			fills, all := v.filled()
			rest, ok := strings.CutPrefix(field, fills)
			if ok && fills != "" && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				flag, texts = "--"+f.Name, all
			}
		}
	})
	return flag, texts
}

// inFlags is a text of the library that says what a person can do, in words of the command
// line.
func inFlags(text string) string {
	return strings.NewReplacer("Guards.IgnoreOrders", "renew --ignore-order", "Guards.TakeOver", "renew --take-over").Replace(text)
}

// inFile says what is wrong with a field of the library of the file that it was read from,
// in whose JSON it begins with a small letter.
func inFile(name string, err error) error {
	bad, ok := errors.AsType[*ovhrenew.InputError](err)
	if !ok {
		return fmt.Errorf("%s: %w", name, err)
	}
	field, ofLibrary := strings.CutPrefix(bad.Field, "Policy.")
	parts := strings.Split(field, ".")
	for i, part := range parts {
		if rest := strings.TrimLeftFunc(part, unicode.IsUpper); ofLibrary {
			parts[i] = strings.ToLower(part[:len(part)-len(rest)]) + rest
		}
	}
	there := *bad
	there.Call, there.Field = name, strings.Join(parts, ".")
	return retold{there.Error(), err}
}

// addPayFlag adds the flag that says how to pay.
func addPayFlag(cmd *cobra.Command, to *ovhrenew.Payment, fills string) {
	addFlag(cmd, to, "pay", "HOW", "how to pay, such as \"payment method 42\" (default: the account's default method)", fills, ovhrenew.ParsePayment)
}

// parseNumber reads a number of days or the like.
func parseNumber(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, &ovhrenew.InputError{Call: "ParseNumber", Field: "text", Value: text, Why: "is not a number from 0 up"}
	}
	return n, nil
}

// unusedFlag says of a part of a policy or a query that selects nothing which flag it is;
// ok is false if it is none. As many elements of its list come from elsewhere, and stand
// before those of flags.
func unusedFlag(cmd *cobra.Command, of string, u portfolio.Unused, elsewhere int) (named portfolio.Unused, ok bool) {
	list, i := element(u.Field)
	flag, texts := filling(cmd, of+"."+strings.ToUpper(list[:1])+list[1:])
	if i -= elsewhere; i < 0 || i >= len(texts) {
		return u, false
	}
	return portfolio.Unused{Field: fmt.Sprintf("%s %q", flag, texts[i]), Near: u.Near}, true
}

// element is the list and the index of a part of a policy or a query, such as
// never[0].names[1], as the library has written it.
func element(field string) (list string, i int) {
	list, rest, _ := strings.Cut(field, "[")
	number, _, _ := strings.Cut(rest, "]")
	i, _ = strconv.Atoi(number)
	return list, i
}
