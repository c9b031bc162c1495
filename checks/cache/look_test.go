package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Virtual time begins at midnight, 1 January 2000.
func TestRun(t *testing.T) {
	type want struct {
		code   checks.Code
		status checks.Status
		args   map[string]string
		action string // the whole of Blocked; "none": no action; "free": not blocked
	}
	for name, c := range map[string]struct {
		set  func(*testing.T, *bed)
		want want
	}{
		"the end of a fresh cache is not told by the clock": {
			func(t *testing.T, b *bed) {
				b.put(t, "a.db", 1500, 3*time.Hour)
				b.put(t, "sub/b.db", 700, 30*time.Minute)
			},
			want{Recent, checks.Pass, map[string]string{"until": "01:30", "newest": "1999-12-31 23:30",
				"oldest": "1999-12-31 21:00", "files": "2", "size": "2.2 kB", "bytes": "2200", "ttl": "2 hours"}, "free"},
		},
		"an answer counts on after the last moment of its life": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, 2*time.Hour) },
			want{Old, checks.Pass, map[string]string{"until": "", "newest": "1999-12-31 22:00"}, "free"},
		},
		"an old cache is called fresh": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, 50*time.Hour) },
			want{Old, checks.Pass, map[string]string{"newest": "1999-12-29 22:00"}, "free"},
		},
		"a file from the future keeps the cache fresh for years": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, -5000*time.Hour) },
			want{Recent, checks.Pass, map[string]string{"until": "02:00"}, "free"},
		},
		"folders without files count as answers": {
			func(t *testing.T, b *bed) { os.MkdirAll(filepath.Join(b.dir, "x", "y"), 0o755) },
			want{Empty, checks.Pass, map[string]string{"files": "0"}, "none"},
		},
		"a cache that is not there passes": {
			func(t *testing.T, b *bed) { os.Remove(b.dir) },
			want{Missing, checks.Note, nil, "none"},
		},
		"a product without a known keeping time gets an end": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, time.Minute); b.profile.Cache.TTL = 0 },
			want{NoTTL, checks.Note, map[string]string{"until": "", "ttl": ""}, "free"},
		},
		"a profile without a cache is looked at": {
			func(t *testing.T, b *bed) { b.profile.Cache = nil },
			want{None, checks.Skip, map[string]string{"why": "the profile names no cache"}, "none"},
		},
		"a Linux path is looked for on Windows": {
			func(t *testing.T, b *bed) { b.profile.Cache.Dir = "/var/opt/vendor/cache" },
			want{None, checks.Skip, map[string]string{"why": "the profile knows this cache only on linux"}, "none"},
		},
		"a relative cache path is looked at from wherever we are": {
			func(t *testing.T, b *bed) { b.profile.Cache.Dir = `cache\fsscor` },
			want{None, checks.Skip, nil, "none"},
		},
		"a link in place of the folder is followed": {
			func(t *testing.T, b *bed) {
				os.Remove(b.dir)
				link(t, t.TempDir(), b.dir)
			},
			want{Unreadable, checks.Unknown, map[string]string{"why": errLink.Error()},
				"the cache folder could not be read: it is a link, and linecheck follows no link here"},
		},
		"a file in place of the folder is read": {
			func(t *testing.T, b *bed) {
				os.Remove(b.dir)
				os.WriteFile(b.dir, nil, 0o644)
			},
			want{Unreadable, checks.Unknown, map[string]string{"why": "it is not a folder"},
				"the cache folder could not be read: it is not a folder"},
		},
		"a link in the cache is followed": {
			func(t *testing.T, b *bed) {
				outside := filepath.Join(t.TempDir(), "young")
				os.WriteFile(outside, make([]byte, 99), 0o644)
				b.put(t, "a", 1, 3*time.Hour)
				link(t, outside, filepath.Join(b.dir, "l"))
			},
			want{Old, checks.Pass, map[string]string{"files": "1", "bytes": "1"},
				folder + `\l is a link or a device; a cache holds only files, so somebody else put it there, and nothing is touched`},
		},
		"a folder that a user could swap is emptied": {
			func(t *testing.T, b *bed) {
				b.put(t, "a", 1, time.Hour)
				b.Exposures = map[string][]host.Exposure{folder: {{Path: `C:\Windows\ServiceProfiles`, Who: "Users", May: "may rename or replace what is in it"}, {}}}
			},
			want{Recent, checks.Pass, nil, `C:\Windows\ServiceProfiles: Users may rename or replace what is in it, ` +
				"and could lead an administrator's cleanup elsewhere (1 more such right)"},
		},
		"a name that is no UTF-8 is not counted": {
			func(t *testing.T, b *bed) {
				if runtime.GOOS == "windows" {
					t.Skip("names are UTF-16 there")
				}
				b.put(t, "\xff\xfea.db", 10, time.Hour)
			},
			want{Recent, checks.Pass, map[string]string{"files": "1", "bytes": "10"}, "free"},
		},
		"without administrator rights a cleanup is offered": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, time.Hour); b.Identity.Elevated = false },
			want{Recent, checks.Pass, nil, "needs administrator rights: start linecheck as administrator"},
		},
		"a service that is not there is stopped": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, time.Hour); b.Services[service] = nil },
			want{Recent, checks.Pass, nil, "the service fsulnethoster is not on this machine"},
		},
		"a service that could not be started again is stopped": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, time.Hour); b.Services[service].Start = "disabled" },
			want{Recent, checks.Pass, nil, "the service fsulnethoster runs but is disabled: once stopped it could not be started again"},
		},
		"a service on its way down is stopped": {
			func(t *testing.T, b *bed) { b.put(t, "a", 1, time.Hour); b.Services[service].State = host.StopPending },
			want{Recent, checks.Pass, nil, `the service fsulnethoster is just in the state "stop pending"; look again when it runs`},
		},
		"a profile may empty the system folder": {
			func(t *testing.T, b *bed) {
				b.profile.Cache.Dir = `C:\Windows\System32\config\x`
				b.dir = filepath.Join(b.Root, "C", "Windows", "System32", "config", "x")
				b.put(t, "SAM", 1, time.Hour)
			},
			want{Recent, checks.Pass, nil, `C:\Windows\System32\config\x belongs to the system or to a person, and is never emptied`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				c.set(t, b)
				f, actions := b.look(t)
				if f.Code != c.want.code || f.Status != c.want.status {
					t.Errorf("got %s %s, want %s %s: %+v", f.Code, f.Status, c.want.code, c.want.status, f)
				}
				for k, v := range c.want.args {
					if f.Args[k] != v {
						t.Errorf("arg %s is %q, want %q", k, f.Args[k], v)
					}
				}
				if f.Status != checks.Skip && len(f.Evidence) == 0 {
					t.Error("no evidence")
				}
				got := "none"
				if len(actions) == 1 {
					if got = actions[0].Blocked; got == "" {
						got = "free"
					}
				}
				if got != c.want.action {
					t.Errorf("action %q, want %q", got, c.want.action)
				}
			})
		})
	}
}

