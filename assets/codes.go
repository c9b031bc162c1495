package assets

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"linecheck/assets/lang"
)

//go:embed codes/*.yaml
var codeFiles embed.FS

// CodeTable is one family of error numbers, such as libcurl's.
type CodeTable struct {
	Name    string // what a person writes before the colon: "curl"
	Title   string
	About   string // what is to be known of the family as a whole; "" where nothing
	HRESULT bool   // its numbers are also met as 0x8007xxxx
	Codes   []Code // by number
	Phrases []Code // longer texts that its library writes with a number, in no order
}

// Code is one number of a table, in plain words. Mark says how well the number's meaning is known; Do is always
// linecheck's own advice.
type Code struct {
	Table   string   `yaml:"-"`
	Number  string   `yaml:"number"` // decimal
	Name    string   `yaml:"name"`   // the constant's name; "" where it has none
	Text    string   `yaml:"text"`   // what the library or product itself prints; "" where not known
	Also    []string `yaml:"also"`   // other names, older texts, other ways to write the number
	Meaning string   `yaml:"meaning"`
	Note    string   `yaml:"note"` // what changed at which version; "" where nothing
	Hop     string   `yaml:"hop"`  // resolve, connect, tunnel, tls, http, content; local, any; "" where it is no fault
	Do      string   `yaml:"do"`
	Mark    Mark     `yaml:"mark"`
	Regexp  string   `yaml:"regexp"` // of a phrase: the lines that have it; "" of a number

	pattern *regexp.Regexp
}

// Phrase reports whether this is one of the longer texts that come with a number, and not the number itself.
func (c Code) Phrase() bool { return c.Regexp != "" }

// Ref is how a code is written for people and understood by [Explain]: "curl:28".
func (c Code) Ref() string { return c.Table + ":" + c.Number }

var hops = []string{"", "resolve", "connect", "tunnel", "tls", "http", "content", "local", "any"}

// tableOrder puts what a bare number most often is first.
var tableOrder = []string{"curl", "fserr", "icrc", "winsock", "windows", "winhttp", "sspi", "event", "curlpx"}

// beside are the tables that a number may be taken for one of: a wait result of Windows for a socket's error.
var beside = map[string]string{"winsock": "windows", "windows": "winsock"}

// phrased are the tables that have longer texts too, in a file of their own.
var phrased = []string{"curl"}

