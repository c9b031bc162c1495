package host

import (
	"os"
	"runtime"
)

// Local returns this machine.
func Local() Machine {
	m := local()
	m.OS = runtime.GOOS
	m.Files = Disk{}
	m.Network = network{}
	m.Environ = environ{}
	m.Identity = Who()
	return m
}

// LocalHands returns the hands for this machine; its journal is in [JournalDir].
func LocalHands() Hands {
	dir := JournalDir()
	return Hands{Services: controller(), Files: Disk{}, Journal: NewJournal(dir), Guards: NewGuards(dir)}
}

type environ struct{}

func (environ) Get(name string) string { return os.Getenv(name) }
