package lab

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"

	"linecheck/assets"
)

// grammar is how a log's lines begin: the time, and what stands between it and the text.
type grammar struct {
	layout string
	comma  string // what stands before the fraction of the second where package time cannot write it
	then   string
	quiet  string // a line that says that all is well
}

// The formats of the profiles' logs; one that is not here gets an ISO time.
var grammars = map[string]grammar{
	"fsecure": {layout: "2006-01-02 15:04:05.000", then: " [15c0.1d1c] ",
		quiet: "I: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0"},
	"dsagent": {layout: "2006-01-02 15:04:05.000000", then: ": ",
		quiet: `[dsa.Heartbeat/5] | Heartbeat sent. | .\dsa\Heartbeat.lua:102:Send | 1A2C:1B44:heartbeat`},
	"ds_am-icrc": {layout: "2006/01/02 15:04:05.000 -0700", comma: ":", then: " [1234:5678] ",
		quiet: "[ INFO] [iCRC.cpp ( 47)] [Check] server is reachable"},
	"amsp": {layout: "2006/01/02 15:04:05.000", then: ",[07124:06044],", quiet: "[INFO],[lib], started,,[file(12)]"},
}

func (g grammar) line(at time.Time, text string) string {
	if g.layout == "" {
		g.layout, g.then = time.RFC3339, " "
	}
	stamp := at.Format(g.layout)
	if g.comma != "" {
		stamp = strings.Replace(stamp, ".", g.comma, 1)
	}
	return stamp + g.then + text + "\r\n"
}

// fillLogs writes every log of the profiles: a good line from hours ago, then the scene's, or a
// good one of a moment ago.
func (l *Lab) fillLogs() error {
	told, known := l.scene.Machine.Logs, map[string]bool{}
	now := time.Now()
	for _, p := range l.installed() {
		for _, log := range p.Logs {
			at := l.logPath(log)
			if at == "" {
				continue
			}
			g := grammars[log.Format]
			own := Log{Name: log.Name}
			for _, t := range told {
				switch {
				case t.Name != log.Name:
				case t.File == "":
					own.Lines = append(own.Lines, t.Lines...)
					own.UTF16, own.Alone = own.UTF16 || t.UTF16, own.Alone || t.Alone
				default:
					if err := l.writeLog(beside(at, t.File), g, t, now); err != nil {
						return err
					}
				}
			}
			if err := l.writeLog(at, g, own, now); err != nil {
				return err
			}
			known[log.Name] = true
			for _, grow := range l.scene.Machine.Grow {
				if grow.Name == log.Name && len(grow.Lines) > 0 {
					l.wg.Go(func() { l.grow(l.onDisk(at), g, grow.Lines) })
				}
			}
		}
	}
	for _, log := range append(l.scene.Machine.Logs, l.scene.Machine.Grow...) {
		if !known[log.Name] {
			return fmt.Errorf("machine.logs: no profile of the scene has a log %q on %s", log.Name, l.scene.Machine.OS)
		}
	}
	return nil
}

// writeLog writes one file, the time of its last line as its own.
func (l *Lab) writeLog(at string, g grammar, t Log, now time.Time) error {
	last := now.Add(-3 * time.Hour)
	for _, line := range t.Lines {
		if ago, _, ok := aged(line); ok && !now.Add(ago).After(last) {
			last = now.Add(ago - time.Minute) // logs are written in the order of time
		}
	}
	var b strings.Builder
	well := func(at time.Time) {
		if last = at; g.quiet != "" {
			b.WriteString(g.line(at, g.quiet))
		}
	}
	if !t.Alone {
		well(last)
		if len(t.Lines) == 0 {
			well(now.Add(-2 * time.Minute))
		}
	}
	for _, line := range t.Lines {
		if ago, text, ok := aged(line); ok {
			last = now.Add(ago)
			b.WriteString(g.line(last, text))
		} else {
			b.WriteString(line + "\r\n")
		}
	}
	text := []byte(b.String())
	if t.UTF16 {
		text = binary.LittleEndian.AppendUint16(nil, 0xfeff)
		for _, u := range utf16.Encode([]rune(b.String())) {
			text = binary.LittleEndian.AppendUint16(text, u)
		}
	}
	return l.write(at, text, last)
}

// beside is another file of the same folder.
func beside(at, name string) string { return at[:strings.LastIndexAny(at, `\/`)+1] + name }

// logPath is a name that the first of the log's patterns for this system fits; "" where there is none.
func (l *Lab) logPath(log assets.Log) string {
	for _, pattern := range log.Files {
		if !l.ours(pattern) {
			continue
		}
		pattern = strings.NewReplacer(`**\`, "", "**/", "", "*", "", "?", "x").Replace(pattern)
		if filepath.Ext(pattern) == ".log" {
			return pattern
		}
	}
	return ""
}

// aged splits "-90s .W: text" into how long ago and the text.
func aged(line string) (ago time.Duration, text string, ok bool) {
	word, rest, _ := strings.Cut(line, " ")
	d, err := time.ParseDuration(word)
	if err != nil || d > 0 {
		return 0, "", false
	}
	return d, rest, true
}

// A growing log gets a line a second, and stops growing before a forgotten training session fills the disk.
const (
	growEvery = time.Second
	growMost  = 20_000
)

// grow appends the lines over and over until the lab closes.
func (l *Lab) grow(real string, g grammar, lines []string) {
	tick := time.NewTicker(growEvery)
	defer tick.Stop()
	for i := range growMost {
		select {
		case <-l.ctx.Done():
			return
		case now := <-tick.C:
			if appendLine(real, g.line(now, lines[i%len(lines)])) != nil {
				return
			}
		}
	}
}

// appendLine opens and closes the file each time, so that a rotation or a cleanup by the person in training works.
func appendLine(real, line string) error {
	f, err := os.OpenFile(real, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
