package host

import (
	"context"
	"os"
	"os/user"
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
