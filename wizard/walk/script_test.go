package walk

import (
	"path/filepath"
	"testing"

	"linecheck/wizard"
)

// TestAHelpdeskAgentWalksAFault goes the way of somebody with thirty tickets: keys first, the evidence where it is wanted,
// the ticket, and out.
func TestAHelpdeskAgentWalksAFault(t *testing.T) {
	o := options(t, "proxy.unresolvable", wizard.Helpdesk)
	t.Chdir(t.TempDir()) // s saves there
	walked(t, o, false, func(w *walk) {
		w.sees("►Product √", "Is the product here, and do its services run?")
		w.presses("right right")
		w.sees("►Proxy ×", "Which proxy does the product use", "× name", "proxy.example.intern:3128")
		w.presses("enter")
		w.sees("Seen by     the product", "To say")
		w.presses("enter")
		w.sees("Everything that was seen", "proxy.unresolvable", "dns.no_such_name")
		w.presses("esc esc")
		w.sees("►Proxy ×", "× name")
		w.presses("l")
		w.sees("►Allowlist ×", "× proxy: no such name")
		w.presses("j j k")
		w.presses("v")
		w.sees("►Verdict", "The product cannot reach its cloud: DNS gives no address for its proxy", "Who can mend it", "What to do")
		w.presses("enter")
		w.sees("The proxy's name does not resolve", "Seen by")
		w.presses("esc t")
		w.sees("the network team")
		w.presses("1")
		w.sees("►1 the customer")
		w.presses("esc ? esc s")
		w.sees("Saved in")
		if files, _ := filepath.Glob("linecheck-*.json"); len(files) != 1 {
			t.Errorf("saved: %v", files)
		}
		w.presses("q")
	})
}

// TestACallIsGuided walks beside a customer who listens: at each step there is one thing to do and one calm sentence to
// say, and how far it is.
func TestACallIsGuided(t *testing.T) {
	walked(t, options(t, "proxy.unresolvable", wizard.Guided), false, func(w *walk) {
		for i := range 7 {
			w.sees("Step "+string(rune('1'+i))+" of 7", "   Do   ", "   Say  \"")
			w.doesNotSee("ERROR")
			w.presses("right")
		}
		w.sees("►Verdict", "Do   ", "Say   ", "gateway whose name")
		for _, frightening := range []string{"attack", "danger", "hack", "infected", "BROKEN"} {
			w.doesNotSee(frightening)
		}
		w.presses("t 1")
		w.sees("►1 the customer")
		w.presses("esc")
		w.sees("►Verdict")
	})
}

// TestAnAdminLearnsWhy walks alone: each step says why it matters, the verdict names the vendor's own page.
func TestAnAdminLearnsWhy(t *testing.T) {
	walked(t, options(t, "domain.icmp_filtered", wizard.Self), false, func(w *walk) {
		for range 5 {
			w.sees("Why this matters")
			w.presses("right")
		}
		w.sees("►Domain ×", "Why this matters", "Ping to the domain controller is blocked")
		w.presses("v")
		w.sees("►Verdict", "The vendor says")
	})
}

// TestAHealthyRunEndsOnOneCalmScreen finds nothing below the fold and nothing to press but to save and to leave.
func TestAHealthyRunEndsOnOneCalmScreen(t *testing.T) {
	for _, role := range []wizard.Role{wizard.Helpdesk, wizard.Guided, wizard.Self} {
		t.Run(string(role), func(t *testing.T) {
			walked(t, options(t, "healthy-two-products", role), false, func(w *walk) {
				w.presses("v")
				w.sees("√ Every address that", "s save report", "q quit")
				w.doesNotSee("more lines")
				for _, sign := range []string{"×", "!", "What to do", "t ticket"} {
					w.doesNotSee(sign)
				}
			})
		})
	}
}

// TestNoLetterButQLeaves presses every key of a keyboard's letters on every page.
func TestNoLetterButQLeaves(t *testing.T) {
	o := options(t, "cache.stale_failures", wizard.Guided)
	t.Chdir(t.TempDir()) // s saves there
	walked(t, o, false, func(w *walk) {
		for range 8 {
			for r := '!'; r <= '~'; r++ {
				if r != 'q' {
					w.presses(string(r) + " esc esc")
				}
			}
			w.presses("tab")
		}
		select {
		case <-w.done:
			t.Error("the program has ended")
		default:
		}
	})
}
