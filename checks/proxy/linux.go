package proxy

import (
	"context"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks/host"
)

// linux reads the sources of a Linux machine beside the product's units. told is what the desktop and the network's manager say.
func (r *run) linux(told []host.Setting) []source {
	var out []source
	for _, t := range told {
		s := fromHost(t, asGNOME)
		if s.mark = assets.Source; t.Source != host.GNOME {
			s.mark = assets.ThirdParty
		}
		out = append(out, s)
	}
	out = append(out, r.etc())
	out = append(out, r.profiled()...)
	out = append(out, r.apt()...)
	return append(out, r.dnf()...)
}

// units reads the environment of each of the product's services: what its process was started with, else what the unit
// says. Where the unit's files say something else by now, that is told. A service that is not here has none.
func (r *run) units(ctx context.Context) []source {
	var out []source
	for _, svc := range r.env.Profile.ForOS(r.env.Machine.OS) {
		vars, err := r.env.Machine.Services.Environment(ctx, svc.Name)
		if host.Absent(err) {
			continue
		}
		s := source{Setting: host.Setting{Source: unitEnvironment, Whose: product, Where: svc.Name, Err: err}, mark: svc.Mark}
		if err == nil {
			s = s.variables(func(name string) string { return vars[name] }, false)
			written := r.unitFiles(svc.Name)
			s = s.standing(written)
			if late := differing(written, vars); len(late) > 0 {
				s.note = "the unit's files say otherwise of " + strings.Join(late, ", ") + ", which counts after daemon-reload and a restart"
				out = append(out, s, later(svc, written))
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// later is what a service gets once its unit is loaded anew and started again: nobody's way yet, and one to compare with.
func later(svc assets.Service, written []stand) source {
	s := source{Setting: host.Setting{Source: unitText, Whose: product, Where: svc.Name}, mark: svc.Mark}
	if s = s.fromFiles(written); len(written) > 0 {
		s.Where = written[len(written)-1].file
	}
	s.note = "it counts after daemon-reload and a restart of " + svc.Name
	return s
}

// differing names the variables that a service runs with otherwise than its files say.
func differing(written []stand, vars map[string]string) []string {
	last := map[string]string{}
	for _, w := range written {
		last[w.name] = w.value
	}
	var out []string
	for name, value := range last {
		if vars[name] != value {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// etc reads /etc/environment, which logins get (pam_env(8)) and services do not.
func (r *run) etc() source {
	s := source{Setting: host.Setting{Source: etcEnvironment, Whose: "logins", Where: "/etc/environment"}, who: shell, mark: assets.Source}
	found, err := r.assignments("/etc/environment")
	if host.Absent(err) {
		s.Raw = "the file is not there"
		return s
	}
	if err != nil {
		s.Err = err
		return s
	}
	return s.fromFiles(found)
}
