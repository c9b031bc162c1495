package command_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The page of each scene is what a browser reads in it, leads to itself only, and says the verdict.
func TestEachScenesPageIsSound(t *testing.T) {
	scenes, results := several(t)
	for _, sc := range scenes {
		var page, read bytes.Buffer
		r := results[sc.Name].report
		if err := r.Write(&page, "html"); err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(bytes.NewReader(page.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := html.Render(&read, doc); err != nil {
			t.Fatal(err)
		}
		if got := strings.Replace(read.String(), "\n</body></html>", "</body></html>\n", 1); got != page.String() {
			t.Errorf("%s: a browser puts the page right", sc.Name)
		}
		ids, text := map[string]bool{}, strings.Builder{}
		for n := range doc.Descendants() {
			if n.Type == html.TextNode {
				text.WriteString(n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("%s: the id %s is there twice", sc.Name, a.Val)
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
			}
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "href" && !ids[strings.TrimPrefix(a.Val, "#")] {
					t.Errorf("%s: <%s %s=%q> leads out of the page", sc.Name, n.Data, a.Key, a.Val)
				}
			}
		}
		for _, c := range r.Verdict.Causes {
			if !strings.Contains(text.String(), c.Explanation) || !strings.Contains(text.String(), c.ID) {
				t.Errorf("%s: the page does not tell of %s", sc.Name, c.ID)
			}
		}
		if !strings.Contains(text.String(), r.Verdict.Headline) || !strings.Contains(text.String(), "Not affiliated with any vendor named here.") {
			t.Errorf("%s: the page does not say the verdict, or who has nothing to do with it", sc.Name)
		}
	}
}
