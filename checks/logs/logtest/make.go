// Package logtest makes logs of any size for tests and benchmarks: lines as WithSecure's and Trend Micro's products write
// them, some of which linecheck knows. The same seed gives the same log.
package logtest

import (
	"bufio"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// Spec is what a log is to be like.
type Spec struct {
	Size  int64 // bytes, at least; the last line is whole
	Share int   // of a hundred lines, how many linecheck knows
	Seed  uint64
	From  time.Time // of the first line
	To    time.Time // of the last line, about
}

// Write writes a log to w.
func Write(w io.Writer, s Spec) error {
	var (
		b    = bufio.NewWriterSize(w, 1<<20)
		rnd  = rand.New(rand.NewPCG(s.Seed, 4))
		line []byte
	)
	for n := int64(0); n < s.Size; n += int64(len(line)) {
		from := noise
		if rnd.IntN(100) < s.Share {
			from = known
		}
		at := s.From.Add(time.Duration(float64(s.To.Sub(s.From)) * float64(n) / float64(s.Size)))
		line = fill(line[:0], from[rnd.IntN(len(from))], at, rnd)
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

// fill writes a line from its pattern: %t a time as WithSecure writes it, %u one as Trend Micro's agent does, %h a handle,
// %d a small number, %m the milliseconds of a query, %s a file's SHA-1, %w a host.
func fill(to []byte, pattern string, at time.Time, rnd *rand.Rand) []byte {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			to = append(to, pattern[i])
			continue
		}
		i++
		switch pattern[i] {
		case 't':
			to = at.AppendFormat(to, "2006-01-02 15:04:05.000")
			to = append(to, threads[rnd.IntN(len(threads))]...)
		case 'u':
			to = at.AppendFormat(to, "2006-01-02 15:04:05.000000 [-0700]")
		case 'h':
			to = append(to, "0000023C"...)
			to = hex(to, rnd.Uint64(), 8)
		case 'd':
			to = strconv.AppendInt(to, int64(rnd.IntN(5000)), 10)
		case 'm':
			to = strconv.AppendInt(to, int64(1000+rnd.IntN(40)), 10)
		case 's':
			to = hex(hex(hex(to, rnd.Uint64(), 16), rnd.Uint64(), 16), rnd.Uint64(), 8)
		case 'w':
			to = append(to, hosts[rnd.IntN(len(hosts))]...)
		}
	}
	return append(to, '\r', '\n')
}

func hex(to []byte, v uint64, n int) []byte {
	for ; n > 0; n-- {
		to = append(to, "0123456789abcdef"[v&15])
		v >>= 4
	}
	return to
}

var threads = []string{" [15c0.1d1c] ", " [15c0.1fe8] ", " [15c0.0a40] ", " [0b34.22f0] "}

var hosts = []string{"doorman.sc.fsapi.com", "a.karma.sc2.fsapi.com", "orsp.f-secure.com", "baseguard.doorman.fsapi.com"}

var noise = []string{
	"%tI: fs::xrssdk::DoormanCache::lookup: entry for %w found, age %d s, generation %d, still valid for this session",
	"%tI: CurlQuery::start: handle %h, url https://%w/v1/query, body %d bytes, timeout 1000 ms",
	"%tI: CurlQuery::completeWithStatus: success on handle %h 200 in %d ms",
	"%tD: fs::xrssdk::HTTPQueryTask::run: task %h queued behind %d others",
	"%tI: fs::rs::WinSocket::Impl::connect: connected to %w in %d ms",
	"%tI: SecurityCloud::Query: asking for %s",
	"%tD: SecurityCloud::Cache: %s is known, prevalence %d",
	"%tI: ipc_impl::on_async_complete_ex: winrpc call completed",
	".I: Filter2::ContentFilter2State::OnMessage: message %d of %d handled",
	`%u: [dsa.Heartbeat/5] | Heartbeat to the manager took %d ms | .\dsa\Heartbeat.lua:149:(null) | 1F8C:5E4:ActivateThread`,
	`%u: [Cmd/5] | Respond to command GetStatus: %d bytes, sequence %d | http\Server.cpp:560:DsaCore::Server | 1F8C:7A0:http`,
	`%u: [ds_am/4] | scanned %s in %d us, %d files are waiting | scan\Engine.cpp:911:Run | 77:101:scan`,
}

var known = []string{
	"%t.W: CurlQuery::completeWithStatus: failure on handle %h 5 Could not resolve proxy: proxy.example.intern",
	"%t.W: CurlQuery::completeWithStatus: failure on handle %h 28 Operation timed out after %m milliseconds with 0 bytes received",
	"%t.W: CurlQuery::completeWithStatus: failure on handle %h 7 Failed to connect to %w port 443 after %m ms: Connection refused",
	"%t.W: fs::xrssdk::HTTPQueryTask::update_http_stats: http error 201 (28) for http task %h, time %m ms",
	"%t.W: ipc_impl::on_async_complete_ex: winrpc call completed err 201",
	"%tI: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0",
	"%t.W: fs::rs::WinSocket::Impl::connect: Conection timeout: %w",
	"%t.W: SecurityCloud::Query: ORSP failed for %s (0, 0)",
	"%t.W: SecurityCloud::Query: ORSP query took 3%mms",
	`%u: [dsa.Heartbeat/5] | Unable to reach a manager. | .\dsa\Heartbeat.lua:149:(null) | 1F8C:5E4:ActivateThread`,
	`%u: [ds_am/3] | Disconnected from Smart Protection Server: https://ds20.icrc.trendmicro.com/tmcss/? : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached) | am.cpp:7 | 77:101:am`,
}
