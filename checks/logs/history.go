package logs

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/logs/lines"
)

const (
	// wholeMax: a file that is no larger is read whole; that costs less than a search, and what is old says how it was.
	wholeMax = 1 << 20
	// lookBack is how much is read before the time that is asked for, or at least of a log's end.
	lookBack = 256 << 10
	// unzipMost is how much of a packed log is unpacked.
	unzipMost = 4 << 30
)

// seek goes to a place a little before the first line from start on.
func (c *cursor) seek(f host.File, size int64) error {
	if size <= wholeMax {
		return nil
	}
	s := c.stream
	place, err := lines.Since(f, size, c.start, func(head []byte) (time.Time, bool) { return s.book.stamp(head, &s.decoder.clock) })
	if err != nil {
		return err
	}
	enc, mark := lines.Sniff(c.head)
	if place.At -= lookBack; place.At <= int64(mark) {
		return nil
	}
	at, err := lines.Next(f, size, place.At, enc)
	if err != nil {
		return err
	}
	s.text.Enc, s.begun, c.offset = enc, true, at
	return nil
}

// zipped reports whether a file was packed with gzip.
func zipped(head []byte) bool {
	return len(head) > 2 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8
}

var errUnzip = fmt.Errorf("unpacks to more than %d GB; the rest was not read", unzipMost>>30)

// unzip reads a log that was packed with gzip.
func (c *cursor) unzip(ctx context.Context, f io.ReaderAt, size int64) error {
	z, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return err
	}
	most := &io.LimitedReader{R: z, N: unzipMost}
	if err := c.pour(ctx, most); err != nil {
		return fmt.Errorf("packed log: %w", err)
	}
	if most.N == 0 {
		if _, err := io.ReadFull(z, make([]byte, 1)); !errors.Is(err, io.EOF) {
			return errUnzip
		}
	}
	return nil
}