// disk is a folder made of values, for what a real one cannot be asked to do.
type disk struct {
	host.Files
	tree  fstest.MapFS
	stat  error
	dirs  map[string]error // by base name
	infos map[string]error
}

func (d disk) Stat(string) (fs.FileInfo, error) {
	if d.stat != nil {
		return nil, d.stat
	}
	return d.tree.Stat(".")
}

func (d disk) Exposed(string, string) ([]host.Exposure, error) { return nil, nil }
func (d disk) Movable(string) error                            { return nil }

func (d disk) ReadDir(path string) ([]fs.DirEntry, error) {
	rel := strings.Trim(strings.ReplaceAll(strings.TrimPrefix(path, folder), `\`, "/"), "/")
	if err := d.dirs[filepath.Base(rel)]; err != nil {
		return nil, err
	}
	if rel == "" {
		rel = "."
	}
	list, err := d.tree.ReadDir(rel)
	for i, e := range list {
		if err := d.infos[e.Name()]; err != nil {
			list[i] = vanishing{e, err}
		}
	}
	return list, err
}

type vanishing struct {
	fs.DirEntry
	err error
}

func (v vanishing) Info() (fs.FileInfo, error) { return nil, v.err }

func TestRunOnAnUnwillingDisk(t *testing.T) {
	file := func(ago time.Duration) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("x"), ModTime: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-ago)}
	}
	huge := fstest.MapFS{}
	for i := range 25 {
		for k := range 10_000 {
			huge[fmt.Sprintf("%d/%d", i, k)] = file(time.Minute)
		}
	}
	for name, c := range map[string]struct {
		disk     disk
		elevated bool
		code     checks.Code
		args     map[string]string
	}{
		"a folder without the right to read it is called empty": {
			disk{stat: &fs.PathError{Op: "stat", Path: folder, Err: fs.ErrPermission}}, false,
			Unreadable, map[string]string{"why": "needs administrator rights", "until": "02:00 at the latest", "newest": "a time that this account may not see"},
		},
		"an administrator is told to become one": {
			disk{stat: host.ErrDenied}, true,
			Unreadable, map[string]string{"why": "access is denied even with administrator rights"},
		},
		"a broken disk is called empty": {
			disk{stat: errors.New("sector gone")}, true,
			Unreadable, map[string]string{"why": "reading failed: sector gone", "until": ""},
		},
		"a file that is deleted while we look is a fault": {
			disk{tree: fstest.MapFS{"a": file(time.Hour), "b": file(time.Minute)}, infos: map[string]error{"b": fs.ErrNotExist}}, true,
			Recent, map[string]string{"files": "1", "until": "01:00"},
		},
		"a folder that is deleted while we look is a fault": {
			disk{tree: fstest.MapFS{"a": file(time.Hour), "s/b": file(time.Minute)}, dirs: map[string]error{"s": fs.ErrNotExist}}, true,
			Recent, map[string]string{"files": "1"},
		},
		"a closed part of the cache is taken for old": {
			disk{tree: fstest.MapFS{"a": file(5 * time.Hour), "s/b": file(time.Minute)}, dirs: map[string]error{"s": fs.ErrPermission}}, true,
			Unreadable, map[string]string{"why": "parts of it may not be read"},
		},
		"a closed part hides that the rest is fresh": {
			disk{tree: fstest.MapFS{"a": file(time.Hour), "s/b": file(time.Minute)}, dirs: map[string]error{"s": fs.ErrPermission}}, true,
			Recent, map[string]string{"files": "1 or more"},
		},
		"a closed cache with nothing else in it is called empty": {
			disk{tree: fstest.MapFS{"s/b": file(time.Minute)}, dirs: map[string]error{"s": fs.ErrPermission}}, true,
			Unreadable, nil,
		},
		"a folder that is too large for one look is counted to the end": {
			disk{tree: fstest.MapFS{"a": file(time.Hour), "s/b": file(time.Minute)}, dirs: map[string]error{"s": host.ErrTooMany}}, true,
			Recent, map[string]string{"files": "1 or more"},
		},
		"a cache of 250,000 files is counted to the end": {
			disk{tree: huge}, true,
			Recent, map[string]string{"until": "01:59"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.Identity.Elevated = c.elevated
				b.renew()
				b.env.Machine.Files = c.disk
				res, err := check{}.Run(t.Context(), b.env, func(checks.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				f := res.Findings[0]
				whole(t, f)
				if f.Code != c.code {
					t.Errorf("got %s, want %s: %+v", f.Code, c.code, f)
				}
				for k, v := range c.args {
					if f.Args[k] != v {
						t.Errorf("arg %s is %q, want %q", k, f.Args[k], v)
					}
				}
				var n int
				if fmt.Sscanf(f.Evidence[0].Text, "%d files", &n); n > maxEntries {
					t.Errorf("%d files were looked at", n)
				}
			})
		})
	}
}

func TestAStoppedLookSaysOld(t *testing.T) {
	b := newBed(t)
	b.put(t, "a", 1, 5*time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	res, err := check{}.Run(ctx, b.env, func(checks.Event) {})
	if err != nil || res.Findings[0].Code != Unreadable || res.Findings[0].Status != checks.Unknown {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestNoCacheIsAPlaceThatMayNotBeEmptied(t *testing.T) {
	for dir, ok := range map[string]bool{
		folder:                                        true,
		`C:\ProgramData\Vendor\Agent\cache`:           true,
		`D:\data\vendor\cache`:                        true,
		"/var/opt/vendor/cache":                       true,
		"/opt/vendor/agent/cache":                     true,
		`C:\`:                                         false,
		`C:\Windows`:                                  false,
		`C:\Windows\Temp`:                             false,
		`C:\WINDOWS\system32\drivers\etc`:             false,
		`C:\Windows\System32.\drivers\etc`:            false,
		`C:/Windows/System32/drivers/etc`:             false,
		`C:\Program Files\..\Windows\x\y`:             false,
		`C:\Users\anna\Documents`:                     false,
		`C:\Users\anna\Documents\letters`:             false,
		`C:\Windows\ServiceProfiles\NetworkService\x`: false,
		`C:\PROGRA~1\vendor\cache`:                    false,
		`C:\ProgramData\vendor\a:b`:                   false,
		"C:\\ProgramData\\vendor\\a\n& format c:":     false,
		`C:\ProgramData\vendor\" & calc & "`:          false,
		"/":                                           false,
		"/var/cache":                                  false,
		"/etc/ssl/private":                            false,
		"/home/anna/letters":                          false,
		"/var//cache/x":                               false,
		"/var/lib/$(reboot)/x":                        false,
		"cache":                                       false,
		"":                                            false,
	} {
		if err := unsafePlace(dir); (err == nil) != ok {
			t.Errorf("%q: %v", dir, err)
		}
	}
	if !strings.HasPrefix(assets.PathOS(folder), "win") {
		t.Error("the folder of the article is no Windows path")
	}
}
