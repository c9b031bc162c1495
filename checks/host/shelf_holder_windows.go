package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The Restart Manager tells which programs have a file open (rstrtmgr.dll, since Windows Vista).
var (
	rstrtmgr            = windows.NewLazySystemDLL("rstrtmgr.dll")
	rmStartSession      = rstrtmgr.NewProc("RmStartSession")
	rmRegisterResources = rstrtmgr.NewProc("RmRegisterResources")
	rmGetList           = rstrtmgr.NewProc("RmGetList")
	rmEndSession        = rstrtmgr.NewProc("RmEndSession")
)

const (
	holderWait = 3 * time.Second
	maxAsked   = 64 // files of a folder that are asked about
	maxHolders = 5  // programs that are named
	maxListed  = 1000
)

// rmProcess is RM_PROCESS_INFO.
type rmProcess struct {
	pid       uint32
	started   windows.Filetime
	app       [256]uint16
	service   [64]uint16
	kind      uint32
	status    uint32
	session   uint32
	restarted uint32
}

func (p rmProcess) String() string {
	name := windows.UTF16ToString(p.service[:])
	if name == "" {
		name = windows.UTF16ToString(p.app[:])
	}
	if name == "" {
		return fmt.Sprintf("process %d", p.pid)
	}
	return fmt.Sprintf("%s (process %d)", legible(name), p.pid)
}

// holders names the programs that have an entry of a folder open, or a file in it; "" where that cannot be told.
func holders(ctx context.Context, dir *os.File, name string) string {
	path, err := finalPath(windows.Handle(dir.Fd()))
	if err != nil || rmGetList.Find() != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), holderWait)
	defer cancel()
	list, err := within(ctx, func() ([]rmProcess, error) { return openIn(filesOf(filepath.Join(path, name))) })
	if err != nil {
		return ""
	}
	var out []string
	for _, p := range list {
		if text := p.String(); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if len(out) > maxHolders {
		out = append(out[:maxHolders], fmt.Sprintf("%d more", len(out)-maxHolders))
	}
	return strings.Join(out, ", ")
}

// finalPath is where an open folder is now.
func finalPath(h windows.Handle) (string, error) {
	buf := make([]uint16, 1<<15)
	n, err := windows.GetFinalPathNameByHandle(h, &buf[0], uint32(len(buf)), 0)
	if err != nil {
		return "", err
	}
	path := windows.UTF16ToString(buf[:min(int(n), len(buf))])
	if rest, ok := strings.CutPrefix(path, `\\?\UNC\`); ok {
		return `\\` + rest, nil
	}
	return strings.TrimPrefix(path, `\\?\`), nil
}

// filesOf is a file, or some files in a folder: the Restart Manager knows files only.
func filesOf(path string) []string {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return []string{path}
	}
	var out []string
	_ = filepath.WalkDir(path, func(p string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			out = append(out, p)
		}
		if len(out) >= maxAsked {
			return filepath.SkipAll
		}
		return nil
	})
	return out
}

func openIn(files []string) ([]rmProcess, error) {
	if len(files) == 0 {
		return nil, nil
	}
	names := make([]*uint16, len(files))
	for i, f := range files {
		p, err := windows.UTF16PtrFromString(f)
		if err != nil {
			return nil, err
		}
		names[i] = p
	}
	var session uint32
	var key [33]uint16
	if r, _, _ := rmStartSession.Call(uintptr(unsafe.Pointer(&session)), 0, uintptr(unsafe.Pointer(&key[0]))); r != 0 {
		return nil, windows.Errno(r)
	}
	defer rmEndSession.Call(uintptr(session))
	if r, _, _ := rmRegisterResources.Call(uintptr(session), uintptr(len(names)), uintptr(unsafe.Pointer(&names[0])), 0, 0, 0, 0); r != 0 {
		return nil, windows.Errno(r)
	}
	list := make([]rmProcess, 32)
	for range 3 { // it may grow meanwhile
		var needed, reasons uint32
		n := uint32(len(list))
		r, _, _ := rmGetList.Call(uintptr(session), uintptr(unsafe.Pointer(&needed)), uintptr(unsafe.Pointer(&n)),
			uintptr(unsafe.Pointer(&list[0])), uintptr(unsafe.Pointer(&reasons)))
		switch {
		case r == 0:
			return list[:min(int(n), len(list))], nil
		case windows.Errno(r) != windows.ERROR_MORE_DATA || needed > maxListed:
			return nil, windows.Errno(r)
		}
		list = make([]rmProcess, needed+8)
	}
	return nil, windows.ERROR_MORE_DATA
}
