package main

import (
	"context"
	"path/filepath"

	"linecheck/checks/host"
)

// wrap lets every call of the hands pass through the fault.
func (f *faults) wrap(h host.Hands) host.Hands {
	return host.Hands{Services: controller{h.Services, f}, Files: shelver{h.Files, f}, Journal: journal{h.Journal, f}, Guards: guards{h.Guards, f}}
}

// plain is a call that empties no folder.
func (f *faults) plain(name string, do func() error) error {
	return f.at(name, "", func(func(int)) error { return do() })
}

type controller struct {
	host.Controller
	*faults
}

func (c controller) Start(ctx context.Context, name string) error {
	return c.plain("start "+name, func() error { return c.Controller.Start(ctx, name) })
}

func (c controller) Stop(ctx context.Context, name string) error {
	return c.plain("stop "+name, func() error { return c.Controller.Stop(ctx, name) })
}

type shelver struct {
	host.Shelver
	*faults
}

func (s shelver) Shelve(ctx context.Context, dir, shelf string, moved func(int)) (n int, err error) {
	err = s.at("shelve "+filepath.Base(dir), "", func(tell func(int)) error {
		n, err = s.Shelver.Shelve(ctx, dir, shelf, func(entries int) {
			if moved != nil {
				moved(entries)
			}
			tell(entries)
		})
		return err
	})
	return n, err
}

func (s shelver) Return(ctx context.Context, dir, shelf string) (n int, err error) {
	err = s.at("return "+filepath.Base(dir), shelf, func(func(int)) error {
		n, err = s.Shelver.Return(ctx, dir, shelf)
		return err
	})
	return n, err
}

func (s shelver) Discard(ctx context.Context, dir, shelf string) (n int, bytes int64, err error) {
	err = s.at("discard "+filepath.Base(dir), shelf, func(func(int)) error {
		n, bytes, err = s.Shelver.Discard(ctx, dir, shelf)
		return err
	})
	return n, bytes, err
}

type journal struct {
	host.Journal
	*faults
}

func (j journal) Promise(p host.Promise) error {
	return j.plain("promise "+p.Action+" "+p.Phase, func() error { return j.Journal.Promise(p) })
}

func (j journal) Strike(id string) error {
	return j.plain("strike", func() error { return j.Journal.Strike(id) })
}

func (j journal) Lock(ctx context.Context) (unlock func(), err error) {
	err = j.plain("lock", func() error {
		unlock, err = j.Journal.Lock(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	free := unlock // the result of this function is another one in a moment
	return func() { _ = j.plain("unlock", func() error { free(); return nil }) }, nil
}

type guards struct {
	host.Guards
	*faults
}

func (g guards) Watch(ctx context.Context, id string) (w host.Guard, err error) {
	err = g.plain("watch", func() error {
		w, err = g.Guards.Watch(ctx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return guard{w, g.faults}, nil
}

type guard struct {
	host.Guard
	*faults
}

func (g guard) Dismiss() error { return g.plain("dismiss", g.Guard.Dismiss) }

func (g guard) Leave() error { return g.plain("leave", g.Guard.Leave) }
