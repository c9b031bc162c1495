package assets

import (
	"slices"
	"strconv"

	"linecheck/assets/lang"
)

// told is a copy in the language that is spoken. The keys are those of the file, with a cause's id in the place of its
// number in the list: rules.tcp.dropped.fix.0.
func (r Rules) told() Rules {
	r.Causes = toldCauses("rules.", r.Causes)
	r.Either = slices.Clone(r.Either)
	for i := range r.Either {
		tell("rules.either."+strconv.Itoa(i), &r.Either[i].Missing)
	}
	tell("rules.proof.each", &r.Proof.Each.Missing)
	tell("rules.proof.one", &r.Proof.One.Missing)
	r.Proof.Looked = slices.Clone(r.Proof.Looked)
	for i := range r.Proof.Looked {
		tell("rules.proof.looked."+strconv.Itoa(i), &r.Proof.Looked[i].Missing)
	}
	l := &r.Logs
	l.Causes = toldCauses("rules_logs.", l.Causes)
	tell("rules_logs.proof", &l.Proof.Missing)
	tell("rules_logs.unsure", &l.Unsure)
	tell("rules_logs.ends", &l.Ends.Missing)
	return r
}

func toldCauses(area string, list []Rule) []Rule {
	list = slices.Clone(list)
	for i := range list {
		c := &list[i]
		key := area + c.ID + "."
		for name, s := range map[string]*string{"title": &c.Title, "headline": &c.Headline, "explanation": &c.Explanation, "say": &c.Say, "send": &c.Send} {
			tell(key+name, s)
		}
		c.Fix, c.More = slices.Clone(c.Fix), slices.Clone(c.More)
		for j := range c.Fix {
			tell(key+"fix."+strconv.Itoa(j), &c.Fix[j])
		}
		for j := range c.More {
			tell(key+"more."+strconv.Itoa(j), &c.More[j].Text)
		}
	}
	return list
}

// tell puts a wording into the language that is spoken.
func tell(key string, s *string) { *s = lang.Or(key, *s) }
