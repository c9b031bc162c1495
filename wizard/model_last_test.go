package wizard

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"

	tea "charm.land/bubbletea/v2"
)

// put saves a report of that name in a folder.
func put(t *testing.T, dir, name string, r Report) {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b, "json"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheLastRunIsThatOfThisComputerAndTheseProducts(t *testing.T) {
	silent := addressed(blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil))
	base := func(at string, edit func(*Report)) Report {
		r := runOf(t, at, silent)
		edit(&r)
		return r
	}
	dir, other := t.TempDir(), t.TempDir()
	put(t, dir, "linecheck-20261120-1000-a.json", base("2026-11-20T10:00:00.000Z", func(*Report) {}))
	put(t, other, "linecheck-20261121-1000-b.json", base("2026-11-21T10:00:00.000Z", func(r *Report) { r.Run.Host = "<host-1>" }))
	put(t, dir, "linecheck-20261122-1000-c.json", base("2026-11-22T10:00:00.000Z", func(r *Report) { r.Run.Machine = "9999" }))
	put(t, dir, "linecheck-20261122-1100-d.json", base("2026-11-22T11:00:00.000Z", func(r *Report) { r.Profiles[0].Name = "q" }))
	put(t, dir, "linecheck-20261122-1200-e.json", base("2026-11-22T12:00:00.000Z", func(r *Report) { r.Run.Practice = "healthy" }))
	put(t, dir, "linecheck-20261122-1300-f.json", base("2026-11-22T13:00:00.000Z", func(r *Report) { r.Run.ID = "now" }))
	put(t, dir, "linecheck-20261122-1400-g.json", base("2026-11-22T14:00:00.000Z", func(r *Report) { r.Schema = "linecheck.report/9" }))
	put(t, dir, "report-20261122-1500-h.json", base("2026-11-22T15:00:00.000Z", func(*Report) {}))
	put(t, dir, "linecheck-20261122-1600-i.json", base("2026-11-22T16:00:00.000Z", func(r *Report) { r.Run.Machine = "" }))
	for name, text := range map[string]string{"linecheck-20261123-0000-j.json": "{", "linecheck-20261123-0100-k.json": "", "linecheck-20261123-0200-l.md": "{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "linecheck-20261123-0300-m.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := optionsOf(t)
	o.Place.Machine.Identity = host.Identity{Host: "PC-1", Machine: "0011"}
	s := New(Self, []*assets.Profile{{Name: "p"}}, nil, time.Now())
	got, ok := FindLast(t.Context(), []string{dir, filepath.Join(dir, "nowhere"), other}, o, s, "now")
	if !ok || filepath.Base(got.File) != "linecheck-20261121-1000-b.json" {
		t.Errorf("%v, %s", ok, got.File)
	}
	if got.when() != "2026-11-21 10:00" {
		t.Errorf("it is said to be of %s", got.when())
	}
	o.Place.Machine.Identity = host.Identity{Host: "PC-1"} // a system without an id of its own: the name has to be there
	if got, _ := FindLast(t.Context(), []string{dir, other}, o, s, "now"); filepath.Base(got.File) != "linecheck-20261122-1600-i.json" {
		t.Errorf("by its name it is %s", got.File)
	}
	o.Place.Machine.Identity = host.Identity{Host: "PC-7", Machine: "7777"}
	if got, ok := FindLast(t.Context(), []string{dir, other}, o, s, "now"); ok {
		t.Errorf("a report of another computer is taken for one of this: %s", got.File)
	}
}

// atHome makes a folder of its own the place where reports are saved.
func atHome(t *testing.T) string {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, dir)
	}
	return dir
}

func TestTheVerdictOffersTheLastRun(t *testing.T) {
	old := runOf(t, "1999-11-20T10:00:00.000Z", addressed(blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil))) // virtual time begins in 2000
	old.Run.Machine, old.Run.Host = "", "FIN-PC-0231"
	put(t, atHome(t), "linecheck-19991120-1000-a.json", old)
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 100, 30, "t-provider", "t-needy")
		a.run(5 * time.Second)
		a.press(char('v'))
		a.shows("since last run")
		a.press(char('d'))
		a.shows("Compared: the run of 1999-11-20 10:00:00 +00:00")
		a.press(tea.Key{Code: tea.KeyEscape})
		a.shows("Verdict")
		if a.m.dialog != nil {
			t.Error("Esc does not lead back")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-provider"))
		k.types("", 5*time.Second)
		k.types("6", time.Second)
		k.leave(t, "6 compare with the last run, of 1999-11-20 10:00", "Compared: the run of 1999-11-20 10:00:00 +00:00 on FIN-PC-0231")
	})
}

func TestWithoutAnEarlierRunNothingIsOffered(t *testing.T) {
	atHome(t)
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 100, 30, "t-provider", "t-needy")
		a.run(5 * time.Second)
		a.press(char('v'), char('d'))
		if a.m.dialog != nil || strings.Contains(a.m.screen(), "last run") {
			t.Errorf("got\n%s", a.m.screen())
		}
	})
}

func TestTheTicketPageHasThreeReaders(t *testing.T) {
	dir := atHome(t)
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 100, 30, "t-provider", "t-needy")
		a.run(5 * time.Second)
		a.press(char('v'), char('t'))
		a.shows("►2 the network team")
		a.press(tea.Key{Code: tea.KeyTab})
		a.shows("►3 the vendor's support")
		a.press(char('1'))
		a.shows("►1 the customer")
		a.shows("What happens next")
		a.press(char('s'))
		a.run(time.Second)
		a.press(char('3'), char('s'))
		a.run(time.Second)
		a.press(tea.Key{Code: tea.KeyTab, Mod: tea.ModShift}, char('t'))
		if a.m.dialog != nil {
			t.Error("t does not close the page")
		}
	})
	for _, end := range []string{"-ticket-customer.txt", "-ticket-customer.md", "-ticket-vendor.txt", "-ticket-vendor.md"} {
		if files, _ := filepath.Glob(filepath.Join(dir, "linecheck-*"+end)); len(files) != 1 {
			t.Errorf("%d files end in %s", len(files), end)
		}
	}
}

func TestATicketIsToldInLinesToWhoeverItIsFor(t *testing.T) {
	atHome(t)
	for n, want := range map[string]string{"1": "What happens next", "2": "There is nothing here for the team", "3": "Computer and time"} {
		synctest.Test(t, func(t *testing.T) {
			k := begin(t, optionsOf(t, "t-provider"))
			k.types("", 5*time.Second)
			k.types("5", time.Second)
			k.types(n, time.Second)
			k.types("1", time.Second)
			k.leave(t, "5 a ticket to hand on", "For whom?", want, "1 go back")
		})
	}
}
