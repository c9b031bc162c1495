package hosttest

import "golang.org/x/sys/windows"

// Hold opens a file as a program does that shares it with nobody, until release is called.
func Hold(path string) (release func() error, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, err
	}
	return func() error { return windows.CloseHandle(h) }, nil
}
