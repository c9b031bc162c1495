package wizard_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"linecheck/checks/lab"
	"linecheck/wizard"
)

// canaryRun is one machine of the canaries, and the folder that its files are in.
type canaryRun struct {
	t    *testing.T
	exe  string
	dir  string
	file string // the scene
}

// TestNoCanaryComesOut plays machines and networks that are full of secrets, people and inner names through the real
// program and looks for them in everything that it says.
func TestNoCanaryComesOut(t *testing.T) {
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	scenes, n := canaries()
	if n.secrets < 200 || n.people < 30 || n.names < 15 {
		t.Errorf("only %d secrets, %d people and %d names are made", n.secrets, n.people, n.names)
	}
	seen := map[string]bool{}
	for _, s := range scenes {
		for _, m := range planted.FindAllString(sceneText(t, s), -1) {
			seen[m] = true
		}
	}
	if len(seen) < 220 { // the others stand there in another form
		t.Errorf("only %d values stand in the scenes as they are", len(seen))
	}
	for _, s := range scenes {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			c := canaryRun{t: t, exe: exe, dir: t.TempDir()}
			c.file = c.write(s.Name+".yaml", sceneText(t, s))
			var wg sync.WaitGroup
			wg.Go(func() { c.reports() })
			wg.Go(func() { c.others(s) })
			wg.Wait()
		})
	}
}

