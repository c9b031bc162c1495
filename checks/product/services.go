package product

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// service judges one service of the profile. A product that is not here has no missing services: ok is false then.
func (l *look) service(s assets.Service, present bool) (f checks.Finding, ok bool) {
	v, err := l.query(s.Name)
	f = checks.Finding{Subject: s.Name, Mark: s.Mark, Args: map[string]string{
		"title": title(s, v), "required": checks.YesNo(s.Required),
	}}
	switch {
	case err == nil:
		return state(f, s, v), true
	case host.Absent(err) && !present:
		return f, false
	case host.Absent(err):
		f.Code, f.Status = Missing, checks.Note
		if s.Required {
			f.Status = grave(s.Mark)
		}
		f.Evidence = []checks.Evidence{{Source: "service manager", Text: s.Name + ": " + err.Error()}}
		return f, true
	}
	f.Code, f.Status = Unreadable, checks.Unknown
	f.Args["reason"] = reason(err)
	f.Evidence = []checks.Evidence{{Source: "service manager", Text: s.Name + ": " + err.Error()}}
	return f, true
}

// state tells a service that runs from one that does not. A pending state is not running: whoever waits for it waits.
func state(f checks.Finding, s assets.Service, v host.Service) checks.Finding {
	f.Args["state"] = string(v.State)
	f.Args["start"] = v.Start
	f.Args["account"], f.Args["pid"] = cmp.Or(v.Account, "not told"), "not told"
	if v.PID > 0 {
		f.Args["pid"] = strconv.Itoa(v.PID)
	}
	f.Evidence = []checks.Evidence{{Source: "service manager", Text: raw(v)}}
	if v.Path != "" {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: "service manager", Text: "started as " + cut(v.Path)})
	}
	switch {
	case v.State == host.Running:
		f.Code, f.Status = Running, checks.Pass
	case v.State == "":
		f.Code, f.Status = Unreadable, checks.Unknown
		f.Args["reason"] = "the service manager named no state"
	default:
		f.Code, f.Status = Stopped, checks.Warn
		if s.Required {
			f.Status = grave(s.Mark)
		} else if v.State == host.Stopped && v.Start == "manual" {
			f.Status = checks.Note // started by others when it is needed: being stopped is its usual state
		}
		f.Args["how"], f.Args["means"] = how(v), "so nothing on this computer asks the cloud"
		if !s.Required {
			f.Args["means"] = "a part of the product beside its way to the cloud"
		}
	}
	return f
}

// how says what a person must know about a service that does not run, besides its state.
func how(v host.Service) string {
	switch {
	case v.State == host.StopPending:
		return "It is being stopped and has not ended yet."
	case v.State == host.StartPending:
		return "It is being started and is not ready yet."
	case v.State == host.Paused:
		return "Somebody paused it."
	case v.Start == "disabled":
		return "It is disabled: nothing will start it, not even a restart of the computer."
	case v.Start == "auto":
		return "It should have started by itself."
	case v.Start == "manual":
		return "It is started only when somebody asks for it."
	}
	return "How it should be started could not be read."
}

// grave is what the lack of a required thing means: a fault, or a hint where the requirement itself is not certain.
func grave(m assets.Mark) checks.Status {
	if m.Hint() {
		return checks.Warn
	}
	return checks.Fail
}

func title(s assets.Service, v host.Service) string { return cmp.Or(s.Title, v.Title, s.Name) }

// reason puts an error that prevented looking into words.
func reason(err error) string {
	switch {
	case errors.Is(err, host.ErrDenied):
		return "this account has no right to ask"
	case errors.Is(err, host.ErrUnsupported):
		return "no service manager answers on this system"
	}
	return cut(err.Error())
}

// raw is the manager's own words, or ours where it left none.
func raw(v host.Service) string {
	if v.Raw != "" {
		return cut(v.Raw)
	}
	return fmt.Sprintf("%s: %s, start %s, account %s, pid %d", v.Name, v.State, v.Start, v.Account, v.PID)
}
