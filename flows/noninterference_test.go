package flows_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// twin is a pair of worlds that differ only in what one person filed, and how.
type twin struct {
	t      *rapid.T
	zero   *flowstest.World // the reporter signed 无此类情况
	event  *flowstest.World // the reporter signed a report
	who    string
	caseID string
	script story
	others []string // who can act without learning anything
}

// places are all places, with a subject where one belongs.
func (w *twin) places() []flows.State {
	out := []flows.State{{Place: flows.AtRecord, Subject: "nothing"}, {Place: flows.AtReport, Subject: "nothing"}}
	for _, p := range rooms {
		out = append(out, flows.State{Place: p})
	}
	for _, id := range w.filed() {
		for page := range 2 {
			out = append(out, flows.State{Place: flows.AtRecord, Subject: id, Page: page},
				flows.State{Place: flows.AtReport, Subject: "r" + id[:12], Page: page})
		}
	}
	return out
}

// filed are the names of the reporter's entries in either world.
func (w *twin) filed() []string {
	var out []string
	for _, x := range []*flowstest.World{w.zero, w.event} {
		for _, r := range x.Records() {
			if r.Signer.Name == w.who && !slices.Contains(out, r.ID) {
				out = append(out, r.ID)
			}
		}
	}
	return out
}

// forged are the buttons somebody could make up who guessed the names of what the reporter filed.
func (w *twin) forged() []flows.Tap {
	var out []flows.Tap
	for _, id := range w.filed() {
		out = append(out, flows.Tap{Verb: flows.DoRead, Arg: "r" + id[:12]}, flows.Tap{Verb: flows.DoRecord, Arg: id},
			flows.Tap{Verb: flows.DoCorrect, Arg: id}, flows.Tap{Verb: flows.DoEvidence, Arg: "f1"}, flows.Tap{Verb: flows.DoDraft, Arg: id[:8]},
			flows.Tap{Verb: flows.DoSign, Draft: id[:8]}, flows.Tap{Verb: flows.DoBack, Draft: id[:8]})
	}
	for _, c := range []string{"c1", "c2", "c3", "c4", "other", "none"} {
		out = append(out, flows.Tap{Verb: flows.DoCase, Arg: c}, flows.Tap{Verb: flows.DoAdd, Arg: c})
	}
	return out
}

// colleague chooses one of those who can see nothing of the report.
func (w *twin) colleague() string { return rapid.SampledFrom(w.others).Draw(w.t, "colleague") }

// meanwhile lets the others do the same in both worlds.
func (w *twin) meanwhile() {
	for range rapid.IntRange(0, 4).Draw(w.t, "meanwhile") {
		who := w.colleague()
		tap := rapid.SampledFrom(buttons(w.zero.View(who))).Draw(w.t, "tap")
		do := flows.Action(tap)
		switch rapid.IntRange(0, 5).Draw(w.t, "do") {
		case 0:
			do = flows.Open{}
		case 1:
			do = flows.Say{Text: "昨天"}
		case 2:
			do = flows.Command{Name: rapid.SampledFrom([]flows.Place{flows.AtFile, flows.AtTodo, flows.AtCases}).Draw(w.t, "room")}
		}
		w.zero.Do(who, do)
		w.event.Do(who, do)
	}
}

// file lets the reporter sign in both worlds with the same number of acts: what one world does not need is spent on looking.
func (w *twin) file() {
	a, b := handOf(w.t, w.zero, w.who), handOf(w.t, w.event, w.who)
	a.begin(w.caseID)
	b.begin(w.caseID)
	w.meanwhile()
	acts := func(x *flowstest.World) int64 {
		seen := x.State(w.who).Seen
		return seen[len(seen)-1]
	}
	a.fill(zero, "")
	b.fill(w.script, "")
	for acts(w.zero) < acts(w.event) {
		w.zero.Do(w.who, flows.Odd{Why: flows.OddKind})
	}
	w.meanwhile()
	if n, m := entries(a.sign()), entries(b.sign()); n != 1 || m != 1 {
		w.t.Fatalf("filed %d and %d entries", n, m)
	}
}

// recipients are the names of those whom any report of the world reaches.
func recipients(w *flowstest.World) map[string]bool {
	out := map[string]bool{}
	for _, r := range w.Records() {
		if r.Report == nil {
			continue
		}
		for _, s := range r.Report.Stops {
			for _, p := range s.Recipients {
				out[p.Name] = true
			}
		}
	}
	return out
}

