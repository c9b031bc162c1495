package assets

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
)

// PageStyle is the style sheet of the report as one page. It names nothing outside the page; its colours come in two sets,
// for light and for dark.
//
//go:embed page/page.css
var PageStyle string

// PagePolicy is the content security policy of that page: it asks nobody for anything, runs nothing, and knows its own
// style sheet by its hash (CSP level 3, section 6.7.3).
func PagePolicy() string {
	sum := sha256.Sum256([]byte(PageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}
