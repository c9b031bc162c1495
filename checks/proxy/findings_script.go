package proxy

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// aboutScript is what became of a PAC file that a source leads to.
func (r *run) aboutScript(s source, p *script, used bool) checks.Finding {
	f := checks.Finding{Subject: mask(p.url), View: view(s.Whose, nil), Took: p.took, Mark: s.mark, Args: map[string]string{
		"source": s.Source, "whose": s.Whose, "identity": s.who, "where": s.Where, "raw": s.Raw, "url": mask(p.url),
		"mode": string(host.PAC), "used": checks.YesNo(used), "reason": p.reason, "error": p.reason, "then": "",
	}, Evidence: append(slices.Clone(s.proof), p.proof...)}
	if p.where != "" {
		f.Args["mode"], f.Args["found"] = string(host.Auto), p.where
	}
	if p.status != 0 {
		f.Args["status"] = strconv.Itoa(p.status)
	}
	if p.failure != checks.NoFailure {
		f.Args["failure"] = string(p.failure)
	}
	if p.engine != "" {
		f.Args["engine"] = p.engine
	}
	bad := checks.Note
	if used {
		if bad = checks.Fail; s.mark.Hint() || p.where != "" {
			bad = checks.Warn // that a search ends there is our conclusion
		}
	}
	switch {
	case p.failure == checks.Cancelled && !p.fetched:
		f.Code = PACNotRun
		f.Args["candidates"] = "not known: " + p.reason
		f.Args["reason"] = "it was not read to its end"
	case !p.fetched:
		f.Code, f.Status = PACUnavail, bad
		f.Args["then"] = r.then(p, used)
	case p.fault != nil:
		f.Code, f.Status = PACError, bad
		f.Args["fault"], f.Args["line"] = string(p.fault.Fault), strconv.Itoa(p.fault.Line)
		f.Args["then"] = r.then(p, used)
	case p.notRun != "":
		f.Code = PACNotRun
		f.Args["reason"], f.Args["candidates"] = p.notRun, r.candidates(p)
	default:
		return r.answered(f, p, bad)
	}
	return f
}

// then says what programs do where a script cannot be had: our conclusion from what WinINET, WinHTTP and Chromium do.
func (r *run) then(p *script, used bool) string {
	if !used {
		return ""
	}
	way := "directly"
	if c := r.route; c.known && c.first() != nil && c.script == p {
		way = "through " + shown(c.first())
	}
	return " We conclude that the product then goes out " + way + ", as programs of this system do."
}

// answered completes the finding of a script that said something.
func (r *run) answered(f checks.Finding, p *script, bad checks.Status) checks.Finding {
	f.Code, f.Status = PACAnswer, checks.Note
	var faults []*host.ScriptError
	var unclear, asks int
	table := folded{head: []string{"address", "the script answers", "so the way is"}}
	for _, e := range r.endpoints {
		a, ok := p.given[asked(e)]
		if !ok {
			continue
		}
		asks++
		switch {
		case a.fault != nil && a.fault.Fault == host.ScriptUnclear:
			unclear++
			table.add(e, "nothing: "+mask(a.fault.Text), "not known")
		case a.fault != nil:
			faults = append(faults, a.fault)
			table.add(e, faultWords(a.fault), "direct (we conclude)")
		default:
			text := mask(a.text)
			if len(a.skipped) > 0 {
				text += " (passed over: " + strings.Join(a.skipped, ", ") + ")"
			}
			table.add(e, text, r.told(a.ways))
		}
		if a.fault == nil {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: "FindProxyForURL(" + asked(e) + ")", Text: mask(a.text)})
		} else {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: "FindProxyForURL(" + asked(e) + ")", Line: a.fault.Line, Text: mask(a.fault.Text)})
		}
	}
	f.Evidence = unique(f.Evidence)
	f.Table = table.table()
	f.Args["summary"] = clean(table.summary(2), 300)
	f.Args["proxy"], f.Args["state"] = r.brief(p)
	switch {
	case asks > 0 && unclear == asks:
		f.Code, f.Status = PACNotRun, checks.Unknown
		f.Args["reason"], f.Args["candidates"] = "the engine does not say what it gives", r.candidates(p)
	case len(faults) > 0:
		f.Code, f.Status = PACError, bad
		f.Args["fault"], f.Args["line"] = string(faults[0].Fault), strconv.Itoa(faults[0].Line)
		f.Args["reason"] = faultWords(faults[0])
		if len(faults) < asks {
			f.Args["reason"] += fmt.Sprintf(" for %d of %d addresses", len(faults), asks)
		}
		f.Args["error"] = f.Args["reason"]
		f.Args["then"] = " We conclude that programs go directly there, as those of this system do."
	}
	return f
}

// told is a list of ways with what became of each: "http://a:1 (works), then direct".
func (r *run) told(ways []*url.URL) string {
	var out []string
	for _, u := range ways {
		switch {
		case u == nil:
			out = append(out, "direct")
		default:
			out = append(out, shown(u)+" ("+r.state(u)+")")
		}
	}
	return strings.Join(out, ", then ")
}

// brief is what a script gives for the address that stands for the product's way, or the first that it gives something
// for, and what became of its first way.
func (r *run) brief(p *script) (list, state string) {
	for _, e := range append([]*assets.Endpoint{r.lead}, r.endpoints...) {
		if e == nil {
			continue
		}
		if a := p.given[asked(e)]; len(a.ways) > 0 && a.ways[0] == nil {
			return written(a.ways), "direct"
		} else if len(a.ways) > 0 {
			return written(a.ways), r.state(a.ways[0])
		}
	}
	return "unknown", "unknown"
}

func unique(list []checks.Evidence) []checks.Evidence {
	var out []checks.Evidence
	for _, e := range list {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// candidates lists the proxies that stand literally in a PAC file, with what became of each.
func (r *run) candidates(p *script) string {
	var out []string
	for _, u := range p.proxies {
		text := shown(u)
		if t := r.tries[key(u)]; t != nil {
			switch v := t.verdict(); {
			case v.works:
				text += " (works)"
			case v.failure != checks.NoFailure:
				text += " (" + string(v.failure) + ")"
			default:
				text += " (" + v.why + ")"
			}
		}
		out = append(out, text)
	}
	if len(out) == 0 {
		return "none"
	}
	return clean(strings.Join(out, ", "), 600)
}

// aboutSearch says that no search is made where one is set: a note, since that is somebody's choice.
func (r *run) aboutSearch() []checks.Finding {
	p := r.pacs[bySearch]
	if p == nil || !p.off {
		return nil
	}
	var who []string
	for _, s := range r.sources {
		if s.has(host.Auto) && s.Err == nil {
			who = append(who, name(s))
		}
	}
	by, _ := r.searchOff()
	return []checks.Finding{{Code: SearchOff, Status: checks.Note, Subject: name(by), View: by.Whose, Mark: by.mark,
		Args: map[string]string{"where": by.Where, "who": strings.Join(who, ", ")}, Evidence: p.proof}}
}
