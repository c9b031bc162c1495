package logs

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"time"

	"linecheck/checks/logs/lines"
)

// pool is the workers that decode blocks, for one log or several at once, and the blocks that there are for them: as
// many of both as the machine has processors, and a few blocks more, whatever the logs hold.
type pool struct {
	work chan *job
	free chan *job
	wg   sync.WaitGroup
}

// job is a block on its way from the reader of its log to a worker, and back to its log in the order of the file.
type job struct {
	ctx   context.Context // where it is done, what is left of the block is not decoded
	block lines.Block
	book  *book
	loc   *time.Location
	done  chan struct{} // holds one word when the worker has ended

	found       []found
	lines, cut  int
	first, last time.Time // of the first and the last line that has one
}

// found is a known line of a block.
type found struct {
	Entry
	line int // lines before it in the block
}

func newPool() *pool {
	workers := runtime.GOMAXPROCS(0)
	p := &pool{work: make(chan *job, workers+2), free: make(chan *job, workers+2)}
	for range workers + 2 {
		p.free <- &job{done: make(chan struct{}, 1)}
	}
	for range workers {
		p.wg.Go(p.decode)
	}
	return p
}

// close ends the workers. No log may still be read.
func (p *pool) close() {
	close(p.work)
	p.wg.Wait()
}

func (p *pool) decode() {
	decoders := map[*book]*decoder{}
	for j := range p.work {
		d := decoders[j.book]
		if d == nil || d.clock.Loc != j.loc {
			one := newDecoder(j.book, j.loc)
			d = &one
			decoders[j.book] = d
		}
		d.block(j)
		j.done <- struct{}{}
	}
}

// read reads a text to its end and gives s its known lines, and what no line feed ends.
func (p *pool) read(ctx context.Context, r io.Reader, at int64, s *stream) error {
	blocks := lines.NewBlocks(r, at, s.text.Enc)
	order := make(chan *job, cap(p.free))
	var err error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(order)
		err = p.cut(ctx, blocks, s, order)
	})
	for j := range order {
		<-j.done
		s.at = j.block.At
		s.take(j)
		p.free <- j
	}
	wg.Wait()
	if err == nil {
		err = ctx.Err() // a worker may have stopped for it
	}
	if err == nil {
		s.text.Enc = blocks.Enc()
		s.text.Write(blocks.Rest())
	}
	return err
}

// cut gives the workers a text's blocks.
func (p *pool) cut(ctx context.Context, blocks *lines.Blocks, s *stream, order chan<- *job) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		j := <-p.free
		if err := blocks.Next(&j.block); err != nil {
			p.free <- j
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		j.ctx, j.book, j.loc = ctx, s.book, s.loc
		p.work <- j
		order <- j
	}
}
