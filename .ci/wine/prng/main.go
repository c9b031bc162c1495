// Command prng writes bcryptprimitives.dll for Wine 8: a DLL whose one export, ProcessPrng, is forwarded to
// advapi32.SystemFunction036 (RtlGenRandom). Programs built by Go 1.22 and later load it at start; Debian 12's Wine has none.
// The layout follows Microsoft's PE/COFF specification. For tests only.
package main

import (
	"encoding/binary"
	"log"
	"os"
)

const (
	fileAlign = 0x200
	pageAlign = 0x1000
	sectionAt = 0x1000 // where the only section is in memory
	forward   = "advapi32.SystemFunction036"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: prng FILE")
	}
	if err := os.WriteFile(os.Args[1], append(header(), exports()...), 0o644); err != nil {
		log.Fatal(err)
	}
}

var le = binary.LittleEndian

// exports is the section .edata: the export directory, its three tables, and the strings they point to.
func exports() []byte {
	b := make([]byte, fileAlign)
	const funcs, names, ords, strings = 40, 44, 48, 52
	end := strings
	text := func(s string) uint32 {
		at := end
		end += copy(b[at:], s+"\x00")
		return uint32(sectionAt + at)
	}
	le.PutUint32(b[12:], text("bcryptprimitives.dll"))
	le.PutUint32(b[16:], 1) // ordinal base
	le.PutUint32(b[20:], 1) // number of functions
	le.PutUint32(b[24:], 1) // number of names
	le.PutUint32(b[28:], sectionAt+funcs)
	le.PutUint32(b[32:], sectionAt+names)
	le.PutUint32(b[36:], sectionAt+ords)
	le.PutUint32(b[funcs:], text(forward)) // inside the directory: the loader takes it as a forwarder
	le.PutUint32(b[names:], text("ProcessPrng"))
	return b
}

// header is the DOS stub, the PE32+ headers and the section table.
func header() []byte {
	h := make([]byte, fileAlign)
	copy(h, "MZ")
	le.PutUint32(h[0x3c:], 0x40)
	coff := h[0x40:]
	copy(coff, "PE\x00\x00")
	le.PutUint16(coff[4:], 0x8664) // x86-64
	le.PutUint16(coff[6:], 1)      // sections
	le.PutUint16(coff[20:], 240)   // size of the optional header
	le.PutUint16(coff[22:], 0x2022)
	opt := coff[24:]
	le.PutUint16(opt[0:], 0x20b) // PE32+
	le.PutUint32(opt[8:], fileAlign)
	le.PutUint64(opt[24:], 0x180000000) // image base
	le.PutUint32(opt[32:], pageAlign)
	le.PutUint32(opt[36:], fileAlign)
	le.PutUint16(opt[40:], 6) // system version
	le.PutUint16(opt[48:], 6) // subsystem version
	le.PutUint32(opt[56:], sectionAt+pageAlign)
	le.PutUint32(opt[60:], fileAlign)
	le.PutUint16(opt[68:], 3) // console
	le.PutUint16(opt[70:], 0x100)
	for i, v := range []uint64{0x100000, 0x1000, 0x100000, 0x1000} { // stack and heap, reserve and commit
		le.PutUint64(opt[72+8*i:], v)
	}
	le.PutUint32(opt[108:], 16) // data directories
	le.PutUint32(opt[112:], sectionAt)
	le.PutUint32(opt[116:], fileAlign)
	sec := opt[240:]
	copy(sec, ".edata")
	le.PutUint32(sec[8:], fileAlign)
	le.PutUint32(sec[12:], sectionAt)
	le.PutUint32(sec[16:], fileAlign)
	le.PutUint32(sec[20:], fileAlign)
	le.PutUint32(sec[36:], 0x40000040)
	return h
}
