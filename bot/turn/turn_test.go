package turn_test

import (
	"strings"
	"testing"
)

func TestConversation(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	first := r.shows(p, "open;")
	must(t, p.Tap(0, "A"))
	r.idle()
	if m := r.shows(p, "open;A;"); m.ID != first.ID || !m.Edited {
		t.Errorf("a press made message %d of %d", m.ID, first.ID)
	}
	p.Say("你好")
	r.idle()
	m := r.living(p)
	if m.ID == first.ID || p.Last().ID != m.ID {
		t.Error("after a text the screen did not move to the bottom")
	}
	if !strings.Contains(m.Text, "trail: open;A;say 你好;\n") || !strings.Contains(m.Text, "3") {
		t.Errorf("screen %q", m.Text)
	}
	must(t, p.Tap(0, "sign"))
	r.idle()
	r.shows(p, "open;A;say 你好;sign;")
	if got := r.store.Records(); len(got) != 1 {
		t.Errorf("records %v", got)
	}
	if n := p.Spinning(); n != 0 {
		t.Errorf("%d presses unanswered", n)
	}
	if ts := p.Toasts(); len(ts) != 1 || !ts[0].Alert {
		t.Errorf("toasts %v", ts)
	}
}
