package main

import (
	"bufio"
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

//go:embed seed/history.txt
var history string

const (
	historyDays = 6                // working days before today on which the history begins
	historyWait = 10 * time.Second // for the bot to answer a step, real time
	sayStep     = "say "           // what begins a step that is spoken
)

// episode is one line of the history: what one person does in one sitting.
type episode struct {
	line  int
	ago   int // working days before today
	at    time.Duration
	who   string
	steps []string
}

// readHistory reads the script of what happened before the demo begins.
func readHistory(script string) (out []episode, err error) {
	lines := bufio.NewScanner(strings.NewReader(script))
	lines.Buffer(nil, 1<<16)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		head, steps, ok := strings.Cut(line, ": ")
		e := episode{line: n}
		var hour, minute int
		if _, err := fmt.Sscanf(head, "%d %d:%d %s", &e.ago, &hour, &minute, &e.who); !ok || err != nil || e.ago > 0 || e.ago < -historyDays {
			return nil, fmt.Errorf("history.txt, line %d: begin it as -5 9:40 NAME: with a working day from -%d to 0", n, historyDays)
		}
		e.ago, e.at = -e.ago, time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute
		for step := range strings.SplitSeq(steps, "|") {
			e.steps = append(e.steps, strings.TrimSpace(step))
		}
		out = append(out, e)
	}
	return out, lines.Err()
}

// workdayAgo is the working day that many working days before the day the demo shows as today.
func (d *demonstration) workdayAgo(n int) law.Date {
	day := d.today
	for back := 0; back < n; {
		day = day.AddDays(-1)
		if work, _ := d.calendar.IsWorkday(day); work {
			back++
		}
	}
	return day
}

// play lets people do what the script says, each on the working day it names, and ends on the morning of today.
func (d *demonstration) play(ctx context.Context, script string) error {
	episodes, err := readHistory(script)
	if err != nil {
		return err
	}
	for ago := historyDays; ago >= 0; ago-- {
		if ago < historyDays {
			if err := d.dawn(ctx, ago); err != nil {
				return err
			}
		}
		for _, e := range ofDay(episodes, ago) {
			day := d.workdayAgo(ago)
			d.clock.set(time.Date(day.Y, day.M, day.D, 0, 0, 0, 0, d.clock.zone).Add(e.at))
			if err := d.act(ctx, e); err != nil {
				return fmt.Errorf("history.txt, line %d: %w", e.line, err)
			}
		}
	}
	return nil
}

// ofDay are the episodes of one day by their times.
func ofDay(all []episode, ago int) (out []episode) {
	for _, e := range all {
		if e.ago == ago {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b episode) int { return cmp.Compare(a.at, b.at) })
	return out
}

// dawn begins a working day: what has closed by then is loaded, and the morning's reminders go out.
func (d *demonstration) dawn(ctx context.Context, ago int) error {
	d.advance()
	if _, err := d.seed(ctx, d.workdayAgo(ago)); err != nil {
		return err
	}
	if err := d.app.sent(ctx); err != nil { // or the next day's would take the place of this morning's
		return err
	}
	return d.settle(ctx)
}

// act plays one line on the person's phone.
func (d *demonstration) act(ctx context.Context, e episode) error {
	phone := d.phone(e.who)
	if phone == nil {
		return fmt.Errorf("%s is not in people.csv", e.who)
	}
	for _, step := range append([]string{sayStep + "/start"}, e.steps...) {
		screen := screenOf(phone)
		if words, ok := strings.CutPrefix(step, sayStep); ok {
			phone.Say(words)
		} else if label, ok := buttonOn(screen, step); !ok {
			return fmt.Errorf("%s has no button %q on\n%s\n%s", e.who, step, screen.Text, strings.Join(labelsOf(screen), "\n"))
		} else if err := phone.Tap(screen.ID, label); err != nil {
			return err
		}
		if err := d.answered(ctx, phone, screen); err != nil {
			return fmt.Errorf("%s, %q: %w", e.who, step, err)
		}
	}
	return nil
}

// answered waits until the phone shows something else than it did, and the bot rests.
func (d *demonstration) answered(ctx context.Context, phone *sandbox.Phone, before sandbox.Message) error {
	ctx, cancel := context.WithTimeout(ctx, historyWait)
	defer cancel()
	for {
		if err := d.settle(ctx); err != nil {
			return err
		}
		if now := screenOf(phone); now.ID != before.ID || now.Text != before.Text || !slices.Equal(labelsOf(now), labelsOf(before)) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the bot shows the same screen as before\n%s", before.Text)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// screenOf is the message with the buttons a person would press now: the last one with any that is not a notice.
func screenOf(p *sandbox.Phone) sandbox.Message {
	for _, m := range slices.Backward(p.Messages()) {
		if l := labelsOf(m); len(l) > 1 || len(l) == 1 && l[0] != text.Say(text.ZhHans, text.BtnOpen) {
			return m
		}
	}
	return sandbox.Message{}
}

func labelsOf(m sandbox.Message) (out []string) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

// buttonOn finds a step's button: the one so called, or for a step with … at its end the first that begins so.
func buttonOn(m sandbox.Message, step string) (string, bool) {
	begin, open := strings.CutSuffix(step, "…")
	for _, l := range labelsOf(m) {
		if l == step || open && strings.HasPrefix(l, begin) {
			return l, true
		}
	}
	return "", false
}
