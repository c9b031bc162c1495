package host

import "context"

// none is what a system has not got.
type none struct{}

func (none) Value(string, string) (Value, error) { return Value{}, ErrUnsupported }
func (none) Keys(string) ([]string, error)       { return nil, ErrUnsupported }

func (none) Query(context.Context, string) (Service, error) { return Service{}, ErrUnsupported }
func (none) Dependents(context.Context, string) ([]string, error) {
	return nil, ErrUnsupported
}
func (none) Environment(context.Context, string) (map[string]string, error) {
	return nil, ErrUnsupported
}
func (none) Start(context.Context, string) error { return ErrUnsupported }
func (none) Stop(context.Context, string) error  { return ErrUnsupported }

func (none) Join(context.Context) (Join, error) { return Join{}, ErrUnsupported }
func (none) Locate(context.Context, string) (LocatedController, error) {
	return LocatedController{}, ErrUnsupported
}
func (none) Settings(context.Context) []Setting { return nil }
