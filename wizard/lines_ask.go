package wizard

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linecheck/assets/lang"
)

// choice is one thing that a person can do. In one place its number always means the same, whatever else is offered.
type choice struct {
	n    int
	id   string
	key  string // the key that does the same on the screen; "" for none
	word string
}

// inquiry is what is asked, and the answers that are offered.
type inquiry struct {
	text  string
	place string // of questions that come again: told in full only once, and on "?"
	list  []choice
	enter int              // the number that only Enter stands for; 0: none
	many  func([]int) bool // takes several numbers at once, where that has a meaning; nil: it has none
}

// several is what choose returns where many took the answer.
const several = "several"

// named is the choice that a person means by a number, a key or its word.
func (q inquiry) named(line string) (choice, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(line, "."))
	for _, c := range q.list {
		if err == nil && c.n == n || c.key != "" && c.key == line || strings.EqualFold(c.word, line) {
			return c, true
		}
	}
	if c, ok := q.begun(line); ok {
		return c, true
	}
	return choice{}, line != "" && q.many != nil && q.numbers(line)
}

// begun is the choice whose word begins as what was typed, "y" for "yes", where no letter has another meaning.
func (q inquiry) begun(line string) (choice, bool) {
	var fits []choice
	for _, c := range q.list {
		if c.key != "" {
			return choice{}, false
		}
		if line != "" && strings.HasPrefix(strings.ToLower(c.word), strings.ToLower(line)) {
			fits = append(fits, c)
		}
	}
	if len(fits) != 1 || strings.EqualFold(line, "q") {
		return choice{}, false
	}
	return fits[0], true
}

// numbers hands several numbers over.
func (q inquiry) numbers(line string) bool {
	fields := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '+' })
	var list []int
	for _, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil {
			return false
		}
		list = append(list, n)
	}
	return len(list) > 1 && q.many(list)
}

// inline is how many choices stand in one line; more of them get a line each.
const inline = 3

// choose asks until one of the choices is named.
func (l *Lines) choose(ctx context.Context, q inquiry) (choice, error) {
	full := !l.knows(q)
	for {
		l.put(q, full)
		line, err := l.line(ctx)
		if err != nil {
			return choice{}, err
		}
		line = strings.TrimSpace(line)
		c, ok := q.named(line)
		switch {
		case ok && c.id == "" && c.n == 0:
			return choice{id: several}, nil
		case ok && c.id == "quit", !ok && strings.EqualFold(line, "q"):
			if err := l.leave(ctx); err != nil {
				return choice{}, err
			}
		case ok:
			return c, nil
		case line == "" && q.enter > 0:
			i := slices.IndexFunc(q.list, func(c choice) bool { return c.n == q.enter })
			return q.list[max(0, i)], nil
		case line == "?" || strings.EqualFold(line, lang.T("lines.help.word")):
			l.help()
			full = true
		case line == "":
			l.say(lang.T("lines.no_enter"))
		default:
			l.say(l.wrong(q, line))
		}
	}
}

// wrong says what was typed, and what can be.
func (l *Lines) wrong(q inquiry, line string) string {
	if r := []rune(line); len(r) > 20 {
		line = strings.TrimSpace(string(r[:20])) + "..."
	}
	first, last := q.list[0].n, q.list[len(q.list)-1].n
	if q.enter > 0 {
		return lang.T("lines.wrong", "typed", line, "first", first, "last", last, "enter", q.enter)
	}
	return lang.T("lines.wrong_no_enter", "typed", line, "first", first, "last", last)
}

// pick asks for one of a few words, numbered from 1; only Enter is the one that enter says.
func (l *Lines) pick(ctx context.Context, text string, enter int, words ...string) (int, error) {
	q := inquiry{text: text, enter: enter}
	for i, w := range words {
		q.list = append(q.list, choice{n: i + 1, id: strconv.Itoa(i + 1), word: w})
	}
	c, err := l.choose(ctx, q)
	return c.n, err
}

// knows reports whether every choice of a question was told before, and notes that it is now.
func (l *Lines) knows(q inquiry) bool {
	known := q.place != ""
	for _, c := range q.list {
		k := q.place + "." + c.id
		known = known && l.heard[k]
		l.heard[k] = true
	}
	return known
}

// put asks. A question that was heard in full before is told with its first answers only.
func (l *Lines) put(q inquiry, full bool) {
	list, more := q.list, ""
	if !full && len(list) > inline {
		list, more = list[:2], lang.T("lines.all_choices")
		if i := slices.IndexFunc(q.list, func(c choice) bool { return c.n == q.enter }); i >= 2 {
			list = append(slices.Clone(list), q.list[i]) // what only Enter does is said
		}
	}
	enter := lang.T("lines.type_number")
	if q.enter > 0 {
		enter = lang.T("lines.enter", "n", q.enter)
	}
	words := []string{q.text + "  "}
	for _, c := range list {
		words = append(words, fmt.Sprintf("%d %s  ", c.n, c.word))
	}
	if len(list) <= inline {
		if more != "" {
			words = append(words, more+"  ")
		}
		l.prompt(append(words, enter)...)
		return
	}
	for _, w := range words {
		l.say(strings.TrimSpace(w))
	}
	l.prompt(enter)
}

// line is the next line that was typed. The end of the input is leaving.
func (l *Lines) line(ctx context.Context) (string, error) {
	if len(l.ahead) > 0 {
		line := l.ahead[0]
		l.ahead = l.ahead[1:]
		fmt.Fprintln(l.out, Printable(line)) // it was seen before the question was
		return line, nil
	}
	if !l.ended {
		select {
		case <-ctx.Done():
			return "", errQuit{}
		case line, ok := <-l.in:
			if ok {
				return line, nil
			}
			l.ended = true
		}
	}
	if ctx.Err() == nil {
		fmt.Fprintln(l.out) // the question has no answer behind it
		l.say(lang.T("lines.input_ended"))
	}
	return "", errQuit{}
}

// leave ends the walk, and asks first where something still runs.
func (l *Lines) leave(ctx context.Context) error {
	if l.r != nil && l.s.Busy() {
		c, err := l.choose(ctx, inquiry{text: lang.T("lines.leave.question"), enter: 1, list: []choice{
			{n: 1, id: "stay", key: "n", word: lang.T("lines.leave.stay")}, {n: 2, id: "leave", key: "q", word: lang.T("lines.leave.leave")}}})
		if err != nil || c.id == "stay" {
			return err
		}
	}
	l.say(lang.T("lines.left"))
	return errQuit{}
}

// help says how one answers. What can be chosen is told behind it.
func (l *Lines) help() {
	l.say(lang.T("lines.help.numbers"))
	l.say(lang.T("lines.help.keys"))
	l.say(lang.T("lines.help.waiting"))
	l.say(lang.T("lines.help.leaving"))
}
