module linecheck

go 1.26.0

// The screen. 2.0.10 is the newest of Bubble Tea v2 that resolves together with its renderer.
require (
	charm.land/bubbles/v2 v2.2.1 // key bindings with their help
	charm.land/bubbletea/v2 v2.0.10 // the program loop and the renderer
	charm.land/lipgloss/v2 v2.0.6 // styles
	github.com/charmbracelet/colorprofile v0.4.3 // how many colours the terminal has; Bubble Tea takes it as an option
	github.com/charmbracelet/x/ansi v0.11.8 // widths of text that holds escape codes
)

// The work.
require (
	github.com/dop251/goja v0.0.0-20260917113740-793a2a65c13b // runs PAC files where the system has no engine: not on Windows
	github.com/miekg/dns v1.1.73 // what DNS servers say when they are asked themselves; the practice network's DNS server
	github.com/spf13/cobra v1.10.2 // commands and flags
	github.com/spf13/pflag v1.0.9 // the flags themselves, which a settings file stands in for
	go.yaml.in/yaml/v3 v3.0.6 // profiles, rules, signatures: the kept successor of gopkg.in/yaml.v3
	golang.org/x/crypto/x509roots/fallback v0.0.0-20261030153154-30a33513ff6d // Mozilla's public authorities, to tell a company's own
	golang.org/x/net v0.57.0 // ICMP messages, the list of public suffixes, SOCKS, the tree of the HTML report
	golang.org/x/sys v0.47.0 // registry, services, consoles
)

// The tests.
require (
	github.com/charmbracelet/x/term v0.2.2 // a terminal's modes before and after
	github.com/creack/pty v1.1.24 // a real terminal for the real program
	github.com/hinshun/vt10x v0.0.0-20220301184237-5011da428d02 // what that terminal shows
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // every report against its schema
)

require (
	github.com/charmbracelet/ultraviolet v0.0.0-20260811164956-006e29f97886 // indirect
	github.com/charmbracelet/x/termios v0.1.1 // indirect
	github.com/charmbracelet/x/windows v0.2.2 // indirect
	github.com/clipperhouse/displaywidth v0.11.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/dlclark/regexp2/v2 v2.5.2 // indirect
	github.com/go-sourcemap/sourcemap v2.1.3+incompatible // indirect
	github.com/google/pprof v0.0.0-20230207041349-798e818bf904 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/lucasb-eyer/go-colorful v1.4.1 // indirect
	github.com/mattn/go-runewidth v0.0.31 // indirect; 0.0.27 takes 50 to 90 ms to initialise
	github.com/muesli/cancelreader v0.2.2 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/xo/terminfo v0.0.0-20220910002029-abceb7e1c41e // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/text v0.40.0 // indirect
)
