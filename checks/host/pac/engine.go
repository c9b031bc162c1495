package pac

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// calls is how deeply functions may call each other. Browsers allow some ten thousand; here the time for calls through
// functions of the engine grows with the square of their depth.
const calls = 2000

// errNames ends a script that looks up too much; the script cannot catch it.
var errNames = errors.New("too many names")

// engine runs one script. It has no bounds of memory and time by itself.
type engine struct {
	vm    *goja.Runtime
	order order
	begun time.Time
	ask   func(string) []netip.Addr
	known map[string][]netip.Addr
	shapes
}

// evaluate runs the order and says what comes of it.
func evaluate(o order, say func(word), ask func(string) []netip.Addr) {
	defer func() {
		// What goja does not turn into an exception: a string longer than Go can make, or a mistake of its own.
		if v := recover(); v != nil {
			f := &Fault{Kind: Unclear, Text: short(fmt.Sprint("the engine stumbled over it: ", v))}
			if s := fmt.Sprint(v); strings.Contains(s, "out of range") && strings.Contains(s, "make") || strings.Contains(s, "too large") {
				f = greedy(o.Memory)
			}
			say(word{Fault: f})
		}
	}()
	e := &engine{vm: goja.New(), order: o, begun: time.Now(), ask: ask, known: map[string][]netip.Addr{}}
	program, fault := compile(o)
	if fault != nil {
		say(word{Fault: fault})
		return
	}
	say(word{Read: true})
	e.vm.SetMaxCallStackSize(calls)
	// By default a comment of the script makes the engine open any file that it names as its source map.
	e.vm.SetParserOptions(parser.WithDisableSourceMaps)
	e.vm.SetTimeSource(func() time.Time { return o.Now.Add(time.Since(e.begun)) })
	e.define()
	if _, err := e.vm.RunProgram(program); err != nil {
		say(word{Fault: e.fault(err)})
		return
	}
	find, fault := e.find()
	if fault != nil {
		say(word{Fault: fault})
		return
	}
	for _, a := range o.Addresses {
		say(word{Answer: e.call(find, a)})
	}
	say(word{Done: true})
}

// compile reads the script.
func compile(o order) (*goja.Program, *Fault) {
	tree, err := parser.ParseFile(nil, o.Origin, o.Text, 0, parser.WithDisableSourceMaps)
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return nil, &Fault{Kind: Syntax, Line: list[0].Position.Line, Text: short(list[0].Message)}
	}
	if err != nil {
		return nil, &Fault{Kind: Syntax, Text: short(err.Error())}
	}
	program, err := goja.CompileAST(tree, false)
	var ce *goja.CompilerSyntaxError
	if errors.As(err, &ce) && ce.File != nil {
		return nil, &Fault{Kind: Syntax, Line: ce.File.Position(ce.Offset).Line, Text: short(ce.Message)}
	}
	if err != nil {
		return nil, &Fault{Kind: Syntax, Text: short(err.Error())}
	}
	return program, nil
}

// find looks for the function where programs look: among the properties of the global object.
func (e *engine) find() (goja.Callable, *Fault) {
	for _, name := range []string{"FindProxyForURL", "FindProxyForURLEx"} {
		if f, ok := goja.AssertFunction(e.vm.GlobalObject().Get(name)); ok {
			return f, nil
		}
	}
	if _, ok := goja.AssertFunction(e.vm.Get("FindProxyForURL")); ok {
		return nil, &Fault{Kind: NoFunction, Text: "its FindProxyForURL is declared with let or const, and programs do not find it there"}
	}
	return nil, &Fault{Kind: NoFunction, Text: "it has no function FindProxyForURL"}
}

// call asks for one address. Only text is an answer: that is what Chromium takes too.
func (e *engine) call(find goja.Callable, a Address) *Answer {
	v, err := find(goja.Undefined(), e.vm.ToValue(a.URL), e.vm.ToValue(a.Host))
	e.vm.ClearInterrupt()
	if err != nil {
		return &Answer{Fault: e.fault(err)}
	}
	if !goja.IsString(v) {
		return &Answer{Fault: &Fault{Kind: Thrown, Text: "it answers with no text, but with " + kindOf(v)}}
	}
	s := v.String()
	if len(s) > resultSize {
		return &Answer{Fault: &Fault{Kind: Thrown, Text: fmt.Sprintf("its answer has %d bytes", len(s))}}
	}
	return &Answer{Result: s}
}

func kindOf(v goja.Value) string {
	switch {
	case v == nil || goja.IsUndefined(v):
		return "nothing (undefined)"
	case goja.IsNull(v):
		return "null"
	}
	switch v.Export().(type) {
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	}
	return "an object"
}

// fault turns what ended a call into words.
func (e *engine) fault(err error) *Fault {
	var deep *goja.StackOverflowError
	var stopped *goja.InterruptedError
	var thrown *goja.Exception
	switch {
	case errors.As(err, &deep):
		f := tooDeep()
		f.Line = line(deep.Stack())
		return f
	case errors.As(err, &stopped):
		return &Fault{Kind: Thrown, Line: line(stopped.Stack()), Text: fmt.Sprintf("it looks up more than %d names", e.order.Names)}
	case errors.As(err, &thrown):
		text := "it throws an error that has no words"
		// Words can be a function of the script too, which may fail as well.
		if terr := e.vm.Try(func() { text = thrown.Value().String() }); terr != nil || text == "" {
			text = "it throws an error that has no words"
		}
		return &Fault{Kind: Thrown, Line: line(thrown.Stack()), Text: short(text)}
	}
	return &Fault{Kind: Unclear, Text: short(err.Error())}
}

// line is the innermost one that is the script's own.
func line(stack []goja.StackFrame) int {
	for _, f := range stack {
		if p := f.Position(); p.Line > 0 {
			return p.Line
		}
	}
	return 0
}
