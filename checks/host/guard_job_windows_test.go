package host

import (
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func init() { roles["jobbed"] = playJobbed }

// playJobbed is watched while it is in a job, as a remote shell's or a deployment tool's programs are: all in it end with
// it, but for those that may leave it. One word in args for each job, each inside the one before it: "open" may be left.
func playJobbed(args []string) error {
	for _, kind := range args {
		if err := enterJob(kind == "open"); err != nil {
			return err
		}
	}
	return playWatched(nil)
}

func enterJob(open bool) error {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return err
	}
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if open {
		info.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK
	}
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		return err
	}
	return windows.AssignProcessToJobObject(job, windows.CurrentProcess())
}

func TestAWatchdogLeavesTheJobOfWhatItWatches(t *testing.T) {
	s := newStage(t)
	s.plays("jobbed", "open")
	if told := s.hears("watched: "); strings.Contains(told, "keeps its processes together") {
		t.Skipf("it was started inside another job, or jobs cannot be left here: %s", told)
	}
	must(t, s.proc.Process.Kill())
	gone(t, s.hears("kept by "))
}

func TestAWatchdogSaysThatItIsHeldInAJob(t *testing.T) {
	for name, jobs := range map[string][]string{"a job that cannot be left": {"closed"}, "a job around one that can be left": {"closed", "open"}} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.plays(append([]string{"jobbed"}, jobs...)...)
			if told := s.hears("watched: "); !strings.Contains(told, "keeps its processes together") {
				t.Errorf("told %q", told)
			}
			s.say("dismiss")
			s.hears("dismiss: <nil>")
		})
	}
}
