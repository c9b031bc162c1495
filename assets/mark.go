package assets

import "slices"

// Mark says how well a fact is known. The order of trust: source, seed, third_party, inferred.
type Mark string

// The marks. An endpoint that is only third-party or inferred can give a hint, never a fault.
const (
	Source     Mark = "source"      // a vendor's or standard's document says so
	Seed       Mark = "seed"        // the vendor article this project started from says so
	ThirdParty Mark = "third_party" // seen by others, on their machines
	Inferred   Mark = "inferred"    // concluded from facts beside it
)

var marks = []string{string(Source), string(Seed), string(ThirdParty), string(Inferred)}

func (m Mark) known() bool { return slices.Contains(marks, string(m)) }

// Hint reports whether a failure of something so marked is no more than a hint.
func (m Mark) Hint() bool { return m == ThirdParty || m == Inferred }