var codeTables = sync.OnceValues(func() ([]CodeTable, error) {
	out := make([]CodeTable, 0, len(tableOrder))
	for _, name := range tableOrder {
		file := path.Join("codes", name+".yaml")
		b, err := codeFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		t, err := parseCodes(name, b)
		if err == nil && slices.Contains(phrased, name) {
			file = path.Join("codes", name+".phrases.yaml")
			if b, err = codeFiles.ReadFile(file); err == nil {
				err = t.phrases(b)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out = append(out, t)
	}
	t, err := winevent(english)
	return append(out, t), err
})

// Codes returns every table, in the language that is spoken. The tables are part of the program: where one is broken it
// panics, and a test reads all. The result may be shared and must not be changed.
func Codes() []CodeTable {
	all := tables()
	if lang.Code() == lang.English {
		return all
	}
	out := make([]CodeTable, len(all))
	for i, t := range all {
		out[i] = t.told()
	}
	return out
}

// tables are all of them in English, as they stand in the files: what is recorded is taken from these.
func tables() []CodeTable {
	t, err := codeTables()
	if err != nil {
		panic("assets: " + err.Error())
	}
	return t
}

func parseCodes(name string, b []byte) (CodeTable, error) {
	var f struct {
		Title   string `yaml:"title"`
		About   string `yaml:"about"`
		HRESULT bool   `yaml:"hresult"`
		Codes   []Code `yaml:"codes"`
	}
	if err := strict(b, &f); err != nil {
		return CodeTable{}, err
	}
	seen := map[string]bool{}
	for i := range f.Codes {
		c := &f.Codes[i]
		n, err := strconv.ParseUint(c.Number, 10, 32)
		switch {
		case err != nil:
			return CodeTable{}, fmt.Errorf("number %q is not decimal", c.Number)
		case seen[c.Number]:
			return CodeTable{}, fmt.Errorf("%s is there twice", c.Number)
		case c.Meaning == "":
			return CodeTable{}, fmt.Errorf("%s has no meaning", c.Number)
		case !slices.Contains(hops, c.Hop):
			return CodeTable{}, fmt.Errorf("%s: no hop %q", c.Number, c.Hop)
		case !c.Mark.known():
			return CodeTable{}, fmt.Errorf("%s: no mark %q", c.Number, c.Mark)
		case c.Regexp != "":
			return CodeTable{}, fmt.Errorf("%s: a number has no regexp", c.Number)
		}
		seen[c.Number] = true
		c.Table = name
		if f.HRESULT {
			c.Also = append(c.Also, fmt.Sprintf("0x%08X", hresultWin32|n))
		}
	}
	slices.SortFunc(f.Codes, func(a, b Code) int { return cmp.Compare(a.value(), b.value()) })
	return CodeTable{Name: name, Title: f.Title, About: f.About, HRESULT: f.HRESULT, Codes: f.Codes}, nil
}

// phrases reads a table's longer texts.
func (t *CodeTable) phrases(b []byte) error {
	var f struct {
		Phrases []Code `yaml:"phrases"`
	}
	if err := strict(b, &f); err != nil {
		return err
	}
	for _, c := range f.Phrases {
		of, ok := t.find(c.Number)
		switch {
		case !ok:
			return fmt.Errorf("%q has the number %s, which the table does not know", c.Text, c.Number)
		case c.Text == "" || c.Regexp == "" || c.Meaning == "" || !slices.Contains(hops, c.Hop) || !c.Mark.known():
			return fmt.Errorf("%q needs a text, a regexp, a meaning, a hop and a mark", c.Text)
		}
		re, err := regexp.Compile("(?i)" + c.Regexp)
		if err != nil {
			return err
		}
		c.Table, c.Name, c.pattern = t.Name, of.Name, re
		t.Phrases = append(t.Phrases, c)
	}
	return nil
}

func (c Code) value() uint64 {
	n, _ := strconv.ParseUint(c.Number, 10, 64)
	return n
}

// hresultWin32 is the severity bit and FACILITY_WIN32 of an HRESULT that wraps a Windows error.
const hresultWin32 = 0x80070000

// numberOf reads a number as people and logs write it: decimal, 0x hexadecimal, or a negative HRESULT.
func (t CodeTable) numberOf(s string) (uint64, bool) {
	s = strings.TrimSpace(s)
	var n uint64
	if h, ok := strings.CutPrefix(strings.ToLower(s), "0x"); ok {
		v, err := strconv.ParseUint(h, 16, 32)
		if err != nil {
			return 0, false
		}
		n = v
	} else {
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v < -1<<31 || v > 1<<32-1 {
			return 0, false
		}
		n = uint64(uint32(v))
	}
	if t.HRESULT && n&^0xffff == hresultWin32 {
		n &= 0xffff
	}
	return n, true
}

func (t CodeTable) find(number string) (Code, bool) {
	n, ok := t.numberOf(number)
	if !ok {
		return Code{}, false
	}
	i, ok := slices.BinarySearchFunc(t.Codes, n, func(c Code, n uint64) int { return cmp.Compare(c.value(), n) })
	if !ok {
		return Code{}, false
	}
	return t.Codes[i], true
}

// FindCode returns a code by table name and number, written in any of the ways a log writes it. Its words are English,
// as a record has them; [Code.Told] says them anew.
func FindCode(table, number string) (Code, bool) {
	if number == "" {
		return Code{}, false
	}
	for _, t := range tables() {
		if strings.EqualFold(t.Name, table) {
			return t.find(number)
		}
	}
	return Code{}, false
}
