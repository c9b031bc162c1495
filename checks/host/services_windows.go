package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// scm is the service manager. It is asked with no more rights than the question needs, so that an ordinary user gets
// answers too.
type scm struct{}

// openService returns a service's handle and a function that closes it.
func openService(name string, access uint32) (windows.Handle, func(), error) {
	if name == "" || strings.ContainsRune(name, 0) || len(name) > 256 {
		return 0, nil, fmt.Errorf("service %q: %w", name, ErrNotFound)
	}
	m, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT)
	if err != nil {
		if errors.Is(err, windows.RPC_S_SERVER_UNAVAILABLE) {
			return 0, nil, fmt.Errorf("service manager: %w (%w)", ErrUnsupported, err)
		}
		return 0, nil, fmt.Errorf("service manager: %w", mapped(err))
	}
	p, err := windows.UTF16PtrFromString(name)
	if err != nil {
		_ = windows.CloseServiceHandle(m)
		return 0, nil, fmt.Errorf("service %q: %w", name, ErrNotFound)
	}
	h, err := windows.OpenService(m, p, access)
	if err != nil {
		_ = windows.CloseServiceHandle(m)
		return 0, nil, fmt.Errorf("service %s: %w", name, mapped(err))
	}
	return h, func() {
		_ = windows.CloseServiceHandle(h)
		_ = windows.CloseServiceHandle(m)
	}, nil
}

// Query leaves Start, Account and Path empty where only the state may be read: security products protect theirs.
func (scm) Query(ctx context.Context, name string) (Service, error) {
	return within(ctx, func() (Service, error) {
		h, done, err := openService(name, windows.SERVICE_QUERY_STATUS|windows.SERVICE_QUERY_CONFIG)
		if errors.Is(err, ErrDenied) {
			h, done, err = openService(name, windows.SERVICE_QUERY_STATUS)
		}
		if err != nil {
			return Service{}, err
		}
		defer done()
		st, err := status(h)
		if err != nil {
			return Service{}, fmt.Errorf("service %s: %w", name, mapped(err))
		}
		s := Service{Name: name, State: state(st.CurrentState), PID: int(st.ProcessId)}
		raw := fmt.Sprintf("STATE %d, PID %d, WIN32_EXIT_CODE %d, SERVICE_EXIT_CODE %d, CHECKPOINT %d, WAIT_HINT %d ms",
			st.CurrentState, st.ProcessId, st.Win32ExitCode, st.ServiceSpecificExitCode, st.CheckPoint, st.WaitHint)
		if err := config(h, &s, &raw); err != nil {
			raw += ", configuration not readable: " + err.Error()
		}
		s.Raw = raw
		return s, nil
	})
}

// config fills in what the service's configuration says.
func config(h windows.Handle, s *Service, raw *string) error {
	// 8 KiB is the largest that the call returns (QueryServiceConfigW).
	buf := make([]uint64, 8<<10/8)
	c := (*windows.QUERY_SERVICE_CONFIG)(unsafe.Pointer(&buf[0]))
	var need uint32
	if err := windows.QueryServiceConfig(h, c, uint32(len(buf)*8), &need); err != nil {
		return mapped(err)
	}
	s.Title = windows.UTF16PtrToString(c.DisplayName)
	s.Account = windows.UTF16PtrToString(c.ServiceStartName)
	s.Path = windows.UTF16PtrToString(c.BinaryPathName)
	switch c.StartType {
	case windows.SERVICE_BOOT_START, windows.SERVICE_SYSTEM_START, windows.SERVICE_AUTO_START:
		s.Start = "auto"
	case windows.SERVICE_DEMAND_START:
		s.Start = "manual"
	case windows.SERVICE_DISABLED:
		s.Start = "disabled"
	}
	*raw += fmt.Sprintf(", START_TYPE %d, SERVICE_START_NAME %s, BINARY_PATH_NAME %s", c.StartType, s.Account, s.Path)
	return nil
}

func status(h windows.Handle) (windows.SERVICE_STATUS_PROCESS, error) {
	var st windows.SERVICE_STATUS_PROCESS
	var need uint32
	err := windows.QueryServiceStatusEx(h, windows.SC_STATUS_PROCESS_INFO, (*byte)(unsafe.Pointer(&st)), uint32(unsafe.Sizeof(st)), &need)
	return st, err
}

func state(n uint32) ServiceState {
	switch n {
	case windows.SERVICE_STOPPED:
		return Stopped
	case windows.SERVICE_START_PENDING, windows.SERVICE_CONTINUE_PENDING:
		return StartPending
	case windows.SERVICE_STOP_PENDING:
		return StopPending
	case windows.SERVICE_PAUSE_PENDING, windows.SERVICE_PAUSED:
		return Paused
	}
	return Running
}

// Dependents returns the names of running services that need this one, those that need it by way of others too, in the
// order in which they would have to be stopped.
func (scm) Dependents(ctx context.Context, name string) ([]string, error) {
	return within(ctx, func() ([]string, error) { return dependents(name) })
}

func dependents(name string) ([]string, error) {
	h, done, err := openService(name, windows.SERVICE_ENUMERATE_DEPENDENTS)
	if err != nil {
		return nil, err
	}
	defer done()
	const max = 256 << 10 // the largest that the call returns (EnumDependentServicesW)
	var need, n uint32
	buf := make([]uint64, 1<<10)
	for {
		first := (*windows.ENUM_SERVICE_STATUS)(unsafe.Pointer(&buf[0]))
		err := windows.EnumDependentServices(h, windows.SERVICE_ACTIVE, first, uint32(len(buf)*8), &need, &n)
		if errors.Is(err, windows.ERROR_MORE_DATA) && len(buf)*8 < max {
			buf = make([]uint64, min(max, int(need)+8<<10)/8)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("service %s, what depends on it: %w", name, mapped(err))
		}
		out := make([]string, 0, n)
		for _, s := range unsafe.Slice(first, n) {
			out = append(out, windows.UTF16PtrToString(s.ServiceName))
		}
		return out, nil
	}
}

// Environment is not kept by the service manager in a way that another account may read.
func (scm) Environment(context.Context, string) (map[string]string, error) {
	return nil, ErrUnsupported
}
