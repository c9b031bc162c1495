package host

import "context"

// Offered is not built yet.
func (gnome) Offered(context.Context) (string, string, error) { return "", "", ErrUnsupported }
