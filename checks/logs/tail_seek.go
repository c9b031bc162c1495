package logs

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"linecheck/checks/host"
)

// quest is what a search is to find out. It holds copies, since the search goes on aside.
type quest struct {
	files  host.Files
	search func(context.Context) []source
	lost   []missed
	live   []foot
	was    map[*cursor][]string
	of     []*cursor // of each of live
	taken  map[string]bool
	gone   map[string]rest
	links  []string // places of logs in which something stood that is no file
}

// missed is a file that is no longer under its path, or no longer holds what was read of it.
type missed struct {
	c    *cursor
	foot foot
	cut  bool
}

// sought is what a search found.
type sought struct {
	sources []source
	fates   []fate
	fresh   []fresh
	refused map[string]error // places of logs in which something stands that is no file
	took    time.Duration
}

// fate is what became of a file.
type fate struct {
	missed
	path string // where it is now; "": nowhere
	copy bool   // that is a copy of it, with what was not read yet
}

// fresh is a file that nobody follows.
type fresh struct {
	source
	length int64  // now
	back   *rest  // it was followed before
	key    string // of back among those that are gone, where it had another name; "": its path
	anew   bool   // it stands where another one stood that was let go
	copy   bool   // of a file that is followed: told already
	unsure bool   // it may become one
}

// run searches and looks into what it finds.
func (q quest) run(ctx context.Context) (s sought) {
	began := time.Now()
	s.sources = q.search(ctx)
	s.refused = map[string]error{}
	for _, path := range q.links {
		if err := q.link(path); err != nil {
			s.refused[path] = err
		}
	}
	for _, m := range q.lost {
		f := q.trace(ctx, m, s.sources)
		s.fates = append(s.fates, f)
		if f.path != "" {
			q.taken[f.path] = true
		}
	}
	for _, src := range s.sources {
		if ctx.Err() != nil {
			break
		}
		if !q.taken[src.path] && !squeezed(src.path) {
			if f, ok := q.judge(src); ok {
				s.fresh = append(s.fresh, f)
			}
		}
	}
	s.took = time.Since(began)
	return s
}

// trace finds a file under its new name, else a copy of it: among the sources and among its neighbours with the same
// beginning.
func (q quest) trace(ctx context.Context, m missed, sources []source) fate {
	f := fate{missed: m}
	folder := strings.TrimSuffix(m.foot.path, base(m.foot.path))
	near, _ := q.files.Glob(folder + family(m.foot.path) + "*")
	var paths []string
	for _, s := range sources { // its own path among them, where a share is back
		paths = append(paths, s.path)
	}
	copied := ""
	for _, path := range append(paths, near...) {
		if ctx.Err() != nil {
			return f
		}
		if m.cut && path == m.foot.path || squeezed(path) || packed(path) {
			continue
		}
		h, info, err := reach(q.files, path)
		if err != nil {
			continue
		}
		switch same := m.foot.id != nil && os.SameFile(m.foot.id, info); {
		case same && !m.cut && m.foot.holds(h, info.Size()):
			f.path = path
		case !same && copied == "" && !q.follows(info):
			if yes, _ := m.foot.copied(h, info.Size()); yes {
				copied = path
			}
		}
		h.Close()
		if f.path != "" {
			return f
		}
	}
	if copied != "" {
		f.path, f.copy = copied, true
	}
	return f
}

// link says why what stands in a log's place is not followed; nil where it may be, or nothing stands there.
func (q quest) link(path string) error {
	info, err := q.files.Stat(path)
	if err != nil || info.Mode().IsRegular() {
		return nil
	}
	h, err := q.files.Open(path)
	if err == nil {
		h.Close()
	}
	return err
}

// judge tells what a file is that nobody follows. ok is false where that cannot be told now, or somebody follows it
// under another name.
func (q quest) judge(src source) (f fresh, ok bool) {
	f.source = src
	h, info, err := reach(q.files, src.path)
	if err != nil {
		return f, !absent(err) // one that is locked is followed, and told as waiting
	}
	defer h.Close()
	if zipped(part(h, 0, headMax)) {
		return f, false
	}
	f.length = info.Size()
	if r, ok := q.gone[src.path]; ok {
		if r.foot.holds(h, info.Size()) && (!r.foot.other(info) || r.foot.at >= backLeast) {
			r.foot.id = info
			f.back = &r
			return f, true
		}
		f.anew = true
	}
	if q.follows(info) {
		return f, false
	}
	for key, r := range q.gone {
		if r.foot.id != nil && (f.back == nil || r.foot.at > f.back.foot.at) && os.SameFile(r.foot.id, info) && r.foot.holds(h, info.Size()) {
			r.foot.id = info
			f.back, f.key = &r, key // rotated away since it was let go
		}
	}
	if f.back != nil {
		return f, true
	}
	for i, other := range q.live {
		if other.path == src.path || slices.Contains(q.was[q.of[i]], src.path) {
			continue // the new file in the old place may begin like the old one
		}
		yes, unsure := other.copied(h, info.Size())
		f.copy, f.unsure = f.copy || yes, f.unsure || unsure
	}
	return f, true
}

// follows reports whether a file is followed, under whatever name.
func (q quest) follows(info fs.FileInfo) bool {
	return slices.ContainsFunc(q.live, func(f foot) bool { return f.id != nil && os.SameFile(f.id, info) })
}

// backLeast: a file that was away and has another identity now is the same one where so much was read of it, and it
// still begins so and stands so before that place. A new log may hold the same banner.
const backLeast = 4 << 10

func reach(files host.Files, path string) (host.File, fs.FileInfo, error) {
	h, err := files.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := h.Stat()
	if err != nil {
		h.Close()
		return nil, nil, err
	}
	return h, info, nil
}
