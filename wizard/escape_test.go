package wizard_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"linecheck/wizard"
)

func TestJSONThatIsShownOnATerminalDoesNotSteerIt(t *testing.T) {
	const nasty = "\x1b[2J \u009b2J \u0085 \x7f \u202eevil \u2066 \r\n\t ok ä"
	var r wizard.Report
	r.Verdict.Headline = nasty
	r.Run.Host = nasty
	for _, format := range []string{"json", "ndjson"} {
		var b bytes.Buffer
		if err := r.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexAny(b.String(), "\x1b\u009b\u0085\x7f\u202e\u2066\r\t"); i >= 0 {
			t.Errorf("%s holds %q", format, b.String()[i:min(i+12, b.Len())])
		}
		if format == "json" {
			var back wizard.Report
			if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Verdict.Headline != nasty {
				t.Errorf("read back as %q, %v", back.Verdict.Headline, err)
			}
		}
	}
}
