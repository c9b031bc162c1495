package logs

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Follow decodes the named files and folders, or the profiles' own logs where no path is given, and goes on with what is
// written to them until ctx is done, which then is no error. It writes every known line and at the end a summary to w.
// Of what is there already it writes the newest known lines, as tail does, and counts all. It returns how many kinds of
// failures stand, and an error for what could not be read; the rest is followed all the same. What is not there yet may
// still come.
func Follow(ctx context.Context, w io.Writer, m host.Machine, profiles []*assets.Profile, paths []string, since time.Duration) (standing int, err error) {
	c := &command{w: bufio.NewWriter(w), loc: time.Local, total: newGather(time.Time{})}
	search := func(ctx context.Context) ([]source, []error) { return own(ctx, m, profiles) }
	if len(paths) > 0 {
		search = func(ctx context.Context) ([]source, []error) { return chosen(ctx, m.Files, paths) }
	}
	tailed, unread := search(ctx)
	waits := slices.ContainsFunc(unread, late) || len(paths) == 0
	unread = slices.DeleteFunc(unread, late)
	if len(tailed) == 0 && !waits {
		return 0, errors.Join(unread...)
	}
	for _, err := range unread {
		fmt.Fprintln(c.w, lang.T("follow.cannot", "why", printable(lang.Phrase(err.Error()))))
	}
	t := &tail{files: m.Files, loc: c.loc, tell: c.print, done: c.total, known: map[string]bool{},
		search: func(ctx context.Context) []source { s, _ := search(ctx); return s }}
	t.passed = func(g gap) { c.say(lang.Phrase(g.line(time.Now()).Text)) }
	waiting := ""
	t.waits = func(what string) {
		if waiting != what && what != "" {
			c.say(lang.T("follow.waiting", "what", lang.Phrase(what)))
		}
		waiting = what
	}
	for _, src := range tailed {
		if err := c.file(ctx, t, src, since); err != nil {
			unread = append(unread, err)
		}
	}
	c.tellPast()
	fmt.Fprintln(c.w, c.follows(len(t.cursors)))
	err = c.w.Flush()
	if err == nil && ctx.Err() == nil {
		c.live = true
		err = t.run(ctx)
	}
	standing = c.summary(t.end(), since)
	return standing, errors.Join(append(unread, err, c.w.Flush())...)
}

// late is what may still come: a file that is not there yet, a folder that is empty.
func late(err error) bool { return errors.Is(err, errNoFile) || errors.Is(err, fs.ErrNotExist) }

// follows says that from now on there is something to wait for.
func (c *command) follows(logs int) string {
	if logs == 0 {
		return lang.T("follow.none_yet")
	}
	return lang.N("follow.begins", logs)
}

type command struct {
	w     *bufio.Writer
	loc   *time.Location
	total *gather
	live  bool
	files int
	start time.Time // lines before it are counted and not written
	past  []Entry   // known lines that were there before following began; see keep
	older int       // of them those that are not told
}

// pastTold is how many known lines that are there already are told, and pastKept how many are held to choose them from.
const (
	pastTold = 20
	pastKept = 2000
)

// keep holds a line that was there before following began.
func (c *command) keep(e *Entry) {
	if !e.When.IsZero() && e.When.Before(c.start) {
		return
	}
	if c.past = append(c.past, *e); len(c.past) >= pastKept {
		c.newest()
	}
}

// newest drops all but the newest lines, whichever file they are of.
func (c *command) newest() {
	slices.SortStableFunc(c.past, func(a, b Entry) int { return a.When.Compare(b.When) })
	if over := len(c.past) - pastTold; over > 0 {
		c.older += over
		c.past = slices.Delete(c.past, 0, over)
	}
}

// tellPast tells the newest lines that were there before.
func (c *command) tellPast() {
	c.newest()
	if c.older > 0 {
		fmt.Fprintln(c.w, lang.N("follow.older", c.older))
	}
	for _, e := range c.past {
		c.print(e)
	}
	c.past = nil
}

// say writes a line of linecheck's own.
func (c *command) say(text string) {
	fmt.Fprintln(c.w, "-", printable(text))
	c.w.Flush()
}

