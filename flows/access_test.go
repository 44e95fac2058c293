package flows_test

import (
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
)

// Whatever can stand in the log of access has its words, and no line of it says more than who, when, what kind, why.
func TestTheLogHasWordsForEverything(t *testing.T) {
	for _, locale := range []string{text.ZhHans, text.En} {
		for _, r := range law.AccessTable() {
			if a := string(r.Action); a != string(law.OpenDesk) && !strings.HasPrefix(a, "list_") && text.Say(locale, text.Key("access."+a)) == "" {
				t.Errorf("%s: no words for %s", locale, a)
			}
			if text.Say(locale, text.Key("relation."+r.By.String())) == "" {
				t.Errorf("%s: no words for %s", locale, r.By)
			}
		}
	}
	d := flows.Desk{Locale: text.ZhHans, Me: flows.Me{ID: "p1", Roles: []law.Role{law.Confidant}}, Log: &flows.Log{Lines: []flows.LogLine{
		{At: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), Name: "吴十", Action: "something_new", By: law.AsRecipient, Allowed: true},
	}}}
	if s := flows.View(flows.State{Place: flows.AtLog}, d).Text; !strings.Contains(s, "其他操作") {
		t.Errorf("an action without words: %s", s)
	}
}

// The log is a confidant's: without it on the desk there is nothing on the screen.
func TestTheLogIsClosedToOthers(t *testing.T) {
	w := newWorld(t)
	for _, who := range w.Names() {
		me := w.Desk(who).Me
		confides := strings.Contains("周九 卫二", who)
		w.Do(who, flows.Command{Name: flows.AtLog})
		screen := w.View(who)
		if closed := strings.Contains(screen.Text, "由本单位保密员查看"); closed == confides {
			t.Errorf("%s, with %v: %s", who, me.Roles, screen.Text)
		}
		w.Do(who, flows.Command{Name: flows.AtLeak})
		if asked := strings.HasPrefix(w.View(who).Text, "记录泄密线索"); asked != confides {
			t.Errorf("%s may write a leak down: %v", who, asked)
		}
		var noted int
		w.Effects = func(_ string, e flows.Effect) {
			if _, ok := e.(flows.NoteLeak); ok {
				noted++
			}
		}
		w.Do(who, flows.Say{Text: "线索"})
		if (noted == 1) != confides {
			t.Errorf("%s wrote %d leaks down", who, noted)
		}
	}
}
