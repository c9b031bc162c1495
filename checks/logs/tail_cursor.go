package logs

// live is what a cursor of a live tail remembers beside its place.
type live struct{}
