package wizard

// Times keeps apart what probes see now and what logs tell of before.
type Times struct {
	Now     string `json:"now"` // one sentence; empty where nothing was probed
	Then    []Past `json:"then"`
	Differs string `json:"differs" redact:"no"` // how the two differ: "", cache, stale_alert, comes_and_goes
}

// The ways in which now and then differ.
const (
	DiffersCache = "cache"          // the line is open, and the product may still answer from its cache
	DiffersAlert = "stale_alert"    // it is connected, and the manager's alert stays until somebody dismisses it
	DiffersComes = "comes_and_goes" // the fault comes and goes
)

// Past is something that the logs of a product tell of.
type Past struct {
	Profile  string   `json:"profile" redact:"no"`
	What     string   `json:"what"`
	At       string   `json:"at" redact:"no"` // when it was last so, RFC 3339 with milliseconds; empty where the log names no time
	Evidence []string `json:"evidence" redact:"no"`
}
