package wizard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"linecheck/wizard"
)

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAnOutletThatNobodyReadsIsGivenUpAfterAnInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		defer r.Close()
		out := wizard.NewOutlet(ctx, w)
		ended := make(chan error)
		go func() {
			_, err := out.Write([]byte("a report"))
			_, again := out.Write([]byte("more of it"))
			ended <- errors.Join(err, again)
		}()
		synctest.Wait()
		select {
		case err := <-ended:
			t.Fatalf("given up before the interrupt: %v", err)
		default:
		}
		cancel()
		if err := <-ended; err == nil || out.Err() == nil {
			t.Error("nobody read it, and no error says so")
		}
	})
}

func TestAnOutletStillSaysItsLastWordsAfterAnInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var b bytes.Buffer
	if _, err := wizard.NewOutlet(ctx, &b).Write([]byte("interrupted")); err != nil || b.String() != "interrupted" {
		t.Errorf("wrote %q, %v", b.String(), err)
	}
}

func TestAnOutletRemembersThatTheDiskWasFull(t *testing.T) {
	out := wizard.NewOutlet(t.Context(), fullDisk{})
	_, _ = out.Write([]byte("x"))
	if out.Err() == nil {
		t.Error("the error is forgotten")
	}
}

func TestAnInletThatWaitsForItsOtherSideEndsWithAnInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		in := wizard.Inlet(ctx, r)
		ended := make(chan error)
		go func() {
			_, err := io.ReadAll(in)
			ended <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
		w.Close() // lets the read that was given up end
	})
}
