package host

// noLogins is a system that logs nobody in: Linux has no one interface for it.
type noLogins struct{}

func (noLogins) Begin(string, string) (Login, error) { return nil, ErrUnsupported }