// file reads one file in full and leaves its cursor to the tail.
func (c *command) file(ctx context.Context, t *tail, src source, since time.Duration) error {
	if since > 0 {
		c.start = time.Now().Add(-since)
	}
	cur, err := newCursor(src, c.loc, false, func(e *Entry) {
		if !c.live {
			c.keep(e)
			return
		}
		c.print(*e)
	})
	if err != nil {
		return err
	}
	cur.start = c.start
	if err := cur.look(ctx, t.files); err != nil {
		return fmt.Errorf("%s: %w", src.path, err)
	}
	t.cursors = append(t.cursors, cur)
	c.files++
	return nil
}

func (c *command) print(e Entry) {
	if !e.When.IsZero() && e.When.Before(c.start) {
		return
	}
	at := "-"
	if !e.At.IsZero() {
		at = e.At.In(c.loc).Format("2006-01-02 15:04:05.000")
	}
	where := e.File
	if e.Number > 0 {
		where = fmt.Sprintf("%s:%d", e.File, e.Number)
	}
	fmt.Fprintf(c.w, "%s %s %s", at, printable(where), lang.Phrase(e.Meaning))
	if e.Ref != "" {
		fmt.Fprintf(c.w, " [%s]", e.Ref)
	}
	fmt.Fprintln(c.w)
	if c.live {
		c.w.Flush()
	}
}

// summary writes what the lines say together, and returns how many failures stand.
func (c *command) summary(s *scanned, since time.Duration) (standing int) {
	found := s.total.judge(time.Now(), since, usualFresh, c.loc)
	slices.SortStableFunc(found, func(a, b checks.Finding) int { return cmp.Compare(b.Status, a.Status) })
	if len(found) > 0 {
		fmt.Fprintln(c.w)
	}
	for _, f := range found {
		state := f.Args["state"]
		if f.Status == checks.Warn && f.Code != Slow {
			standing++
		}
		fmt.Fprintf(c.w, "%s x %s", f.Args["count"], lang.Phrase(f.Args["meaning"]))
		if f.Args["ref"] != "" {
			fmt.Fprintf(c.w, " [%s]", f.Args["ref"])
		}
		fmt.Fprintf(c.w, "; %s", fromTo(f.Args["first"], f.Args["last"]))
		if state != "" {
			fmt.Fprintf(c.w, "; %s", lang.Phrase(state))
		}
		fmt.Fprintln(c.w)
	}
	switch {
	case standing > 0:
		fmt.Fprintln(c.w, lang.N("follow.stands", standing))
	case len(found) > 0:
		fmt.Fprintln(c.w, lang.T("follow.none_stands"))
	default:
		fmt.Fprintln(c.w, lang.T("follow.nothing"))
	}
	if s.cut > 0 {
		fmt.Fprintln(c.w, lang.N("follow.cut", s.cut, "most", mostTried))
	}
	return standing
}

func fromTo(first, last string) string {
	if first == last {
		return lang.Phrase(last)
	}
	return lang.T("follow.span", "first", lang.Phrase(first), "last", lang.Phrase(last))
}

// printable keeps a file's name from acting on the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '?'
		}
		return r
	}, s)
}

// own are the logs of all profiles.
func own(ctx context.Context, m host.Machine, profiles []*assets.Profile) (out []source, problems []error) {
	seen := map[string]bool{}
	for _, p := range profiles {
		f := find(ctx, m, p)
		for _, p := range f.problems {
			problems = append(problems, fmt.Errorf("%s: %w", p.path, p.err))
		}
		for _, s := range f.sources {
			if !seen[s.path] {
				seen[s.path] = true
				out = append(out, s)
			}
		}
	}
	return out, problems
}

var errPacked = errors.New("what is packed does not grow; leave out --follow to read it")

// chosen are the files that a person names, to be followed, and a problem for each that is not.
func chosen(ctx context.Context, files host.Files, paths []string) (out []source, problems []error) {
	for _, p := range paths {
		if p == "-" {
			continue
		}
		found, _, err := under(files, p)
		if err != nil {
			problems = append(problems, err)
		}
		for _, f := range found {
			if ctx.Err() != nil {
				break
			}
			if packed(f) {
				problems = append(problems, &fs.PathError{Op: "read", Path: f, Err: errPacked})
				continue
			}
			s := source{path: f, family: family(f)}
			if info, err := files.Stat(f); err == nil {
				s.changed = info.ModTime()
			}
			out = append(out, s)
		}
	}
	return out, problems
}
