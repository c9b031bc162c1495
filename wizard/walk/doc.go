// Package walk holds tests alone: recorded sessions of the practice network, walked through the whole screen in virtual
// time by scripts that press keys, at many sizes, in each role and language.
package walk
