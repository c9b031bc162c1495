package host

import "os"

func elevated() bool { return os.Geteuid() == 0 }
