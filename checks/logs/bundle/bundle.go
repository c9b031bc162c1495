// Package bundle reads the files in an archive, as support tools make them, without unpacking anything to the disk. It
// believes nothing that an archive says of itself: not its name, not its sizes, not its members' names.
package bundle

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Member is a regular file in an archive. It is valid while it is visited.
type Member struct {
	// Name is what to call it: "diag/ds_agent.log", or "inner.zip > diag/ds_agent.log". It holds nothing that could act on a
	// terminal or lead out of a folder, and is no path all the same. It is empty where the whole is one packed file, as
	// fsscorplug.log.1.gz is.
	Name    string
	Changed time.Time // zero where the archive does not say it, or not in which zone
	Size    int64     // as the archive claims; -1 where it does not
	Read    io.Reader // its content. What ends it early is told in the [Report] too
}

// Refused is an archive or a member that was not read, or not whole.
type Refused struct {
	Name string // "" is the archive itself
	Why  string // what is the matter, a sentence without its full stop
	Do   string // what to do about it, another one
}

// Report is what became of the members. Those that are in none of its counts were handed out.
type Report struct {
	Members int       // regular files that were seen, those that were not read too
	Links   int       // links, devices and the like, which nobody follows
	Refused []Refused // the first ones
	More    int       // further ones that were refused
	Bytes   int64     // unpacked
}

// limits are what one walk reads at most.
type limits struct {
	total   int64 // bytes unpacked in all
	member  int64 // bytes of one member
	members int
	inner   int64 // bytes of an archive in the archive that must be held in memory
	refused int   // told by name

	// Deflate packs 1,032 times at best. A log whose lines are all alike but for the time packs 20 to 150 times.
	ratio int64
	from  int64 // bytes that are read whatever the ratio
}

var usual = limits{total: 2 << 30, member: 1 << 30, members: 20_000, inner: 32 << 20, refused: 50, ratio: 400, from: 32 << 20}

// ErrNone says that the bytes are no archive.
var ErrNone = errors.New("is no archive")

// Walk hands every regular file in an archive to visit, in the archive's order, those of archives in the archive too, but
// no deeper. What it cannot or will not read is in the report. An error is visit's own, ctx's, or [ErrNone].
func Walk(ctx context.Context, r io.ReaderAt, size int64, visit func(Member) error) (Report, error) {
	return walk(ctx, r, size, visit, usual)
}

func walk(ctx context.Context, r io.ReaderAt, size int64, visit func(Member) error, most limits) (Report, error) {
	w := &walker{ctx: ctx, visit: visit, most: most}
	head := make([]byte, headSize)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return w.Report, err
	}
	switch k := KindOf(head[:n]); {
	case k == None:
		return w.Report, ErrNone
	case k == Zip:
		err = w.zip(r, size, "", 0)
	default:
		raw := &guard{w: w, r: io.NewSectionReader(r, 0, size), most: size, counts: k == Tar}
		err = w.content(Member{Size: size, Read: raw}, raw, 0)
	}
	if errors.Is(err, errSpent) {
		err = nil
	}
	return w.Report, err
}

// walker is one walk, at all its depths.
type walker struct {
	Report
	ctx   context.Context
	visit func(Member) error
	most  limits
	held  []byte // the archive in the archive
}

// errSpent ends a walk whose bound is reached; why is in the report.
var errSpent = errors.New("more than linecheck reads")

func (w *walker) refuse(name string, r reason) {
	if len(w.Refused) >= w.most.refused {
		w.More++
		return
	}
	w.Refused = append(w.Refused, Refused{name, r.why, r.do})
}

// count takes one more member; false where there are too many.
func (w *walker) count(archive string) bool {
	if w.Members >= w.most.members {
		w.refuse(archive, reason{fmt.Sprintf("it has more than %d members, and the rest was not read", w.most.members), unpackIt})
		return false
	}
	w.Members++
	return true
}

// content does with a file's bytes what they are. depth is how many archives the file lies in. An error ends the walk.
func (w *walker) content(m Member, g *guard, depth int) error {
	in := bufio.NewReaderSize(m.Read, headSize)
	head, err := in.Peek(headSize)
	if len(head) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return w.ended(m.Name, g, err)
	}
	k := KindOf(head)
	if packer := packers[k]; packer != nil {
		return w.unpacked(m, in, packer, depth)
	}
	m.Read = in
	return w.plain(m, g, k, depth)
}

// unpacked takes one packing off. What lies in it is one file, or a tar.
func (w *walker) unpacked(m Member, in *bufio.Reader, open packer, depth int) error {
	raw := &tally{r: in}
	r, changed, err := open(raw)
	if err != nil {
		return w.ended(m.Name, nil, err)
	}
	g := &guard{w: w, r: r, most: w.most.member, packed: raw, counts: true}
	out := bufio.NewReaderSize(g, headSize)
	head, err := out.Peek(headSize)
	if len(head) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return w.ended(m.Name, g, err)
	}
	k := KindOf(head)
	if packers[k] != nil {
		w.refuse(m.Name, reason{"it was packed twice, and was not read", unpackIt})
		return nil
	}
	m.Size, m.Read = -1, out
	if !changed.IsZero() {
		m.Changed = changed
	}
	return w.plain(m, g, k, depth)
}

// plain is a file that is not packed itself.
func (w *walker) plain(m Member, g *guard, k Kind, depth int) error {
	switch {
	case (k == Zip || k == Tar) && depth > 1:
		w.refuse(m.Name, reason{"it lies deeper than one archive in another, and was not read", unpackOuter})
		return nil
	case k == Zip:
		return w.inner(m, g, depth)
	case k == Tar:
		g.most = w.most.total
		return w.tar(m.Read, g, m.Name, depth)
	case unread[k] != reason{}:
		w.refuse(m.Name, unread[k])
		return nil
	}
	if depth == 0 {
		w.Members++
	}
	if err := w.visit(m); err != nil {
		return err
	}
	if g.err != nil {
		return w.ended(m.Name, g, g.err)
	}
	return w.ctx.Err()
}

// inner reads an archive in the archive that needs to be in memory.
func (w *walker) inner(m Member, g *guard, depth int) error {
	if m.Size > w.most.inner {
		w.refuse(m.Name, tooLarge)
		return nil
	}
	b := bytes.NewBuffer(w.held[:0])
	if _, err := b.ReadFrom(io.LimitReader(m.Read, w.most.inner+1)); err != nil {
		return w.ended(m.Name, g, err)
	}
	w.held = b.Bytes()[:0:b.Cap()]
	if int64(b.Len()) > w.most.inner {
		w.refuse(m.Name, tooLarge)
		return nil
	}
	return w.zip(bytes.NewReader(b.Bytes()), int64(b.Len()), m.Name, depth)
}

var tooLarge = reason{"it is a large archive in the archive, and was not read", unpackOuter}

// ended tells why a file ended early. The walk goes on unless its own bounds or its context ended it.
func (w *walker) ended(name string, g *guard, err error) error {
	if e := w.ctx.Err(); e != nil {
		return e
	}
	if g != nil && g.err != nil {
		err = g.err // what lies above it may have put it into words of its own
	}
	w.refuse(name, why(err))
	if errors.Is(err, errSpent) {
		return err
	}
	return nil
}
