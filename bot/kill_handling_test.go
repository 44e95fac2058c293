package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/storage/db"
)

// presses lets somebody press labels and do things on their phone, whatever happens to the bot meanwhile. A label that ends in … stands
// for the first that begins so.
func (c *child) presses(who string, acts ...any) {
	c.t.Helper()
	for _, a := range acts {
		switch a := a.(type) {
		case string:
			if begin, open := strings.CutSuffix(a, "…"); open {
				a = c.labelWith(who, begin)
			}
			if err := c.phones[who].Tap(c.living(who).ID, a); err != nil {
				c.t.Fatalf("%s: %v on\n%s\n%s", who, err, c.living(who).Text, c.errs)
			}
		case func(*sandbox.Phone):
			a(c.phones[who])
		}
		ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
		err := c.box.WaitIdle(ctx)
		cancel()
		if err != nil {
			c.t.Fatalf("%s: %v\n%s", who, err, c.errs)
		}
	}
}

// TestKillWhileHandling kills the real process at random moments while a report is taken up, questions are asked and answered, and it is
// passed on: every act is on record once, in the order in which it was done, and the authority has the report once.
func TestKillWhileHandling(t *testing.T) {
	c := newChild(t)
	c.run()
	c.entry(1)
	var over sync.WaitGroup
	stop := make(chan struct{})
	kills := 0
	over.Go(func() {
		r := rand.New(rand.NewPCG(11, 3))
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(20+r.IntN(300)) * time.Millisecond):
				c.end(syscall.SIGKILL)
				c.run()
				kills++
			}
		}
	})
	c.presses("钱七", typed("/start"), "待办", "✉ 未读…", "受理", "确定")
	const questions = 4
	want := []string{"受理　钱七"}
	for n := range questions {
		c.presses("钱七", "向报告人提问", typed(fmt.Sprintf("第%d问", n)), "确定")
		c.presses("张三", typed("/todo"), "查看进展…", "补充、答复", typed(fmt.Sprintf("第%d答", n)), "确定")
		want = append(want, fmt.Sprintf("向报告人提问　钱七 第%d问", n), fmt.Sprintf("补充、答复　张三 第%d答", n))
	}
	c.presses("钱七", typed("/start"), "待办", "已读…", "转报主管司法行政机关", "确定")
	want = append(want, "转报主管司法行政机关　钱七")
	close(stop)
	over.Wait()
	c.end(syscall.SIGTERM)
	c.start(tuning{})
	if kills < 3 {
		t.Errorf("only %d kills", kills)
	}
	var got []string
	shown := c.living("钱七").Text
	for _, line := range strings.Split(shown, "\n") {
		if words, is := strings.CutPrefix(line, "· "); is {
			_, did, _ := strings.Cut(words, "　")
			got = append(got, did)
		} else if len(got) > 0 && strings.HasPrefix(line, "第") {
			got[len(got)-1] += " " + line
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("after %d kills the course is\n%q\nnot\n%q\n%s", kills, got, want, shown)
	}
	for what, query := range map[string]int{
		"SELECT COUNT(*) FROM acts": len(want), "SELECT COUNT(*) FROM reports": 1,
		"SELECT COUNT(DISTINCT unit) FROM deliveries": 2,
	} {
		var n int
		c.must(c.app.stores.db.SQL().QueryRow(what).Scan(&n))
		if n != query {
			t.Errorf("%s: %d, not %d", what, n, query)
		}
	}
	_, err := c.app.stores.db.Verify(context.Background(), func(f db.Finding) { t.Errorf("verify: %+v", f) })
	c.must(err)
}
