package dialogs_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liuhen/storage/dialogs"
	"liuhen/storage/dialogs/dialogstest"
)

func openRedis(t *testing.T, url string) *dialogs.Redis {
	t.Helper()
	r, err := dialogs.NewRedis(url, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestRedis(t *testing.T) {
	server := dialogstest.StartRedis(t)
	open := func(url string) func(t *testing.T) dialogs.Store {
		return func(t *testing.T) dialogs.Store { return openRedis(t, url) }
	}
	t.Run("port", func(t *testing.T) { dialogstest.Conformance(t, open(server.URL), server.Advance) })
	t.Run("socket", func(t *testing.T) { dialogstest.Conformance(t, open(server.Socket), server.Advance) })
}

func TestRedisExpiresByItself(t *testing.T) {
	r := openRedis(t, dialogstest.StartRedis(t).URL)
	if _, err := r.Save(t.Context(), "k", []byte("x"), 0, 300*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	eventually(t, 3*time.Second, func() error {
		if value, rev, err := r.Load(t.Context(), "k"); value != nil || rev != 0 || err != nil {
			return fmt.Errorf("still %q, %d, %w", value, rev, err)
		}
		return nil
	})
}

// eventually tries f until it has no error; it fails the test after the given time.
func eventually(t *testing.T, within time.Duration, f func() error) {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func TestRedisSurvives(t *testing.T) {
	server := dialogstest.StartRedis(t)
	r := openRedis(t, server.URL)
	for name, fall := range map[string]func(){"an orderly restart": func() {}, "kill -9": server.Kill} {
		t.Run(name, func(t *testing.T) {
			var rev uint64
			var err error
			for i := range 50 { // the last answered one must be there, right up to the kill
				if rev, err = r.Save(t.Context(), name, fmt.Append(nil, i), rev, time.Hour); err != nil {
					t.Fatal(err)
				}
			}
			fall()
			server.Restart()
			eventually(t, 5*time.Second, func() error {
				value, got, err := r.Load(t.Context(), name)
				if err == nil && (string(value) != "49" || got != rev) {
					t.Fatalf("after it: %q, %d; saved 49, %d", value, got, rev)
				}
				return err
			})
			if _, err := r.Save(t.Context(), name, []byte("on"), rev, time.Hour); err != nil {
				t.Errorf("the script after a restart: %v", err)
			}
		})
	}
}

func TestRedisForgetsTheScript(t *testing.T) {
	server := dialogstest.StartRedis(t)
	r := openRedis(t, server.URL)
	rev, err := r.Save(t.Context(), "k", []byte("x"), 0, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Do("SCRIPT", "FLUSH"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Save(t.Context(), "k", []byte("y"), rev, time.Hour); err != nil {
		t.Error(err)
	}
}

// TestRedisDown wants every call back within a second, at once after a few, and good service again
// soon after the server is back.
func TestRedisDown(t *testing.T) {
	server := dialogstest.StartRedis(t)
	for name, c := range map[string]struct{ down, up func() }{
		"killed": {server.Kill, server.Restart},
		"held":   {server.Pause, server.Resume},
	} {
		t.Run(name, func(t *testing.T) {
			r := openRedis(t, server.URL)
			save := func() error {
				_, rev, err := r.Load(t.Context(), name)
				if err == nil {
					_, err = r.Save(t.Context(), name, []byte("x"), rev, time.Hour)
				}
				return err
			}
			if err := save(); err != nil {
				t.Fatal(err)
			}
			c.down()
			for i := range 6 {
				start := time.Now()
				_, rev, err := r.Load(t.Context(), name)
				took := time.Since(start)
				if err == nil || rev != 0 {
					t.Errorf("call %d: answered", i)
				}
				if took >= time.Second || i >= 3 && took > 100*time.Millisecond {
					t.Errorf("call %d took %v: %v", i, took, err)
				}
			}
			start := time.Now()
			if err := r.Ping(t.Context()); err == nil || time.Since(start) >= time.Second {
				t.Errorf("Ping after %v: %v", time.Since(start), err)
			}
			c.up()
			eventually(t, 3*time.Second, save)
		})
	}
}

func TestRedisDownForEverybody(t *testing.T) {
	server := dialogstest.StartRedis(t)
	r := openRedis(t, server.URL)
	server.Pause()
	defer server.Resume()
	var wg sync.WaitGroup
	for range 100 { // more than there are connections
		wg.Go(func() {
			start := time.Now()
			_, err := r.Save(t.Context(), "k", []byte("x"), 0, time.Hour)
			if took := time.Since(start); err == nil || took > 1200*time.Millisecond {
				t.Errorf("after %v: %v", took, err)
			}
		})
	}
	wg.Wait()
}

func TestPingEndsTheBreak(t *testing.T) {
	server := dialogstest.StartRedis(t)
	still := newClock() // the pause never ends by itself
	r, err := dialogs.NewRedis(server.URL, still.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // end of test
	server.Stop()
	for range 5 {
		_, _, err = r.Load(t.Context(), "k")
	}
	server.Restart()
	if _, _, now := r.Load(t.Context(), "k"); now == nil || err == nil {
		t.Errorf("before Ping: %v, %v", err, now)
	}
	if err := r.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Load(t.Context(), "k"); err != nil {
		t.Errorf("after Ping: %v", err)
	}
}

// TestLostAnswer cuts the connection between the server's success and its answer: the retry must
// see its own work and not call it a conflict.
func TestLostAnswer(t *testing.T) {
	server := dialogstest.StartRedis(t)
	addr, swallow := swallower(t, strings.TrimSuffix(strings.TrimPrefix(server.URL, "redis://"), "/0"))
	r := openRedis(t, "redis://"+addr)
	rev, err := r.Save(t.Context(), "k", []byte("one"), 0, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	swallow.Store(true)
	rev, err = r.Save(t.Context(), "k", []byte("two"), rev, time.Hour)
	if err != nil || swallow.Load() {
		t.Fatalf("answer lost (%v): %v", !swallow.Load(), err)
	}
	if value, got, err := r.Load(t.Context(), "k"); err != nil || string(value) != "two" || got != rev {
		t.Errorf("%q, %d, %v; saved as %d", value, got, err, rev)
	}
}

// swallower relays to addr; while the flag is set, the next answer is dropped with its connection.
func swallower(t *testing.T, addr string) (string, *atomic.Bool) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var swallow atomic.Bool
	var wg sync.WaitGroup
	relay := func(client net.Conn) {
		defer client.Close()
		up, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		wg.Go(func() { _, _ = io.Copy(up, client); _ = up.Close() })
		buf := make([]byte, 64<<10)
		for {
			n, err := up.Read(buf)
			if err != nil || swallow.CompareAndSwap(true, false) {
				_ = up.Close()
				return
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { relay(client) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return l.Addr().String(), &swallow
}

func TestForeignValue(t *testing.T) {
	server := dialogstest.StartRedis(t)
	r := openRedis(t, server.URL)
	for key, command := range map[string][]string{
		"short": {"SET", "liuhen:dialog:short", "x"},
		"list":  {"LPUSH", "liuhen:dialog:list", "x"},
	} {
		if _, err := server.Do(command...); err != nil {
			t.Fatal(err)
		}
		if value, rev, err := r.Load(t.Context(), key); err == nil || value != nil || rev != 0 {
			t.Errorf("%s: %q, %d, %v", key, value, rev, err)
		}
		if _, err := r.Save(t.Context(), key, []byte("y"), 0, time.Hour); err == nil {
			t.Errorf("%s: overwritten", key)
		}
	}
}

func TestCluster(t *testing.T) {
	server := dialogstest.StartRedis(t, "--cluster-enabled", "yes", "--cluster-port", freePort(t))
	if _, err := server.Do("CLUSTER", "ADDSLOTSRANGE", "0", "16383"); err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSuffix(strings.TrimPrefix(server.URL, "redis://"), "/0")
	r := openRedis(t, "redis+cluster://"+address+",127.0.0.1:1")
	eventually(t, 10*time.Second, func() error { return r.Ping(t.Context()) })
	eventually(t, 10*time.Second, func() error { return saveAndLoad(t, r) })
	dialogstest.Conformance(t, func(*testing.T) dialogs.Store { return r }, server.Advance)
}

func saveAndLoad(t *testing.T, s dialogs.Store) error {
	_, rev, err := s.Load(t.Context(), "k")
	if err != nil {
		return err
	}
	if rev, err = s.Save(t.Context(), "k", []byte("x"), rev, time.Hour); err != nil {
		return err
	}
	value, got, err := s.Load(t.Context(), "k")
	if err == nil && (string(value) != "x" || got != rev) {
		err = fmt.Errorf("loaded %q, %d", value, got)
	}
	return err
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestSentinel(t *testing.T) {
	server := dialogstest.StartRedis(t)
	_, masterPort, err := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(server.URL, "redis://"), "/0"))
	if err != nil {
		t.Fatal(err)
	}
	port, dir := freePort(t), t.TempDir()
	conf := filepath.Join(dir, "sentinel.conf")
	text := "port " + port + "\nbind 127.0.0.1\ndir " + dir + "\nlogfile sentinel.log\nsentinel monitor main 127.0.0.1 " + masterPort + " 1\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := exec.Command("redis-server", conf, "--sentinel")
	if err := sentinel.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sentinel.Process.Kill(); _ = sentinel.Wait() })
	r := openRedis(t, "redis+sentinel://127.0.0.1:"+port+",127.0.0.1:1/main/0")
	eventually(t, 10*time.Second, func() error { return saveAndLoad(t, r) })
	if _, err := server.Do("GET", "liuhen:dialog:k"); err != nil {
		t.Error(err)
	}
}

func TestErrorsShowNoSecret(t *testing.T) {
	server := dialogstest.StartRedis(t)
	if _, err := server.Do("CONFIG", "SET", "requirepass", "right"); err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSuffix(strings.TrimPrefix(server.URL, "redis://"), "/0")
	for _, url := range []string{
		"redis://:s3cret@" + address, "redis://us3cret:s3cret@" + address, "redis://" + address + "/0",
		"redis://:s3cret@127.0.0.1:1", "rediss://:s3cret@" + address, "unix://:s3cret@/no/such/socket",
		"redis+cluster://:s3cret@" + address, "redis+sentinel://:s3cret@" + address + "/main?sentinel_password=s3cret",
		"redis://:s3cret@no-such-host.invalid:6379",
	} {
		r := openRedis(t, url)
		_, _, load := r.Load(t.Context(), "k")
		_, save := r.Save(t.Context(), "k", []byte("x"), 0, time.Hour)
		for _, err := range []error{load, save, r.Ping(t.Context())} {
			if err == nil || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "://") {
				t.Errorf("%v", err)
			}
		}
	}
	if err := saveAndLoad(t, openRedis(t, "redis://:right@"+address)); err != nil {
		t.Errorf("with the right password: %v", err)
	}
}
