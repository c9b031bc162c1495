package host

import "context"

// Offered is not built yet.
func (systemProxies) Offered(context.Context) (string, string, error) { return "", "", ErrUnsupported }
