// Command line joins two TUN devices as a slow line does: with a delay each way, a rate, and a bounded queue. On SIGUSR1 and
// at its end it prints the bytes and packets that came in at each end.
//
//	line -a wanA -b wanB -delay 50ms -kbit 256
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type packet struct {
	b  []byte
	at time.Time
}

// count is what came in at one end.
type count struct{ bytes, packets atomic.Int64 }

func device(name string) int {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR, 0)
	if err != nil {
		log.Fatal(err)
	}
	r, err := unix.NewIfreq(name)
	if err != nil {
		log.Fatal(err)
	}
	r.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, r); err != nil {
		log.Fatal(err)
	}
	return fd
}

// carry takes packets from one end to the other: one after the other through the bottleneck, then each on its way.
func carry(from, to int, kbit int, delay time.Duration, n *count) {
	narrow, far := make(chan []byte, 100), make(chan packet, 10000)
	go func() {
		var free time.Time // when the bottleneck is
		for b := range narrow {
			if now := time.Now(); free.Before(now) {
				free = now
			}
			free = free.Add(time.Duration(len(b)) * 8 * time.Millisecond / time.Duration(kbit))
			time.Sleep(time.Until(free))
			far <- packet{b, free.Add(delay)}
		}
	}()
	go func() {
		for p := range far {
			time.Sleep(time.Until(p.at))
			_, _ = unix.Write(to, p.b)
		}
	}()
	buf := make([]byte, 65536)
	for {
		l, err := unix.Read(from, buf)
		if err != nil {
			time.Sleep(time.Millisecond) // the device is not up yet
			continue
		}
		n.bytes.Add(int64(l))
		n.packets.Add(1)
		select {
		case narrow <- append([]byte(nil), buf[:l]...):
		default: // the queue is full
		}
	}
}

func main() {
	a, b := flag.String("a", "wanA", "the device of one end"), flag.String("b", "wanB", "the device of the other")
	delay, kbit := flag.Duration("delay", 50*time.Millisecond, "each way"), flag.Int("kbit", 256, "each way")
	flag.Parse()
	log.SetFlags(0)
	fa, fb := device(*a), device(*b)
	var up, down count
	go carry(fa, fb, *kbit, *delay, &up)
	go carry(fb, fa, *kbit, *delay, &down)
	told := make(chan os.Signal, 2)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1)
	fmt.Println("ready")
	for s := range told {
		fmt.Printf("%d %d %d %d\n", up.bytes.Load(), up.packets.Load(), down.bytes.Load(), down.packets.Load())
		if s != syscall.SIGUSR1 {
			return
		}
	}
}
