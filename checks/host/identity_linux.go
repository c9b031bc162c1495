package host

import (
	"context"
	"os"
	"os/user"
	"strings"
	"time"
)

// accountWait: where accounts come from a directory, its server may be what is out of reach.
const accountWait = 2 * time.Second

func elevated() bool { return os.Geteuid() == 0 }

// account is the name of the user who runs this process; "" where none can be had.
func account() string {
	ctx, cancel := context.WithTimeout(context.Background(), accountWait)
	defer cancel()
	u, err := within(ctx, user.Current)
	if err != nil {
		return ""
	}
	return u.Username
}

// machineSecret is the random id that the system gave itself; "" where it has none.
func machineSecret() string {
	for _, file := range [...]string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if b, err := os.ReadFile(file); err == nil && len(b) > 1 {
			return strings.TrimSpace(string(b))
		}
	}
	return ""
}
