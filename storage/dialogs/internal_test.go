package dialogs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Name is the key under which the store beneath keeps a dialog.
func Name(s *Sealed, key string) string { return s.name(key) }

func TestBreaker(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	b := breaker{clock: func() time.Time { return now }}
	down := errors.New("down")
	tried := 0
	call := func(err error) error { return b.do(func() error { tried++; return err }) }
	want := func(what string, n int, got, want error) {
		t.Helper()
		if tried != n || !errors.Is(got, want) {
			t.Fatalf("%s: tried %d times, want %d; %v", what, tried, n, got)
		}
		tried = 0
	}
	for range 2 {
		want("first failures", 1, call(down), down)
	}
	want("success in between", 1, call(nil), nil)
	for range 2 {
		want("counts anew", 1, call(down), down)
	}
	want("a conflict is an answer", 1, call(ErrConflict), ErrConflict)
	for range 9 {
		want("callers who give up", 1, call(context.Canceled), context.Canceled)
	}
	for range 3 {
		want("three in a row", 1, call(fmt.Errorf("x: %w", down)), down)
	}
	want("then at once", 0, call(nil), errBroken)
	now = now.Add(breakPause - 1)
	want("until the pause is over", 0, call(nil), errBroken)
	now = now.Add(1)
	want("one attempt", 1, call(down), down)
	want("and no second", 0, call(nil), errBroken)
	now = now.Add(-time.Hour)
	want("a clock set back does not lock", 1, call(down), down)
	now = now.Add(breakPause)
	want("the attempt succeeds", 1, call(nil), nil)
	for range 3 {
		want("all is well", 1, call(nil), nil)
	}
}

func TestOnlyOneAttemptAtATime(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	b := breaker{clock: func() time.Time { return now }, failures: breakAfter, triedAt: now.Add(-breakPause)}
	err := b.do(func() error { return b.do(func() error { return nil }) })
	if !errors.Is(err, errBroken) {
		t.Errorf("a second attempt while the first goes on: %v", err)
	}
}

func TestRedisURLs(t *testing.T) {
	for url, want := range map[string]string{
		"redis://h":                             "[h:6379] 0  / false  false",
		"redis://h:1/":                          "[h:1] 0  / false  false",
		" redis://u:p%40%2F%3A@h:1/5\n":         "[h:1] 5 u p@/:/ false  false",
		"redis://:p@h":                          "[h:6379] 0  p/ false  false",
		"redis://:p@ss@h":                       "[h:6379] 0  p@ss/ false  false",
		"rediss://h:1/2":                        "[h:1] 2  / true  false",
		"redis://[::1]:7/2":                     "[[::1]:7] 2  / false  false",
		"redis://[::1]":                         "[[::1]:6379] 0  / false  false",
		"unix:///run/r.sock":                    "[/run/r.sock] 0  / false  false",
		"unix://u:p@/run/r.sock?db=3":           "[/run/r.sock] 3 u p/ false  false",
		"redis+sentinel://a,b:2/m":              "[a:26379 b:2] 0  / false m false",
		"rediss+sentinel://u:p@a:1,b:2,c:3/m/4": "[a:1 b:2 c:3] 4 u p/ true m false",
		"redis+sentinel://a/m?sentinel_password=x%26y&sentinel_username=s": "[a:26379] 0  / false m false s x&y",
		"redis+cluster://a,b:2":  "[a:6379 b:2] 0  / false  true",
		"rediss+cluster://u:p@a": "[a:6379] 0 u p/ true  true",

		"": "", "h:6379": "", "redis://": "", "redis:///0": "", "http://h": "", "redis://h/x": "", "redis://h/-1": "",
		"redis://h/0/1": "", "redis://a,b": "", "redis://h:x": "", "redis://h?db=1": "", "redis://h#f": "", "redis://h?%zz": "",
		"unix://": "", "unix:///": "", "unix://h/run/s": "", "unix:///s?db=x": "", "unix:///s?x=1": "",
		"redis+sentinel://a": "", "redis+sentinel://a/": "", "redis+sentinel://a/m/x": "", "redis+sentinel://a/m/0/1": "",
		"redis+sentinel://a,/m": "", "redis+cluster://a/1": "", "redis+cluster://a,,b": "", "redis+cluster://a:1:2": "",
		"redis://user:pa/ss@h": "", "redis://user:pa#ss@h": "", "redis://user:pa?ss@h": "", "redis://us er:%@h": "",
	} {
		o, err := parseRedisURL(url)
		if want == "" {
			if err == nil {
				t.Errorf("%s: accepted as %v", url, o.Addrs)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		got := fmt.Sprintf("%v %d %s %s/ %v %s %v", o.Addrs, o.DB, o.Username, o.Password, o.TLSConfig != nil, o.MasterName, o.IsClusterMode)
		if o.SentinelUsername != "" {
			got += " " + o.SentinelUsername + " " + o.SentinelPassword
		}
		if got != want {
			t.Errorf("%s:\n got %q\nwant %q", url, got, want)
		}
	}
}

func TestRedisURLErrorsQuoteNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.SampledFrom([]string{"redis", "rediss", "unix", "redis+sentinel", "redis+cluster", "x"}).Draw(t, "scheme")
		mark := rapid.StringMatching(`[/?#@:%,\[\] ]{0,2}s3cret[/?#@:%,\[\] ]{0,2}`).Draw(t, "password")
		tail := rapid.SampledFrom([]string{"h", "h:1/0", "/s", "a,b/m", "h/0?x=s3cret", ""}).Draw(t, "tail")
		if _, err := parseRedisURL(scheme + "://user:" + mark + "@" + tail); err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Fatalf("%v", err)
		}
	})
}
