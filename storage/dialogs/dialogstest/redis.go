package dialogstest

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Redis is a redis-server process of the test's own, on a free loopback port and a Unix socket, with
// every write in its append-only file before it is answered (appendfsync always). The test fails if
// the program is not installed. It is killed when the test ends. Its methods fail the test on error
// and belong to the test's goroutine.
type Redis struct {
	// URL is redis://127.0.0.1:port/0, Socket unix://path of the same server.
	URL, Socket string
	// Dir has the server's data (appendonlydir) and log (redis.log), and outlives Kill and Stop.
	Dir string

	t    testing.TB
	addr string
	args []string
	cmd  *exec.Cmd
	gone chan struct{} // closed when cmd has ended
}

// StartRedis starts a server, with further arguments for redis-server if need be ("--cluster-enabled",
// "yes"), and returns when it answers.
func StartRedis(t testing.TB, args ...string) *Redis {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // not t.TempDir: a socket's path may have 107 bytes only
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	r := &Redis{
		URL: "redis://" + addr + "/0", Socket: "unix://" + filepath.Join(dir, "s"), Dir: dir,
		t: t, addr: addr, args: args,
	}
	t.Cleanup(func() {
		r.end(syscall.SIGKILL)
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("removing the server's folder: %v", err)
		}
	})
	r.start()
	return r
}

// freePorts hands out each port once: two servers of one test process must not race for the same.
var freePorts struct {
	sync.Mutex
	used map[string]bool
}

func freeAddress(t testing.TB) string {
	t.Helper()
	freePorts.Lock()
	defer freePorts.Unlock()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if !freePorts.used[addr] {
			if freePorts.used == nil {
				freePorts.used = map[string]bool{}
			}
			freePorts.used[addr] = true
			return addr
		}
	}
}

func (r *Redis) start() {
	r.t.Helper()
	_, port, err := net.SplitHostPort(r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	r.cmd = exec.Command("redis-server", append([]string{
		"--bind", "127.0.0.1", "--port", port, "--unixsocket", filepath.Join(r.Dir, "s"),
		"--dir", r.Dir, "--logfile", "redis.log", "--daemonize", "no",
		"--appendonly", "yes", "--appendfsync", "always", "--save", "",
	}, r.args...)...)
	if err := r.cmd.Start(); err != nil {
		r.t.Fatalf("starting redis-server (Debian: apt install redis-server): %v", err)
	}
	cmd, gone := r.cmd, make(chan struct{})
	r.gone = gone
	go func() {
		defer close(gone)
		_ = cmd.Wait() // how it ended is the test's business
	}()
	for end := time.After(20 * time.Second); ; {
		if _, err := r.Do("PING"); err == nil {
			return
		}
		select {
		case <-gone:
			r.t.Fatalf("redis-server ended at once:\n%s", r.log())
		case <-end:
			r.t.Fatalf("redis-server does not answer:\n%s", r.log())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (r *Redis) log() []byte {
	text, err := os.ReadFile(filepath.Join(r.Dir, "redis.log"))
	if err != nil {
		return []byte(err.Error())
	}
	return text[max(0, len(text)-2000):]
}

// end is content if the process has ended before.
func (r *Redis) end(sig syscall.Signal) {
	r.t.Helper()
	if r.cmd == nil || r.cmd.Process == nil {
		return
	}
	_ = r.cmd.Process.Signal(sig)             // fails if it has ended
	_ = r.cmd.Process.Signal(syscall.SIGCONT) // a held process ends only when let go
	select {
	case <-r.gone:
	case <-time.After(20 * time.Second):
		r.t.Errorf("redis-server %d does not end", r.cmd.Process.Pid)
	}
}

// Kill ends the server with signal 9.
func (r *Redis) Kill() { r.t.Helper(); r.end(syscall.SIGKILL) }

// Stop ends the server in order, with signal 15.
func (r *Redis) Stop() { r.t.Helper(); r.end(syscall.SIGTERM) }

// Restart starts the server again at the same address with the same data, after Kill or Stop or on
// its own, and returns when it answers.
func (r *Redis) Restart() {
	r.t.Helper()
	r.Stop()
	r.start()
}

// Pause holds the server with SIGSTOP: it still takes connections and never answers.
func (r *Redis) Pause() { r.signal(syscall.SIGSTOP) }

// Resume lets a held server go on.
func (r *Redis) Resume() { r.signal(syscall.SIGCONT) }

func (r *Redis) signal(sig syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(sig); err != nil {
		r.t.Fatalf("%v to redis-server: %v", sig, err)
	}
}

// Advance shortens the life of everything in database 0 by d, as if that time had passed.
func (r *Redis) Advance(d time.Duration) {
	r.t.Helper()
	const script = `for _, k in ipairs(redis.call('KEYS', '*')) do
		local left = redis.call('PTTL', k)
		if left >= 0 then redis.call('PEXPIRE', k, left - ARGV[1]) end
	end`
	if _, err := r.Do("EVAL", script, "0", strconv.FormatInt(d.Milliseconds(), 10)); err != nil {
		r.t.Fatalf("advancing time in Redis: %v", err)
	}
}

// Data gives every byte the server has on disk, for canaries.
func (r *Redis) Data() []byte {
	r.t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(r.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all.Bytes()
}

// Do sends one command over a connection of its own and gives the first line of the answer, within
// a second. It serves any goroutine.
func (r *Redis) Do(args ...string) (string, error) {
	c, err := net.DialTimeout("tcp", r.addr, time.Second)
	if err != nil {
		return "", err
	}
	defer c.Close() //nolint:errcheck // nothing is lost
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return "", err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(a), a)
	}
	if _, err := c.Write(b.Bytes()); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	line = strings.TrimSpace(line)
	if err == nil && strings.HasPrefix(line, "-") {
		err = fmt.Errorf("redis: %s", line[1:])
	}
	return line, err
}
