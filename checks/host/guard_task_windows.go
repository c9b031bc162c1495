package host

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/sys/windows"
)

// taskLife is how long the scheduled task stays where nothing removes it: after it Windows does.
const taskLife = 7 * 24 * time.Hour

// taskXML runs the watchdog as SYSTEM, now and, where the computer goes down before it is done, when it starts again.
// %[1]s: the program, %[2]s: the promise's ID, %[3]s: when the task expires, as local time. (MS-TSCH 2.5)
const taskXML = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>linecheck's watchdog over a cleanup: starts the services again where linecheck was ended. It removes itself.</Description></RegistrationInfo>
  <Triggers><BootTrigger><EndBoundary>%[3]s</EndBoundary></BootTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT3H</ExecutionTimeLimit>
    <DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Author"><Exec><Command>%[1]s</Command><Arguments>guard --promise %[2]s --alone</Arguments></Exec></Actions>
</Task>
`

// enlisted names the task.
func enlisted(id string) string { return "linecheck guard " + id }

// enlist has the Task Scheduler run a watchdog as SYSTEM, away from the login session and everything that ends with it.
func (g guards) enlist(ctx context.Context, id, image string) error {
	if err := unexposed(self()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	root, err := openOwn(g.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	rights, err := rightsOf(root, g.dir)
	if err == nil {
		err = closed(rights, insiders{strict: true}) // this user's programs without administrator rights are kept out too
	}
	if err != nil {
		return fmt.Errorf("SYSTEM runs nothing from %s: %w", g.dir, err)
	}
	file := id + ".xml"
	if err := root.WriteFile(file, task(image, id, time.Now().Add(taskLife)), 0o600); err != nil {
		return fmt.Errorf("the scheduled task: %w", err)
	}
	defer func() { _ = root.Remove(file) }()
	if _, err = run(ctx, "schtasks.exe", "/Create", "/TN", enlisted(id), "/XML", filepath.Join(g.dir, file), "/F"); err != nil {
		return err
	}
	if _, err = run(ctx, "schtasks.exe", "/Run", "/TN", enlisted(id)); err != nil {
		return errors.Join(fmt.Errorf("the scheduled task %q did not start: %w", enlisted(id), err), g.discharge(id))
	}
	return nil
}

// unexposed refuses to make SYSTEM run what was read from a file that an ordinary user could have exchanged meanwhile, at
// the place that it was called at or, where that is a link, at the one that it leads to.
func unexposed(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	real, err := finalPath(windows.Handle(f.Fd()))
	if err != nil {
		return named("final path", path, err)
	}
	dirs := []string{filepath.Dir(path), filepath.Dir(real)}
	if strings.EqualFold(dirs[0], dirs[1]) {
		dirs = dirs[:1]
	}
	for _, dir := range dirs {
		found, err := Disk{}.Exposed(dir, "")
		if err != nil {
			return fmt.Errorf("nobody knows who could exchange this program: %w", err)
		}
		if len(found) > 0 {
			return fmt.Errorf("%s could exchange this program before SYSTEM runs it: %s, %s", found[0].Who, found[0].Path, found[0].May)
		}
	}
	return nil
}

// task writes the task's definition the way that schtasks reads it: UTF-16 with a byte order mark.
func task(image, id string, until time.Time) []byte {
	text := func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
		return b.String()
	}
	def := fmt.Sprintf(taskXML, text(image), text(id), until.Local().Format("2006-01-02T15:04:05"))
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, utf16.Encode([]rune("\ufeff"+strings.ReplaceAll(def, "\n", "\r\n"))))
	return b.Bytes()
}

// discharge removes the task; what it runs ends by itself when its post is gone.
func (g guards) discharge(id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), dismissWait)
	defer cancel()
	_, err := run(ctx, "schtasks.exe", "/Delete", "/TN", enlisted(id), "/F")
	if err == nil {
		return nil
	}
	if _, gone := run(ctx, "schtasks.exe", "/Query", "/TN", enlisted(id)); gone != nil && ctx.Err() == nil {
		return nil // it has removed itself
	}
	return fmt.Errorf("the scheduled task %q is still there: %w", enlisted(id), err)
}

// unlist is what a watchdog does last.
func (g guards) unlist(id string) { _ = g.discharge(id) }