// sceneText is a scene as a file.
func sceneText(t *testing.T, s lab.Scene) string {
	b, err := yaml.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (c canaryRun) write(name, text string) string {
	file := filepath.Join(c.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		c.t.Error(err)
	}
	return file
}

// says runs the program and returns all that it prints.
func (c canaryRun) says(args ...string) string {
	cmd := exec.Command(c.exe, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "HOME="+c.dir, "TMPDIR="+c.dir)
	var b bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &b
	_ = cmd.Run()
	return b.String()
}

// clean wants none of the marks in a text.
func (c canaryRun) clean(where, text string, marks ...string) {
	c.t.Helper()
	for _, mark := range marks {
		found := leaks(text, mark)
		for i, l := range found {
			if i < 4 {
				c.t.Errorf("%s: …%s…", where, l)
			}
		}
		if len(found) > 4 {
			c.t.Errorf("%s: and %d more of %s", where, len(found)-4, mark)
		}
	}
}

// marksAt are the marks that no report of a level may hold.
var marksAt = map[string][]string{"off": {secretMark}, "standard": {secretMark, personMark}, "strict": {secretMark, personMark, nameMark}, "nonsense": {secretMark, personMark, nameMark}}

func (c canaryRun) reports() {
	off := filepath.Join(c.dir, "off.json")
	said := c.says("lab", "--run", c.file, "--format", "json", "--redact", "off", "--output", off)
	b, err := os.ReadFile(off)
	if err != nil || len(b) < 5000 {
		c.t.Errorf("no report: %v %s", err, said)
		return
	}
	c.clean("progress", said, secretMark)
	c.clean("report off", string(b), marksAt["off"]...)
	for level, marks := range marksAt {
		if level != "nonsense" { // which is strict
			c.record(level, marks)
		}
		for _, format := range wizard.Formats {
			c.clean("report redact "+level+" "+format, c.says("report", "redact", off, "--redact", level, "--format", format), marks...)
		}
		for _, whose := range []string{"customer", "network", "vendor"} {
			for _, format := range wizard.TicketFormats {
				c.clean("ticket for "+whose+" "+level+" "+format, c.says("report", "ticket", off, "--for", whose, "--redact", level, "--format", format), marks...)
			}
		}
		saved := filepath.Join(c.dir, level+".json")
		c.says("report", "redact", off, "--redact", level, "--output", saved)
		for _, format := range []string{"text", "markdown", "json"} {
			c.clean("diff "+level+" "+format, c.says("report", "diff", off, saved, "--redact", level, "--format", format), marks...)
		}
		again := c.says("report", "redact", saved, "--redact", "strict")
		c.clean("strict from "+level, again, marksAt["strict"]...)
		less, _ := os.ReadFile(saved)
		c.clean("off from "+level, c.says("report", "redact", saved, "--redact", "off"), marks...)
		c.clean("saved "+level, string(less), marks...)
	}
}

// record walks the machine once more and keeps the session, and walks that.
func (c canaryRun) record(level string, marks []string) {
	record := filepath.Join(c.dir, level+".jsonl")
	c.says("lab", "--run", c.file, "--format", "json", "--redact", level, "--record", record)
	if b, err := os.ReadFile(record); err != nil || len(b) < 5000 {
		c.t.Errorf("no record: %v", err)
	} else {
		c.clean("record "+level, string(b), marks...)
	}
	c.clean("replay "+level, c.says("replay", record, "--format", "json", "--redact", level), marks...)
}

// stamp begins a line of a scene.
var stamp = regexp.MustCompile(`^-\d+s \.W: `)

func (c canaryRun) others(s lab.Scene) {
	for _, format := range []string{"text", "html"} {
		c.clean("run "+format, c.says("lab", "--run", c.file, "--format", format), secretMark, personMark)
	}
	c.clean("run strict", c.says("lab", "--run", c.file, "--format", "ndjson", "--redact", "strict"), secretMark, personMark, nameMark)
	c.clean("watch", c.says("lab", "--watch", c.file, "--every", "1s", "--for", "2s"), secretMark, personMark)
	var lines []string
	for _, l := range append(s.Machine.Logs, s.Machine.Grow...) {
		for _, line := range l.Lines {
			line = strings.TrimPrefix(line, stamp.FindString(line))
			lines = append(lines, time.Now().Format("2006-01-02 15:04:05.000")+" [15c0.1d1c] .W: "+line)
		}
	}
	log := c.write("fsscorplug.log", strings.Join(lines, "\n")+"\n")
	for level, marks := range marksAt {
		for _, format := range []string{"text", "json", "ndjson", "html"} {
			c.clean("logs "+level+" "+format, c.says("logs", log, "--redact", level, "--format", format), marks...)
		}
	}
	for i, line := range lines {
		if i%3 == 0 {
			c.clean("explain", c.says("explain", line), secretMark)
			c.clean("explain json", c.says("explain", "--format", "json", line), secretMark)
		}
	}
}

// TestNoCanaryComesInAnError gives the program what it cannot take, with a secret in it.
func TestNoCanaryComesInAnError(t *testing.T) {
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := canaryRun{t: t, exe: exe, dir: t.TempDir()}
	login, pair := "http://svc:"+secretMark+"001x@proxy.example.intern", "password="+secretMark+"002x"
	for _, args := range [][]string{
		{"run", "--profile", login + "/x.yaml"}, {"run", "--profile", "withsecure", "--var", "region=" + login}, {"run", "--var", pair, "--profile", "withsecure"},
		{"lab", "--run", "healthy", "--redact", pair}, {"run", "--format", pair}, {"run", "--checks", login}, {"run", "--output", c.dir + "/none/" + pair}, {"logs", login}, {"logs", pair},
		{"report", "show", c.write("a.json", `{"schema": "`+pair+`"}`)}, {"report", "show", c.write("b.json", `{"schema": "`+login+`"`)}, {"report", "ticket", pair},
		{"report", "diff", pair, login}, {"profile", "lint", c.write("a.yaml", "name: x\n"+pair+": 1\npassword: "+secretMark+"003x\nhelp: ["+login+"]\n")},
		{"profile", "show", c.write("b.yaml", "name: x\npassword: "+secretMark+"004x\n")}, {"profile", "show", login}, {"lab", "--run", login}, {"lab", "--run", c.write("c.yaml", "name: c\nmachine: {proxy: '"+login+"', nonsense: '"+pair+"'}\n")},
		{"explain", "cause:" + login}, {"explain", pair}, {"--" + pair}, {pair}, {"watch", "--every", pair}, {"lab", "--run", "healthy", "--" + pair},
	} {
		said := c.says(args...)
		if said == "" {
			t.Errorf("%v: nothing was said", args)
		}
		c.clean(strings.Join(args[:min(2, len(args))], " "), said, secretMark)
	}
}
