package hosttest

import "encoding/binary"

// Blob writes what the binary values DefaultConnectionSettings and WinHttpSettings of Internet Settings hold: the size of
// the head or a version, a counter, the flags of INTERNET_PER_CONN_FLAGS (wininet.h), and texts with their lengths in
// bytes before them. The 32 bytes that Windows keeps behind the texts of the first are left out.
func Blob(head, counter, flags uint32, texts ...string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, head)
	b = binary.LittleEndian.AppendUint32(b, counter)
	b = binary.LittleEndian.AppendUint32(b, flags)
	for _, s := range texts {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	return b
}
