// makelog FILE MEGABYTES SHARE writes a log in which linecheck knows SHARE of a hundred lines, of the last thirty days.
// makelog -literals FILE writes the strings that linecheck looks for in a log, one a line.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"linecheck/assets"
	"linecheck/checks/logs/logtest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "makelog:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "-literals" {
		return literals(args[1])
	}
	if len(args) != 3 {
		return fmt.Errorf("want FILE MEGABYTES SHARE or -literals FILE, got %q", args)
	}
	size, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	share, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	f, err := os.Create(args[0])
	if err != nil {
		return err
	}
	now := time.Now()
	if err := logtest.Write(f, logtest.Spec{Size: int64(size) << 20, Share: share, Seed: 1, From: now.AddDate(0, 0, -30), To: now}); err != nil {
		return err
	}
	return f.Close()
}

func literals(path string) error {
	sigs, err := assets.Signatures()
	if err != nil {
		return err
	}
	var b []byte
	for _, s := range sigs {
		b = append(append(b, s.Literal...), '\n')
	}
	return os.WriteFile(path, b, 0o644)
}
