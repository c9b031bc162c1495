package assets

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"linecheck/assets/lang"
)

//go:embed rules.yaml
var rulesYAML []byte

//go:embed rules_logs.yaml
var rulesLogsYAML []byte

// Rules is how findings become causes. The order of Causes is their rank: the first that stands names the verdict.
type Rules struct {
	Needed []Match   `yaml:"needed"` // a finding like one of these makes "healthy" impossible: the verdict is inconclusive
	Moot   []Moot    `yaml:"moot"`
	Either []Either  `yaml:"either"`
	Proof  Proof     `yaml:"proof"`
	Causes []Rule    `yaml:"causes"`
	Logs   LogsRules `yaml:"-"` // how they become causes where nothing but logs was read
}

// Moot are walks that the product does not make while another finding is there: what failed on them is no more than a note,
// and their addresses are not required. Of is about any status.
type Moot struct {
	Of    Match `yaml:"of"`
	While Match `yaml:"while"`
}

// Either are walks to two servers of which the product uses one at a time. Where no [Moot] says which, and one of them
// answers all that the product requires of it, nobody can tell whether what failed at the other matters.
type Either struct {
	One     Match  `yaml:"one"`
	Other   Match  `yaml:"other"`
	Missing string `yaml:"missing"` // what to say then; the address that failed is added
}

// LogsRules judges by what a product's logs say alone, as of their newest line. Its causes are ones of [Rules] too.
type LogsRules struct {
	Needed []Match  `yaml:"needed"` // as in [Rules]
	Proof  Match    `yaml:"proof"`  // the newest word of a log that clears; Missing says what to say where there is none
	Unsure string   `yaml:"unsure"` // what to say where the meaning of that word is only concluded
	Ends   Match    `yaml:"ends"`   // after such a line the proof proves nothing more; Missing says why
	Hops   []string `yaml:"hops"`   // failures of one connection that shut each other out: a later one overtakes an older one
	Causes []Rule   `yaml:"causes"`
}

// Cause returns the rule of that id.
func (r LogsRules) Cause(id string) (Rule, bool) { return cause(r.Causes, id) }

// Proof is what must have been seen of a product before it can be called healthy. What was never looked at leaves no
// finding, so it is missing here.
type Proof struct {
	Each   Match   `yaml:"each"`   // every address that the product requires has a finding like this
	One    Match   `yaml:"one"`    // and one of them shows that it is the vendor who answers
	Looked []Match `yaml:"looked"` // each of these was seen too
}

// Rule says when a cause stands and what a person has to know of it. {name} in its texts is filled from the first
// finding that matched; {n} is the number of subjects, {subjects} names them, {otherroute} is a way that was seen to work
// for the same addresses: a fix that names it is left out where there is none.
type Rule struct {
	ID          string   `yaml:"id"`
	When        []Match  `yaml:"when"`       // each of these is seen at least once
	Unless      []Match  `yaml:"unless"`     // none of these is seen
	Also        []Match  `yaml:"also"`       // supports it where it is seen
	Hides       []string `yaml:"hides"`      // causes no graver than this that it explains away; area.* for a whole area
	Covers      []string `yaml:"covers"`     // the same, where each of their failures is one of this one's too
	Severity    string   `yaml:"severity"`   // fault, warning; "": as grave as the gravest finding
	Open        string   `yaml:"open"`       // the severity where the product's line is proven open all the same
	Raise       []Match  `yaml:"raise"`      // the product's own word that it suffers of this: a warning becomes a fault, and likely. Without it only possible
	Settles     []string `yaml:"settles"`    // what it hides as well, once raised
	Own         bool     `yaml:"own"`        // the machine's word about itself: one observation makes it certain
	Confidence  string   `yaml:"confidence"` // the most it can be: likely, possible; "": certain
	Sure        Pattern  `yaml:"sure"`       // of logs: without this in the evidence it is possible at most
	Who         string   `yaml:"who"`        // user, admin, network, proxy, vendor
	Title       string   `yaml:"title"`
	Headline    string   `yaml:"headline"`
	Explanation string   `yaml:"explanation"`
	More        []More   `yaml:"more"` // what the explanation goes on with
	Fix         []string `yaml:"fix"`
	Say         string   `yaml:"say"`
	Send        string   `yaml:"send"`    // to the network team: what is asked of them, or that nothing is
	Differs     string   `yaml:"differs"` // how now and then differ where it stands: cache, stale_alert, comes_and_goes
	Reaches     bool     `yaml:"reaches"` // the cloud is reached all the same: no feature is lost by this cause
	// ReachesWhere says so only where a finding behind the cause is like this.
	ReachesWhere *Match `yaml:"reaches_where"`
}

