package bundle

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// Kind is what a file is by its first bytes.
type Kind string

// The kinds. None is anything that is no archive.
const (
	None     Kind = ""
	Zip      Kind = "zip"
	Tar      Kind = "tar"
	Gzip     Kind = "gzip"
	Bzip2    Kind = "bzip2"
	XZ       Kind = "xz"
	Zstd     Kind = "zstd"
	LZ4      Kind = "lz4"
	SevenZip Kind = "7z"
	RAR      Kind = "rar"
	Cabinet  Kind = "cab"
	Evtx     Kind = "evtx" // a Windows event log file
)

// headSize is how many bytes tell the kind: a tar's first header.
const headSize = 512

// magics are the first bytes of each kind, as the formats' descriptions and file(1) have them.
var magics = []struct {
	kind Kind
	head string
}{
	{Zip, "PK\x03\x04"}, {Zip, "PK\x05\x06"}, {Zip, "PK\x07\x08PK\x03\x04"}, {Gzip, "\x1f\x8b\x08"}, {XZ, "\xfd7zXZ\x00"},
	{Zstd, "\x28\xb5\x2f\xfd"}, {LZ4, "\x04\x22\x4d\x18"}, {SevenZip, "7z\xbc\xaf\x27\x1c"}, {RAR, "Rar!\x1a\x07"},
	{Cabinet, "MSCF\x00\x00\x00\x00"}, {Evtx, "ElfFile\x00"},
}

// unread are the kinds that linecheck does not read, and what to do about it.
var unread = map[Kind]reason{
	XZ:       {"it is packed with xz, which linecheck does not read", unpackIt},
	Zstd:     {"it is packed with zstd, which linecheck does not read", unpackIt},
	LZ4:      {"it is packed with lz4, which linecheck does not read", unpackIt},
	SevenZip: {"it is a 7z archive, which linecheck does not read", unpackIt},
	RAR:      {"it is a RAR archive, which linecheck does not read", unpackIt},
	Cabinet:  {"it is a cabinet (.cab), which linecheck does not read", "Unpack it, as with expand on Windows, and name the folder"},
	Evtx:     {"it is a Windows event log file, which is read on Windows only, and not in an archive", "Open it in Event Viewer on Windows, save it as XML, and name that file"},
}

// KindOf tells what a file is by its first bytes, of which 512 are enough.
func KindOf(head []byte) Kind {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.head)) {
			return m.kind
		}
	}
	// A block of bzip2 begins with the digits of pi, an empty file with those of its root.
	if len(head) >= 10 && bytes.HasPrefix(head, []byte("BZh")) && head[3] >= '1' && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90") {
		return Bzip2
	}
	if isTar(head) {
		return Tar
	}
	return None
}

// isTar checks a header's sum: the oldest form has no mark.
func isTar(head []byte) bool {
	if len(head) < headSize || head[0] == 0 {
		return false
	}
	field := strings.Trim(string(head[148:156]), " \x00")
	want, err := strconv.ParseInt(field, 8, 64)
	if err != nil || want == 0 {
		return false
	}
	var sum, signed int64
	for i, c := range head[:headSize] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum, signed = sum+int64(c), signed+int64(int8(c))
	}
	return want == sum || want == signed
}

// packer takes the packing off one file. The time is the file's own, zero where it is not told.
type packer func(io.Reader) (io.Reader, time.Time, error)

var packers = map[Kind]packer{
	Gzip: func(r io.Reader) (io.Reader, time.Time, error) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, time.Time{}, err
		}
		return z, z.ModTime, nil
	},
	Bzip2: func(r io.Reader) (io.Reader, time.Time, error) { return bzip2.NewReader(r), time.Time{}, nil },
}

func isBzip2(err error) bool {
	var e bzip2.StructuralError
	return errors.As(err, &e)
}
