package wizard

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/tui"
)

// ask is the start: which product, and how the person works.
func (l *Lines) ask(ctx context.Context) error {
	known, err := assets.Profiles()
	if err != nil {
		return err
	}
	l.say(lang.T("lines.start.looking"))
	list := Detect(ctx, l.opts.Env(), known)
	slices.SortStableFunc(list, func(a, b Detected) int {
		return cmp.Compare(btoi(b.Installed.Present), btoi(a.Installed.Present))
	})
	here := 0
	for _, d := range list {
		here += btoi(d.Installed.Present)
	}
	if here == 0 {
		l.say(lang.T("lines.start.none"))
	} else {
		l.say(lang.N("lines.start.found", here))
	}
	again, err := l.product(ctx, list)
	for again && err == nil {
		again, err = l.product(ctx, list)
	}
	if err != nil {
		return err
	}
	return l.role(ctx)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// product asks what is looked at; again: nothing was chosen.
func (l *Lines) product(ctx context.Context, list []Detected) (again bool, err error) {
	q := inquiry{text: lang.T("lines.start.question"), place: "start", enter: 1}
	add := func(id, key, word string) {
		q.list = append(q.list, choice{n: len(q.list) + 1, id: id, key: key, word: word})
	}
	for i, d := range list {
		name := tui.Title(d.Profile)
		if d.Installed.Present {
			name = lang.T("lines.start.here", "product", name)
		}
		add(strconv.Itoa(i), "", name)
	}
	add("all", "", lang.T("lines.start.all"))
	if l.opts.Look != nil {
		add("logs", "", lang.T("lines.start.logs"))
	}
	add("practice", "", lang.T("lines.start.practice", "scene", practiceScene))
	add("quit", "q", lang.T("lines.choice.quit"))
	var chosen []int
	q.many = func(numbers []int) bool {
		chosen = numbers
		return !slices.ContainsFunc(numbers, func(n int) bool { return n < 1 || n > len(list) })
	}
	if !l.heard["start.several"] {
		l.heard["start.several"] = true
		l.say(lang.T("lines.start.several"))
	}
	c, err := l.choose(ctx, q)
	if err != nil {
		return false, err
	}
	l.opts.Profiles = nil
	switch c.id {
	case several:
		for i, d := range list {
			if slices.Contains(chosen, i+1) {
				l.opts.Profiles = append(l.opts.Profiles, d.Profile)
			}
		}
	case "practice":
		place, profiles, err := l.opts.Practise(ctx, practiceScene)
		if err != nil {
			l.say(lang.T("lines.start.no_practice", "why", firstLine(err.Error())))
			return true, nil
		}
		l.opts.Place, l.opts.Profiles, l.opts.Kept, l.opts.Owed = place, profiles, nil, nil // what was made good was on the real machine
		l.say(lang.T("lines.practice", "scene", practiceScene))
	case "logs":
		err := l.look(ctx)
		return l.past == nil, err
	case "all":
		for _, d := range list {
			l.opts.Profiles = append(l.opts.Profiles, d.Profile)
		}
	default:
		l.opts.Profiles = append(l.opts.Profiles, list[c.n-1].Profile)
	}
	return false, nil
}

// role asks how the person works, once for all days; the settings may say it already.
func (l *Lines) role(ctx context.Context) error {
	if l.opts.RoleKnown {
		l.say(lang.T("role.known", "role", l.opts.Role.name()))
		return nil
	}
	return l.work(ctx)
}

// workAnew lets the person work in another way from now on.
func (l *Lines) workAnew(ctx context.Context) error {
	err := l.work(ctx)
	if err == nil {
		l.apply(RoleChosen{Role: l.opts.Role})
	}
	return err
}

// work asks how the person works, and keeps it.
func (l *Lines) work(ctx context.Context) error {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = r.name()
		hint := r.hint()
		if r == Helpdesk {
			hint = lang.T("lines.helpdesk") // no key copies here
		}
		l.say(lang.T("lines.role", "role", r.name(), "hint", hint))
	}
	n, err := l.pick(ctx, lang.T("role.question"), max(0, slices.Index(roles, l.opts.Role))+1, words...)
	if err != nil {
		return err
	}
	l.opts.Role, l.opts.RoleKnown = roles[n-1], true
	kept := rememberedMsg{role: l.opts.Role}
	if l.opts.Remember != nil {
		kept.kept, kept.err = true, l.opts.Remember(l.opts.Role)
	}
	l.say(kept.told())
	return nil
}
