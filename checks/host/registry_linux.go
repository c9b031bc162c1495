package host

// noRegistry: Linux has none.
type noRegistry struct{}

func (noRegistry) Value(string, string) (Value, error) { return Value{}, ErrUnsupported }
func (noRegistry) Keys(string) ([]string, error)       { return nil, ErrUnsupported }
