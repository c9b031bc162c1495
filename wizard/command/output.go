package command

import (
	"context"
	"errors"
	"io"
	"os"

	"linecheck/assets/lang"
	"linecheck/wizard"
)

// writer opens what --output names, before anything else is done, so that no run is lost to a place that cannot be
// written; an older file there is kept until the report is. What it returns sends the report there, or to standard output.
func (a *app) writer(ctx context.Context) (func(wizard.Report) error, error) {
	format := a.flags.format
	if format == "" {
		format = "text"
	}
	send, err := a.sender(ctx)
	if err != nil {
		return nil, err
	}
	return func(r wizard.Report) error {
		return send(func(w io.Writer) error { return r.Write(w, format) })
	}, nil
}

// sender is writer for whatever writes itself.
func (a *app) sender(ctx context.Context) (func(write func(io.Writer) error) error, error) {
	if a.flags.output == "" || a.flags.output == "-" {
		return func(write func(io.Writer) error) error { return a.lost(write(a.io.out)) }, nil
	}
	return a.into(ctx, a.flags.output)
}

// into is sender for a file.
func (a *app) into(ctx context.Context, file string) (func(write func(io.Writer) error) error, error) {
	f, err := opened(ctx, func() (*os.File, error) { return os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o600) })
	if err != nil {
		return nil, a.lost(err)
	}
	return func(write func(io.Writer) error) error {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if err := f.Truncate(0); err != nil {
				return a.lost(errors.Join(err, f.Close()))
			}
		}
		return a.lost(errors.Join(write(wizard.NewOutlet(ctx, f)), f.Close()))
	}, nil
}

// lost makes a report that could not be written an error of its own, whatever the verdict in it was.
func (a *app) lost(err error) error {
	if err != nil {
		a.code = 2
		err = saidOf(err, lang.T("command.bad.report_lost", "why", err))
	}
	return err
}

func (a *app) write(ctx context.Context, r wizard.Report) error {
	write, err := a.writer(ctx)
	if err != nil {
		return err
	}
	return write(r)
}

// opened opens a file that may be a pipe, whose other side the system waits for. When ctx is done it waits no more.
func opened(ctx context.Context, open func() (*os.File, error)) (*os.File, error) {
	type result struct {
		f   *os.File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := open()
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		return r.f, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
