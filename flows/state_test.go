package flows_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// frozenDesk is the desk that a frozen state is looked at with: the world before anybody filed, and, where an entry or a
// report is read, the frozen event record.
func frozenDesk(t *testing.T, who string, s flows.State) flows.Desk {
	t.Helper()
	w := newWorld(t)
	if !slices.Contains(w.Names(), who) {
		return flows.Desk{Now: flowstest.Start}
	}
	d := w.Desk(who)
	b, err := os.ReadFile("record/testdata/event_1.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	switch s.Place {
	case flows.AtRecord:
		d.Records = []flows.Receipt{{ID: r.ID, CaseID: r.Case.ID, Number: r.Case.Number, Signed: r.Signed, Digest: "SHA-256 " + record.Digest(b)}}
		d.Entry = &r
	case flows.AtProtect:
		d.Protect = &flows.Protect{Record: r, Directory: d.Directory, Linked: flows.LinkedReports(r, nil)}
	case flows.AtPlaint:
		act := record.Act{ID: "a", Report: s.Subject, Kind: law.Complain, By: r.Signer, At: r.Signed, Text: "谁：某人"}
		d.Complaint = &flows.Complaint{Entry: r.ID, Follow: flows.Follow{Report: s.Subject, Standing: law.Waiting, Acts: []record.Act{act}, May: []law.ActKind{law.Reply}}}
	case flows.AtReport:
		d.Inbox = []flows.Card{{ID: s.Subject, Arrived: r.Signed}}
		d.Report = &flows.Report{ID: s.Subject, Record: r, Arrived: r.Signed}
	}
	return d
}

// drawn is a screen as a reader sees it.
func drawn(s flows.Screen) string {
	var b strings.Builder
	if s.Protect {
		b.WriteString("（内容受保护，不能转发、复制）\n")
	}
	for _, l := range strings.Split(strings.TrimRight(s.Text, "\n"), "\n") {
		b.WriteString(strings.TrimRight("│ "+l, " ") + "\n")
	}
	for _, row := range s.Rows {
		for i, x := range row {
			if i > 0 {
				b.WriteString(" ")
			}
			fmt.Fprintf(&b, "[%s]", x.Label)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestFrozenStates: dialogs as earlier releases stored them are read for ever, nothing of them is lost, and their screens
// are what stands beside them.
func TestFrozenStates(t *testing.T) {
	files, err := filepath.Glob("testdata/states/*/*.json")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d frozen states: %v", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".json"), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s, err := flows.ParseState(b)
			if err != nil {
				t.Fatal(err)
			}
			again, err := s.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			var stored, kept any
			if json.Unmarshal(b, &stored) != nil || json.Unmarshal(again, &kept) != nil || !reflect.DeepEqual(stored, kept) {
				t.Fatalf("stored\n%s\nkept\n%s", b, again)
			}
			datadriven.RunTest(t, strings.TrimSuffix(f, ".json")+".txt", func(t *testing.T, td *datadriven.TestData) string {
				return drawn(flows.View(s, frozenDesk(t, td.CmdArgs[0].Key, s)))
			})
		})
	}
}

// TestEveryKindIsFrozen: each place, question and kind of item stands among the frozen states.
func TestEveryKindIsFrozen(t *testing.T) {
	seen := map[any]bool{}
	files, _ := filepath.Glob("testdata/states/1/*.json")
	for _, f := range files {
		b, _ := os.ReadFile(f)
		s, _ := flows.ParseState(b)
		seen[s.Place], seen[s.Ask], seen[len(s.Shelf) > 0] = true, true, true
		if s.Sheet != nil {
			it, open := form.Edition2020.Next(s.Sheet.Answers)
			seen[it.Kind], seen[fmt.Sprint("open ", open)] = true, true
		}
	}
	for _, x := range []any{
		flows.AtDoor, flows.AtMenu, flows.AtFile, flows.AtNumber, flows.AtMatter, flows.AtSheet, flows.AtTodo, flows.AtRecord, flows.AtReport, flows.AtProtect, flows.AtPlaint, flows.AtRule,
		flows.AskCancel, flows.AskZero, flows.AskEdit, true, "open false",
		form.Choice, form.Boxes, form.Day, form.Line, form.Story, form.Files,
	} {
		if !seen[x] {
			t.Errorf("no frozen state with %T %v", x, x)
		}
	}
}

func TestParseState(t *testing.T) {
	if s, err := flows.ParseState(nil); err != nil || !reflect.DeepEqual(s, flows.State{Version: flows.StateVersion}) {
		t.Errorf("no bytes: %+v, %v", s, err)
	}
	for what, b := range map[string]string{
		"newer": `{"v":2,"place":"menu","turn":0}`, "no layout": `{"place":"menu","turn":0}`, "negative": `{"v":-1}`,
		"half": `{"v":1,"place":"me`, "other kind": `[]`, "text": `menu`, "trailing": `{"v":1}{"v":1}`, "wrong type": `{"v":1,"turn":"x"}`,
		"binary": "\x00\xff", "null sheet list": `{"v":1,"shelf":[1]}`,
	} {
		if s, err := flows.ParseState([]byte(b)); err == nil || !reflect.DeepEqual(s, flows.State{}) {
			t.Errorf("%s: %+v, %v", what, s, err)
		}
	}
	if _, err := flows.ParseState([]byte(`{"v":2}`)); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer layout: %v", err)
	}
}

// TestSpoiltStates: bytes that were altered give an error, or a dialog that can be drawn and used: never a panic.
func TestSpoiltStates(t *testing.T) {
	files, _ := filepath.Glob("testdata/states/1/*.json")
	var all [][]byte
	for _, f := range files {
		b, _ := os.ReadFile(f)
		all = append(all, b)
	}
	desk := newWorld(t).Desk("张三")
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(rapid.SampledFrom(all).Draw(t, "state"))
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			b[i] = rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte(`"{}[],:0x`))).Draw(t, "byte")
		}
		s, err := flows.ParseState(b)
		if err != nil {
			return
		}
		for i, tap := range append(buttons(flows.View(s, desk)), flows.Tap{Verb: flows.DoNext}) {
			e := flows.Event{ID: int64(i) + 1<<40, At: flowstest.Start, Fresh: "0123456789abcdef", Do: tap}
			next, _ := flows.Step(s, desk, e)
			flows.View(next, desk)
		}
	})
}
