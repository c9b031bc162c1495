package bundle

import (
	"io"
	"runtime"
	"strings"
	"testing"
)

// A member of 100 MB takes no more memory than a small one, and neither does one of nothing but zeros.
func TestALongMemberTakesNoMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 200 MB")
	}
	r, size := newLines(100 << 20)
	archive := zipstream(t, r)
	zeros := zipstream(t, io.LimitReader(zeroes{}, 300<<20))
	for title, c := range map[string]struct {
		archive string
		want    int64 // 0: it is refused on the way
	}{"lines": {archive, size}, "zeros": {zeros, 0}} {
		t.Run(title, func(t *testing.T) {
			var most uint64
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			got := int64(0)
			rep, err := Walk(t.Context(), strings.NewReader(c.archive), int64(len(c.archive)), func(m Member) error {
				buf := make([]byte, 64<<10)
				for i := 0; ; i++ {
					n, err := m.Read.Read(buf)
					got += int64(n)
					if i%4096 == 0 {
						runtime.ReadMemStats(&now)
						most = max(most, now.HeapAlloc)
					}
					if err != nil {
						return nil
					}
				}
			})
			must(t, err)
			if c.want > 0 && got != c.want || (c.want == 0) != (len(rep.Refused) == 1) {
				t.Errorf("read %d bytes, want %d; refused %q", got, c.want, rep.Refused)
			}
			if most > before.HeapAlloc+8<<20 {
				t.Errorf("the heap grew by %d bytes", most-before.HeapAlloc)
			}
		})
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
