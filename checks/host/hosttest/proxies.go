package hosttest

import (
	"context"
	"fmt"

	"linecheck/checks/host"
)

func (f proxies) Offered(ctx context.Context) (url, where string, err error) {
	if err := ctx.Err(); err != nil {
		return "", "", err
	}
	if f.OfferedErr != nil {
		return "", "", f.OfferedErr
	}
	if f.Fake.Offered == "" {
		return "", "", host.ErrNotFound
	}
	return f.Fake.Offered, "DHCP option 252", nil
}

type scripts struct{ *Fake }

func (f scripts) Engine() string {
	if f.Fake.Scripts == nil {
		return "no engine"
	}
	return f.Fake.Scripts.Engine()
}

func (f scripts) Run(ctx context.Context, s host.Script, urls []string) ([]host.Choice, error) {
	if f.Fake.Scripts == nil {
		f.mu.Lock()
		f.surprise(fmt.Sprintf("Scripts.Run(%q)", s.Origin))
		f.mu.Unlock()
		return nil, host.ErrUnsupported
	}
	return f.Fake.Scripts.Run(ctx, s, urls)
}

type logins struct{ *Fake }

func (f logins) Begin(scheme, proxy string) (host.Login, error) {
	if f.Fake.Logins == nil {
		return nil, host.ErrUnsupported
	}
	return f.Fake.Logins.Begin(scheme, proxy)
}
