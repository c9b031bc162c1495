package assets

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Article is a public page of the vendor that says what causes and effects of this product rest on.
type Article struct {
	Key    string   `yaml:"key"`    // what effects name it by
	Title  string   `yaml:"title"`  // as a person would look for it
	URL    string   `yaml:"url"`    // https; empty where its address is not known
	Behind []string `yaml:"behind"` // the causes whose claim it is; area.* for a whole area
	Mark   Mark     `yaml:"mark"`
}

// Supports reports whether the article is behind what a cause says.
func (a Article) Supports(cause string) bool {
	return slices.ContainsFunc(a.Behind, func(b string) bool {
		area, all := strings.CutSuffix(b, "*")
		return b == cause || all && strings.HasPrefix(cause, area)
	})
}

// Impact is what a lost connection means for one feature.
type Impact struct {
	Feature string `yaml:"feature"`
	Effect  string `yaml:"effect"`  // without the cloud
	With    string `yaml:"with"`    // with it
	Article string `yaml:"article"` // the key of the article that says so; empty where none does
	Mark    Mark   `yaml:"mark"`
}

// Article returns the article of that key.
func (p *Profile) Article(key string) (Article, bool) {
	i := slices.IndexFunc(p.Articles, func(a Article) bool { return a.Key == key })
	if i < 0 || key == "" {
		return Article{}, false
	}
	return p.Articles[i], true
}

func (l *linter) articles() {
	for i, a := range l.p.Articles {
		key := fmt.Sprintf("articles[%d]", i)
		l.need(key+".key", a.Key, "a word that effects can name it by")
		l.need(key+".title", a.Title, "its title, as one would look for it")
		if u, err := url.Parse(a.URL); a.URL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			l.bad(key+".url", quote(a.URL)+" is no web address", "write it like https://host/path, or leave it out")
		}
		for j, b := range a.Behind {
			if !causePattern.MatchString(b) {
				l.bad(fmt.Sprintf("%s.behind[%d]", key, j), quote(b)+" is no cause", "write area.what, or area.* for a whole area")
			}
		}
		if slices.ContainsFunc(l.p.Articles[:i], func(o Article) bool { return o.Key == a.Key }) {
			l.bad(key+".key", quote(a.Key)+" is there twice", "give each article a key of its own")
		}
		l.mark(key, a.Mark)
	}
}
