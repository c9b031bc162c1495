package assets

import (
	"embed"
	"sync"
)

//go:embed signatures/*.yaml
var signatureFiles embed.FS

// Effect is what a log line says about the connection to the cloud.
type Effect string

// The effects. A line that says nothing about the connection has Neither.
const (
	Fails    Effect = "fails"
	Slows    Effect = "slows"
	Recovers Effect = "recovers"
	Neither  Effect = "neither"
)

// Role is how a line stands to the lines around it that tell of the same event, so that one event counts once.
type Role string

// The roles.
const (
	Main  Role = ""      // tells of an event by itself
	Lead  Role = "lead"  // comes before the line that says more; counts only where that one does not come
	Label Role = "label" // comes before too, and never counts by itself
	Echo  Role = "echo"  // comes after, and says the same once more; counts only where nothing came before
)

// Signature knows one kind of log line. Strings with {name} are filled from what the pattern captured; where the name
// is that of a code table, {curl.meaning}, {curl.name} and {curl.text} say what that number means.
type Signature struct {
	ID      string   `yaml:"id"`
	Kinds   []string `yaml:"kinds"`   // the kinds of log that have such lines; what a profile's log names
	Literal string   `yaml:"literal"` // stands in every such line as it is; looked for before the pattern; 8 bytes or more
	// Literals are several of them, of which each line has one. Where a file gives these instead, the signature is
	// returned once for each, with that one as its Literal.
	Literals []string `yaml:"literals"`
	Regexp   string   `yaml:"regexp"`
	Known    string   `yaml:"known"` // a capture whose number its code table must have; "" where not asked
	Role     Role     `yaml:"role"`
	Outcome  `yaml:",inline"`
	Cases    []Case   `yaml:"cases"` // the first that fits refines the outcome
	Use      []string `yaml:"use"`   // shared cases, tried after its own
	Samples  []Sample `yaml:"samples"`
	Not      []string `yaml:"not"` // lines that must not match

	pattern *pattern
	tries   []Case
	weighs  []int // the groups of the pattern that the outcome depends on
	all     bool  // these are all that it has
}

// Outcome is what a line means. In a case, an empty member leaves what was there before.
type Outcome struct {
	Code    string `yaml:"code"`    // the finding: "logs.timeout"
	Meaning string `yaml:"meaning"` // in plain words
	Ref     string `yaml:"ref"`     // the number in it: "curl {curl}"
	Effect  Effect `yaml:"effect"`
	Subject string `yaml:"subject"` // what it is about: "{host}"
	Topic   string `yaml:"topic"`   // which connection: a recovery ends the failures of its topic; "": that of its log file
	Mark    Mark   `yaml:"mark"`    // how well the reading is known
	Remedy  string `yaml:"remedy"`  // one sentence: what to do, and who; every line that fails or slows has one
}

// Case refines an outcome where every named capture fits its pattern; their own groups are captures too.
type Case struct {
	When    map[string]string `yaml:"when"`
	Outcome `yaml:",inline"`

	tests []test
}

type test struct {
	capture string
	pattern *pattern
}

// Sample is a line that the signature must know, and what it must read in it.
type Sample struct {
	Line     string            `yaml:"line"`
	Code     string            `yaml:"code"`
	Effect   Effect            `yaml:"effect"`
	Subject  string            `yaml:"subject"`
	Ref      string            `yaml:"ref"`
	Topic    string            `yaml:"topic"`
	Captures map[string]string `yaml:"captures"`
	Made     bool              `yaml:"made"` // written by hand from a description, not seen in a log
}

type signatureFile struct {
	Grammars   []Grammar         `yaml:"grammars"`
	Cases      map[string][]Case `yaml:"cases"`
	Signatures []Signature       `yaml:"signatures"`
}

var signatureData = sync.OnceValues(func() (signatureFile, error) { return readSignatures(signatureFiles) })

// Signatures returns every known kind of line, in the order in which they are tried. The result is shared and must not
// be changed. The error says what is wrong in the program's own data.
func Signatures() ([]Signature, error) {
	f, err := signatureData()
	return f.Signatures, err
}

// Grammars returns the forms that a log line can have, in the order in which they are tried; the last fits every line.
func Grammars() ([]Grammar, error) {
	f, err := signatureData()
	return f.Grammars, err
}
