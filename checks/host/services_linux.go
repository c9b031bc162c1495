package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// systemd is asked by systemctl. What its units say is in systemd.unit(5) and org.freedesktop.systemd1(5).
type systemd struct{}

// booted is there where systemd is the service manager: sd_booted(3).
const booted = "/run/systemd/system"

var unitProperties = []string{"Id", "Description", "LoadState", "ActiveState", "SubState", "Result", "MainPID", "UnitFileState", "User",
	"ExecStart", "Environment", "EnvironmentFiles", "RequiredBy", "Requires", "BoundBy", "ConsistsOf"}

// show returns a unit's properties. ErrNotFound where there is no such unit.
func show(ctx context.Context, name string) (map[string]string, string, error) {
	unit, err := unitName(name)
	if err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(booted); err != nil {
		return nil, "", fmt.Errorf("systemd does not run: %w", ErrUnsupported)
	}
	out, err := ask(ctx, "systemctl", "show", "--no-pager", "--property="+strings.Join(unitProperties, ","), "--", unit)
	if err != nil {
		return nil, out, fmt.Errorf("service %s: %w", name, busError(err))
	}
	p := properties(out)
	switch p["LoadState"] {
	case "":
		return nil, out, fmt.Errorf("service %s: systemctl says nothing of it", name)
	case "not-found":
		return nil, out, fmt.Errorf("service %s: %w", name, ErrNotFound)
	}
	return p, out, nil
}

// busError puts this package's errors to what systemctl complains of.
func busError(err error) error {
	s := err.Error()
	switch {
	case strings.Contains(s, "Failed to connect to bus"), strings.Contains(s, "not been booted with systemd"):
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	case strings.Contains(s, "Access denied"), strings.Contains(s, "Interactive authentication required"), strings.Contains(s, "Permission denied"):
		return fmt.Errorf("%w: %w", ErrDenied, err)
	case exitCode(err) == 5: // no such unit: systemctl(1)
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}

// unitName is the name of a service unit. Options and patterns are no names.
func unitName(name string) (string, error) {
	bad := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(":-_.\\@", r))
	}
	if name == "" || len(name) > 255 || name[0] == '-' || strings.ContainsFunc(name, bad) {
		return "", fmt.Errorf("service %q: %w", name, ErrNotFound)
	}
	for _, kind := range [...]string{".service", ".socket", ".target", ".timer", ".path"} {
		if strings.HasSuffix(name, kind) {
			return name, nil
		}
	}
	return name + ".service", nil
}

// properties reads KEY=value lines. A key that stands there again (EnvironmentFiles does) is another line.
func properties(out string) map[string]string {
	p := map[string]string{}
	for line := range strings.Lines(out) {
		k, v, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "=")
		if !ok {
			continue
		}
		if old := p[k]; old != "" {
			v = old + "\n" + v
		}
		p[k] = v
	}
	return p
}

func (systemd) Query(ctx context.Context, name string) (Service, error) {
	p, raw, err := show(ctx, name)
	if err != nil {
		return Service{}, err
	}
	s := Service{Name: name, Title: p["Description"], State: unitState(p), Start: unitStart(p), Account: p["User"], Path: commandLine(p["ExecStart"]), Raw: strings.TrimSpace(raw)}
	if s.Account == "" && p["ExecStart"] != "" {
		s.Account = "root" // User= of systemd.exec(5)
	}
	s.PID, _ = strconv.Atoi(p["MainPID"])
	return s, nil
}

// unitState says systemd's states in the words of the Windows service manager.
func unitState(p map[string]string) ServiceState {
	switch p["ActiveState"] {
	case "active", "reloading", "refreshing":
		if p["SubState"] == "exited" && p["MainPID"] == "0" && p["ExecStart"] != "" {
			return Stopped // RemainAfterExit: nothing runs, whatever systemd calls it
		}
		return Running
	case "activating", "maintenance":
		return StartPending
	case "deactivating":
		return StopPending
	}
	return Stopped
}

// unitStart is how the unit is started: masked is as disabled as it gets, a unit without [Install] is started by others.
func unitStart(p map[string]string) string {
	switch p["UnitFileState"] {
	case "enabled", "enabled-runtime", "linked", "linked-runtime", "generated":
		return "auto"
	case "static", "indirect", "disabled", "transient", "alias":
		return "manual"
	case "masked", "masked-runtime":
		return "disabled"
	}
	if p["LoadState"] == "masked" {
		return "disabled"
	}
	return ""
}

// commandLine takes the command out of { path=/x ; argv[]=/x -a ; ignore_errors=no ; … }.
func commandLine(exec string) string {
	_, rest, ok := strings.Cut(exec, "argv[]=")
	if !ok {
		return ""
	}
	line, _, _ := strings.Cut(rest, " ; ")
	return strings.TrimSpace(line)
}

// Dependents returns the running units that systemd would stop with this one.
func (systemd) Dependents(ctx context.Context, name string) ([]string, error) {
	p, _, err := show(ctx, name)
	if err != nil {
		return nil, err
	}
	var (
		out  []string
		errs error
		seen = map[string]bool{}
	)
	for _, unit := range strings.Fields(p["RequiredBy"] + " " + p["BoundBy"] + " " + p["ConsistsOf"]) {
		// Targets need everything that is enabled; they are no programs that somebody would miss.
		if seen[unit] || !strings.HasSuffix(unit, ".service") || len(seen) >= 64 {
			continue
		}
		seen[unit] = true
		q, _, err := show(ctx, unit)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			errs = errors.Join(errs, err)
		case unitState(q) != Stopped:
			out = append(out, unit)
		}
	}
	return out, errs
}

// Environment returns what the unit says and, for a running service, what its process was really started with, which
// wins. A part that may not be read is in the error, beside what could be.
func (systemd) Environment(ctx context.Context, name string) (map[string]string, error) {
	p, _, err := show(ctx, name)
	if err != nil {
		return nil, err
	}
	env := map[string]string{}
	for _, line := range strings.Split(p["Environment"], "\n") {
		for _, field := range shellFields(line) {
			setVar(env, field)
		}
	}
	var errs error
	for _, line := range strings.Split(p["EnvironmentFiles"], "\n") {
		if path, optional := environmentFile(line); path != "" {
			errs = errors.Join(errs, readEnvironmentFiles(env, path, optional))
		}
	}
	if pid, _ := strconv.Atoi(p["MainPID"]); pid > 0 {
		running, err := processEnviron(pid)
		if err != nil {
			errs = errors.Join(errs, fmt.Errorf("process %d of %s: %w", pid, name, err))
		}
		for k, v := range running {
			env[k] = v
		}
	}
	return env, errs
}

// mapped puts this package's errors before the system's.
func mapped(err error) error {
	switch {
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%w: %w", ErrDenied, err)
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ESRCH):
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}
