package host

import (
	"image/color"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32                     = windows.NewLazySystemDLL("user32.dll")
	systemParametersInfo       = user32.NewProc("SystemParametersInfoW")
	kernel32                   = windows.NewLazySystemDLL("kernel32.dll")
	getConsoleScreenBufferInfo = kernel32.NewProc("GetConsoleScreenBufferInfoEx")
)

// ConsoleAt looks at the terminal that a pair of standard streams are. A console from before Windows 10 1607 refuses the
// mode for escape codes.
func ConsoleAt(in, out *os.File) Console {
	var c Console
	var im, om uint32
	if windows.GetConsoleMode(windows.Handle(in.Fd()), &im) != nil || windows.GetConsoleMode(windows.Handle(out.Fd()), &om) != nil {
		c.Lacks = keeper()
		return c
	}
	c.Interactive = true
	page, _ := windows.GetConsoleOutputCP()
	terminal := os.Getenv("WT_SESSION") != "" // it draws letters of all languages, from whatever font has them
	c.UTF8 = true                             // the console takes UTF-16
	c.Japanese = terminal || page == 932 || windows.GetACP() == 932
	c.ASCII = eastAsianPage(page) || eastAsianPage(windows.GetACP()) && !terminal
	c.HighContrast = highContrast()
	if term := os.Getenv("TERM"); term != "" && lacking(term) != "" {
		c.Lacks = lacking(term)
		return c
	}
	if windows.SetConsoleMode(windows.Handle(out.Fd()), om|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) != nil {
		c.Lacks = LacksMode
		return c
	}
	_ = windows.SetConsoleMode(windows.Handle(out.Fd()), om) // only a question: the screen sets it again
	c.Screen = true
	if !terminal && Who().Session != "ssh" { // where another program draws, the console knows only its own colours
		c.Background, c.Palette = colours(windows.Handle(out.Fd()))
	}
	return c
}

// eastAsianPage: the code pages of Japanese, Chinese and Korean, whose fonts give × and ─ two cells.
func eastAsianPage(page uint32) bool { return page == 932 || page == 936 || page == 949 || page == 950 }

// highContrast asks for the setting of the desktop (HIGHCONTRASTW, HCF_HIGHCONTRASTON).
func highContrast() bool {
	const get, on = 0x42, 1
	var h struct {
		size, flags uint32
		scheme      *uint16
	}
	h.size = uint32(unsafe.Sizeof(h))
	if systemParametersInfo.Find() != nil {
		return false
	}
	ok, _, _ := systemParametersInfo.Call(get, uintptr(h.size), uintptr(unsafe.Pointer(&h)), 0)
	return ok != 0 && h.flags&on != 0
}

// screenBuffer is CONSOLE_SCREEN_BUFFER_INFOEX.
type screenBuffer struct {
	size               uint32
	dimension, cursor  windows.Coord
	attributes         uint16
	window             windows.SmallRect
	most               windows.Coord
	popup              uint16
	fullscreenPossible uint32
	table              [16]uint32 // 0x00bbggrr, in the console's order
}

// colours are what the console shows behind its text, and its sixteen colours in ANSI's order: blue and red change places.
func colours(out windows.Handle) (color.Color, *[16]color.Color) {
	b := screenBuffer{}
	b.size = uint32(unsafe.Sizeof(b))
	if getConsoleScreenBufferInfo.Find() != nil {
		return nil, nil
	}
	if ok, _, _ := getConsoleScreenBufferInfo.Call(uintptr(out), uintptr(unsafe.Pointer(&b))); ok == 0 {
		return nil, nil
	}
	var pal [16]color.Color
	one := func(v uint32) color.Color { return color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255} }
	different := false
	for i, v := range b.table {
		pal[i&^5|i&1<<2|i&4>>2] = one(v)
		different = different || v != b.table[0]
	}
	if !different {
		return nil, nil // a stand-in for a console that has no colours to tell
	}
	return one(b.table[b.attributes>>4&15]), &pal
}

// keeper names the program that started this one where it is known to give its children no console. What started the
// remote session is not told to them: $PSSenderInfo is PowerShell's own variable.
func keeper() string {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(snapshot)
	type process struct {
		name   string
		parent uint32
	}
	all := map[uint32]process{}
	var e windows.ProcessEntry32
	e.Size = uint32(unsafe.Sizeof(e))
	for err = windows.Process32First(snapshot, &e); err == nil; err = windows.Process32Next(snapshot, &e) {
		all[e.ProcessID] = process{strings.ToLower(windows.UTF16ToString(e.ExeFile[:])), e.ParentProcessID}
	}
	id := uint32(os.Getpid())
	for range 6 { // a shell or two lie between
		id = all[id].parent
		switch all[id].name {
		case "wsmprovhost.exe":
			return LacksRemoting
		case "winrshost.exe":
			return LacksWinRS
		case "powershell_ise.exe":
			return LacksISE
		}
	}
	return ""
}

// Locale is the language that the system speaks to this person, as the system names it: de-AT. "" where it tells none.
func Locale() string {
	list, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0]
}
