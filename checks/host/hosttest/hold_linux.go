package hosttest

import "linecheck/checks/host"

// Hold opens a file as a program does that shares it with nobody, until release is called; ErrUnsupported on a system
// where files are shared with everybody.
func Hold(string) (release func() error, err error) { return nil, host.ErrUnsupported }
