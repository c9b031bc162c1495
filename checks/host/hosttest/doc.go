// Package hosttest is a machine made of values, for tests and for the practice network. It is strict: asked something
// it was not prepared for, it says so.
package hosttest
