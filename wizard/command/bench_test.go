package command_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/lab"
	"linecheck/wizard"
	"linecheck/wizard/command"
)

// Budgets, for whoever runs these on a machine that is not busy: a healthy run of two products under 3 s, a run in which
// every address is silent under 20 s, a version under 50 ms. They are not asserted: a busy machine is no defect.

func benchmark(b *testing.B, scene string, want int) {
	p := command.Program{Version: "bench", Machine: host.Local, Hands: host.LocalHands}
	b.ReportAllocs()
	for b.Loop() {
		var errs bytes.Buffer
		if code := p.Run(context.Background(), []string{"lab", "--run", scene, "--format", "json"}, strings.NewReader(""), io.Discard, &errs); code != want {
			b.Fatalf("exit code %d, want %d\n%s", code, want, errs.String())
		}
	}
}

func BenchmarkTwoHealthyProducts(b *testing.B) { benchmark(b, "healthy-two-products", 0) }

func BenchmarkEveryAddressSilent(b *testing.B) { benchmark(b, "every-endpoint-silent", 1) }

// BenchmarkHealthyLine plays a healthy run of both products whose servers take 200 ms for every answer, over both families,
// directly and through a proxy. It is to cost at most 1.2 times its slowest single probe and 100 ms more: ms-over is what
// it costs beyond that, below zero where all is well.
func BenchmarkHealthyLine(b *testing.B) {
	at := "proxy.example.intern:3128"
	for name, proxied := range map[string]bool{"direct": false, "proxied": true} {
		for _, only := range [][]checks.ID{{"product", "proxy", "allowlist"}, nil} {
			which := "line"
			if only == nil {
				which = "everything"
			}
			b.Run(name+"/"+which, func(b *testing.B) {
				scene, err := lab.Find("healthy-two-products")
				if err != nil {
					b.Fatal(err)
				}
				scene.Network.Delay = 200 * time.Millisecond
				if proxied {
					scene.Machine.Settings = []lab.Setting{{Source: "WinHTTP", Server: at}, {Source: "Internet Options", Server: at}}
					scene.Network.Direct, scene.Network.Proxies = "dropped", map[string]lab.Proxy{at: {}}
				}
				l, o := opened(b, scene)
				defer l.Close()
				if only != nil {
					o.Checks = slices.DeleteFunc(o.Checks, func(c checks.Check) bool { return !slices.Contains(only, c.Spec().ID) })
				}
				var all, slowest time.Duration
				var runs int
				for b.Loop() {
					r := wizard.NewRunner(b.Context(), o.Env(), o.Place.Hands)
					began := time.Now()
					s := wizard.Play(b.Context(), wizard.New(o.Role, o.Profiles, o.Checks, began), r, nil)
					all, runs = all+time.Since(began), runs+1
					r.Close()
					if v := s.Verdict(o.Rules); v.Status != wizard.Healthy {
						b.Fatalf("%s: %s", v.Status, v.Headline)
					}
					var longest time.Duration
					for _, f := range s.Seen() {
						if f.Path != nil && f.Path.Product {
							longest = max(longest, f.Took)
						}
					}
					slowest += longest
				}
				ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(runs) }
				b.ReportMetric(ms(all), "ms/run")
				b.ReportMetric(ms(slowest), "ms/slowest-walk")
				b.ReportMetric(float64(all)/float64(slowest), "ratio")
				b.ReportMetric(ms(all)-1.2*ms(slowest)-100, "ms-over")
			})
		}
	}
}

// BenchmarkProgram runs the program as it is shipped, and tells its peak memory where the system does.
func BenchmarkProgram(b *testing.B) {
	exe := filepath.Join(b.TempDir(), "linecheck.exe")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", exe, "linecheck")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatal(string(out))
	}
	info, err := os.Stat(exe)
	if err != nil {
		b.Fatal(err)
	}
	for _, args := range []string{"version", "explain curl:28", "lab --run healthy-two-products --format json"} {
		b.Run(strings.ReplaceAll(args, " ", "_"), func(b *testing.B) {
			var most int64
			for b.Loop() {
				cmd := exec.Command(exe, strings.Fields(args)...)
				if err := cmd.Start(); err != nil {
					b.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- cmd.Wait() }()
				for running := true; running; {
					select {
					case err := <-ended:
						if running = false; err != nil {
							b.Fatal(err)
						}
					case <-time.After(5 * time.Millisecond):
						most = max(most, peak(cmd.Process.Pid))
					}
				}
			}
			b.ReportMetric(float64(info.Size())/1e6, "MB-file")
			if most > 0 {
				b.ReportMetric(float64(most)/1e6, "MB-peak")
			}
		})
	}
}

// TestAWholeRunLeavesNoGoroutineBehind compares before and after, and shows the stacks of what is left. The run of
// silence is called off: nobody has to wait for its end here, and what it leaves then is the worst that can be left.
func TestAWholeRunLeavesNoGoroutineBehind(t *testing.T) {
	for scene, longest := range map[string]string{"healthy-two-products": "0", "every-endpoint-silent": "3s", "proxy.no_answer": "0", "proxy.pac_error": "0"} {
		before := runtime.NumGoroutine()
		var o, e bytes.Buffer
		p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands}
		if code := p.Run(t.Context(), []string{"lab", "--run", scene, "--format", "json", "--timeout", longest}, strings.NewReader(""), &o, &e); code > 4 || code == 2 {
			t.Fatalf("%s: exit code %d\n%s", scene, code, e.String())
		}
		// What was told to end gets its turn; a leak never does.
		for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
			runtime.Gosched()
			time.Sleep(10 * time.Millisecond)
		}
		if left := runtime.NumGoroutine() - before; left > 0 {
			stacks := make([]byte, 1<<20)
			t.Errorf("%s leaves %d goroutines:\n%s", scene, left, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// peak is the most memory that a running process has held, in bytes, as Linux tells it; 0 elsewhere and when it is gone.
func peak(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kb, 10, 64)
	return n << 10
}
