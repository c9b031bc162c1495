package bundle

import (
	"archive/tar"
	"errors"
	"io"
)

// tar reads a tar as it comes. g is what its bytes pass through.
func (w *walker) tar(r io.Reader, g *guard, archive string, depth int) error {
	t := tar.NewReader(r)
	for {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		h, err := t.Next()
		switch {
		case err == nil:
		case errors.Is(err, tar.ErrInsecurePath): // the name leads nowhere: nothing is written
		case errors.Is(err, io.EOF) && g.err == nil:
			return nil
		default:
			return w.ended(archive, g, err)
		}
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		case tar.TypeDir, tar.TypeXGlobalHeader:
			continue
		default:
			w.Links++
			continue
		}
		if !w.count(archive) {
			return nil
		}
		of := &guard{w: w, r: t, most: w.most.member}
		m := Member{Name: label(archive, h.Name), Changed: h.ModTime, Size: h.Size, Read: of}
		if err := w.content(m, of, depth+1); err != nil {
			return err
		}
	}
}