// More is a sentence of an explanation that stands only where a finding, one that supports the cause too, has the value.
type More struct {
	Arg  string `yaml:"arg"`
	Text string `yaml:"text"`
}

// Match is what a finding has to be like. An empty member is not looked at.
type Match struct {
	Code    []string          `yaml:"code"`    // any of these; area.* for a whole area
	Status  []string          `yaml:"status"`  // any of these; none: fail or warn
	Check   string            `yaml:"check"`   // which check found it
	Product *bool             `yaml:"product"` // a walk on the product's own way, or not
	Route   string            `yaml:"route"`   // direct, proxy
	Where   map[string]string `yaml:"where"`   // arguments of the finding
	Says    Pattern           `yaml:"says"`    // a piece of its evidence, as it was seen
	// Required: a walk to an address that the product requires, or not.
	Required *bool `yaml:"required"`
	// Instead: a walk to the same address as one of the first condition; each required one there must have its own.
	Instead bool    `yaml:"instead"`
	Any     []Match `yaml:"any"`     // like one of these
	Missing string  `yaml:"missing"` // of a proof: what to say where nothing like this was seen
}

// Pattern is a regular expression in a file of data; the zero value fits everything.
type Pattern struct{ re *regexp.Regexp }

// UnmarshalText reads it.
func (p *Pattern) UnmarshalText(b []byte) (err error) {
	p.re, err = regexp.Compile(string(b))
	return err
}

// Fits reports whether the pattern is in s.
func (p Pattern) Fits(s string) bool { return p.re == nil || p.re.MatchString(s) }

// Set reports whether there is a pattern at all.
func (p Pattern) Set() bool { return p.re != nil }

var (
	causeID      = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	causePattern = regexp.MustCompile(`^[a-z]+\.([a-z_]+|\*)$`)
)

// rulesOf reads the embedded rules once, as they are written.
var rulesOf = sync.OnceValues(func() (Rules, error) {
	r, err := ParseRules("rules.yaml", rulesYAML)
	if err == nil {
		r.Logs, err = parseLogsRules("rules_logs.yaml", rulesLogsYAML)
	}
	return r, err
})

// LoadRules returns the embedded rules in the language that is spoken; an error is a mistake in the program's own data.
func LoadRules() (Rules, error) {
	r, err := rulesOf()
	if err != nil || lang.Code() == lang.English {
		return r, err
	}
	return r.told(), nil
}

// ParseRules reads rules strictly; name is used in errors.
func ParseRules(name string, b []byte) (Rules, error) {
	var r Rules
	if err := strict(b, &r); err != nil {
		return Rules{}, fmt.Errorf("%s: %w", name, err)
	}
	return r, checkRules(name, r.Causes)
}

func parseLogsRules(name string, b []byte) (LogsRules, error) {
	var r LogsRules
	if err := strict(b, &r); err != nil {
		return LogsRules{}, fmt.Errorf("%s: %w", name, err)
	}
	return r, checkRules(name, r.Causes)
}

func checkRules(name string, causes []Rule) error {
	seen := map[string]bool{}
	for _, c := range causes {
		switch {
		case !causeID.MatchString(c.ID) || seen[c.ID]:
			return fmt.Errorf("%s: cause %q: not of the form area.what, or there twice", name, c.ID)
		case len(c.When) == 0 || c.Title == "" || c.Headline == "" || c.Explanation == "" || len(c.Fix) == 0 || c.Say == "" || c.Send == "":
			return fmt.Errorf("%s: cause %s needs when, title, headline, explanation, fix, say and send", name, c.ID)
		case !slices.Contains([]string{"user", "admin", "network", "proxy", "vendor"}, c.Who):
			return fmt.Errorf("%s: cause %s: who is %q", name, c.ID, c.Who)
		case !slices.Contains([]string{"", "fault", "warning"}, c.Severity) || !slices.Contains([]string{"", "fault", "warning"}, c.Open):
			return fmt.Errorf("%s: cause %s: severity is %q, open is %q", name, c.ID, c.Severity, c.Open)
		case !slices.Contains([]string{"", "cache", "stale_alert", "comes_and_goes"}, c.Differs):
			return fmt.Errorf("%s: cause %s: differs is %q", name, c.ID, c.Differs)
		case !slices.Contains([]string{"", "certain", "likely", "possible"}, c.Confidence):
			return fmt.Errorf("%s: cause %s: confidence is %q", name, c.ID, c.Confidence)
		}
		seen[c.ID] = true
	}
	return nil
}

// Cause returns the rule of that id.
func (r Rules) Cause(id string) (Rule, bool) { return cause(r.Causes, id) }

func cause(list []Rule, id string) (Rule, bool) {
	i := slices.IndexFunc(list, func(c Rule) bool { return c.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return list[i], true
}
