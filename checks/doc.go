// Package checks is the contract between what linecheck looks at and what it shows: a [Check] looks at the machine
// and returns [Finding]s, a [Fixer] changes it for one approved [Action]. It knows no screen, no session and no
// concrete check.
package checks