// compare looks at both worlds with the eyes of everybody but the reporter and the recipients.
func (w *twin) compare() {
	may := recipients(w.event)
	may[w.who] = true
	looked, curious := 0, w.colleague()
	for _, who := range w.zero.Names() {
		if may[who] {
			continue
		}
		looked++
		keptA, keptB := w.zero.State(who), w.event.State(who)
		w.same(who, "own dialog", keptA, keptB)
		for _, s := range append(w.places(), keptA) {
			s.Sheet, s.Shelf = keptA.Sheet, keptA.Shelf
			w.zero.SetState(who, s)
			w.event.SetState(who, s)
			w.same(who, fmt.Sprint("desk at ", s.Place), w.zero.Desk(who), w.event.Desk(who))
			w.same(who, fmt.Sprint("screen at ", s.Place), w.zero.View(who), w.event.View(who))
			if s.Place != flows.AtMenu && s.Subject == "" || who != curious {
				continue
			}
			for _, tap := range w.forged() {
				e := flows.Event{ID: 1 << 40, At: flowstest.Start, Fresh: "0123456789abcdef", Do: tap}
				s1, e1 := flows.Step(s, w.zero.Desk(who), e)
				s2, e2 := flows.Step(s, w.event.Desk(who), e)
				w.same(who, fmt.Sprintf("answer at %s to %+v", s.Place, tap), []any{s1, e1}, []any{s2, e2})
			}
		}
		w.zero.SetState(who, keptA)
		w.event.SetState(who, keptB)
	}
	if looked < 6 {
		w.t.Fatalf("only %d people see nothing", looked)
	}
}

func (w *twin) same(who, what string, a, b any) {
	if reflect.DeepEqual(a, b) {
		return
	}
	x, err := json.Marshal(a)
	if err != nil {
		w.t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		w.t.Fatal(err)
	}
	if string(x) != string(y) {
		w.t.Fatalf("%s can tell that %s reported, by the %s:\n%s\n%s", who, w.who, what, x, y)
	}
}

// heard compares what came by itself, and when it comes: only recipients hear of it.
func (w *twin) heard() {
	may := recipients(w.event)
	only := func(x *flowstest.World) []flowstest.Heard {
		return slices.DeleteFunc(append([]flowstest.Heard{}, x.Heard()...), func(h flowstest.Heard) bool { return may[h.Person] })
	}
	w.same("everybody", "messages", only(w.zero), only(w.event))
}

// incident is what the reporter may meet.
type incident struct {
	name   string
	script story
	direct bool
}

func incidents() []incident {
	unsure := naming(form.OptionUnlisted)
	unsure[form.IsHead] = []form.OptionID{form.Unsure}
	serious := naming("p6")
	serious[form.Serious] = []form.OptionID{form.Yes}
	leader := plain()
	leader[form.Interferers], leader[form.Superior] = []form.OptionID{form.Other}, []form.OptionID{form.Yes}
	head := naming("p8")
	head[form.Channel] = []form.OptionID{form.Direct}
	official := plain()
	official[form.Interferers], official[form.Officers] = []form.OptionID{form.Insider, form.Official}, []form.OptionID{"p2"}
	official[form.Insiders] = []form.OptionID{"p8"}
	return []incident{
		{"head", head, true},
		{"unlisted, head or not", unsure, true},
		{"serious", serious, true},
		{"leader above", leader, true},
		{"head and officer", official, true},
		{"litigant", plain(), false},
		{"colleague", naming("p10"), false},
	}
}

// TestNoninterferenceOfScreens: two worlds that differ only in whether somebody signed 无此类情况 or a report look the same,
// byte for byte, to everybody whom the report does not reach: desks, screens of every place, answers to buttons they never had,
// messages (Art. 10, R10.5, design 5). A direct report reaches nobody of the institution at all.
func TestNoninterferenceOfScreens(t *testing.T) {
	direct, inside := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(incidents()).Draw(t, "incident")
		w := &twin{t: t, zero: newWorld(t), event: newWorld(t), script: in.script}
		who := rapid.SampledFrom([][2]string{
			{"张三", "c1"},
			{"张三", "c2"},
			{"张三", ""},
			{"李四", "c1"},
			{"李四", "c3"},
			{"王五", "c2"},
			{"王五", "c3"},
			{"周九", ""},
			{"孙八", ""},
		}).Draw(t, "who and case")
		w.who, w.caseID = who[0], who[1]
		for _, p := range []string{"李四", "王五", "赵六", "孙八", "周九", "冯二", "陈大"} {
			if p != w.who {
				w.others = append(w.others, p)
			}
		}
		if slices.Contains(in.script[form.Insiders], form.OptionID(w.zero.ID(w.who))) {
			t.Skip("nobody reports themselves")
		}
		w.meanwhile()
		w.file()
		w.heard()
		w.compare()
		w.meanwhile()
		w.compare()
		r := w.event.Records()
		last := r[slices.IndexFunc(r, func(x record.Record) bool { return x.Signer.Name == w.who })]
		if in.direct {
			direct++
			w.bypassed(last)
		} else {
			inside++
		}
	})
	if direct == 0 || inside == 0 {
		t.Fatalf("%d direct reports, %d to the institution", direct, inside)
	}
}

// bypassed checks that a direct report reaches nobody of the institution.
func (w *twin) bypassed(r record.Record) {
	if len(r.Report.Stops) == 0 {
		w.t.Fatal("a direct report goes nowhere")
	}
	for _, m := range w.event.Desk(w.who).Directory.Members {
		if m.Unit == law.UnitID(r.Institution.ID) && recipients(w.event)[m.Name] {
			w.t.Fatalf("%s receives a direct report", m.Name)
		}
	}
}
