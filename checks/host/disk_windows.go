package host

import "io/fs"

const openFlags = 0

// sameVolume: a volume mounted in a folder is a reparse point, which is refused before.
func sameVolume(_, _ fs.FileInfo) bool { return true }
