// Package lang holds what linecheck says, in every language that it speaks. A language is a folder of YAML files; the name
// of a file is the first part of the keys in it, and adding a language edits no Go file.
//
// There are three kinds of wording:
//
//   - what the program says itself has its English in en/, and is taken with [T] and [N];
//   - what is known of products (texts.yaml of a check, rules, codes, signatures) has its English where it belongs, and a
//     translation is laid over it with [Or];
//   - what an engine puts into a finding is recorded in English, in whatever language it is read later, and [Phrase] says it
//     in another when it is told. Its patterns are the files said_*.yaml.
//
// English is complete. Where another language has no wording for a key, English is said.
package lang
