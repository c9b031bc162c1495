package hosttest

import (
	"context"
	"fmt"
	"slices"

	"linecheck/checks/host"
)

type events struct{ *Fake }

func (f events) Read(ctx context.Context, q host.EventQuery, each func(host.EventRecord) error) (bool, error) {
	if f.OS != "windows" {
		return false, host.ErrUnsupported
	}
	name := q.Channel
	if q.File != "" {
		name = q.File
	}
	if err, ok := fold(f.EventErr, name); ok {
		return false, err
	}
	all, ok := fold(f.Fake.Events, name)
	if !ok {
		return false, fmt.Errorf("%s: %w", name, host.ErrNotFound)
	}
	var fit []host.EventRecord
	for _, e := range all {
		if (len(q.Providers) == 0 || slices.Contains(q.Providers, e.Provider)) && (len(q.IDs) == 0 || slices.Contains(q.IDs, e.ID)) &&
			!e.At.Before(q.Since) {
			fit = append(fit, e)
		}
	}
	most := q.Most
	if most == 0 {
		most = 1000
	}
	more := len(fit) > most
	for _, e := range fit[max(0, len(fit)-most):] {
		if err := ctx.Err(); err != nil {
			return more, err
		}
		if err := each(e); err != nil {
			return more, err
		}
	}
	return more, nil
}
