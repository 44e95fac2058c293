package turn_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"liuhen/bot/sandbox"
	"liuhen/bot/turn"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/text"
)

func TestSameScreenIsNotSentAgain(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	r.ResetRequests()
	must(t, p.Tap(0, "same"))
	r.idle()
	if n := r.count("editMessageText"); n != 0 {
		t.Errorf("%d edits that change nothing", n)
	}
	r.kill()
	r.start()
	must(t, p.Tap(0, "same")) // after a restart what is shown is not known
	r.idle()
	r.shows(p, "open;")
	if n := p.Spinning(); n != 0 {
		t.Errorf("%d presses unanswered", n)
	}
}

// TestOldKeyboard presses a button of another message than the living one, as of a notice: it loses its buttons, the living
// message moves to the bottom.
func TestOldKeyboard(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	living := r.living(p)
	notice, err := r.client.Send(t.Context(), 11, flows.Screen{Text: "notice", Rows: [][]flows.Button{{{Label: "go", Tap: flows.Tap{Verb: flows.DoGo, Arg: "todo"}}}}})
	must(t, err)
	must(t, p.Tap(living.ID, "A"))
	r.idle()
	must(t, p.Tap(int64(notice), "go"))
	r.idle()
	m := r.shows(p, "open;A;todo;")
	if m.ID <= int64(notice) {
		t.Error("the living message is above the notice")
	}
	for _, x := range p.Messages() {
		if x.ID == living.ID {
			t.Error("the former living message is still there")
		}
	}
}

// TestVanished: the person deleted the living message; it comes anew.
func TestVanished(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := r.living(p)
	must(t, p.Tap(m.ID, "A"))
	p.Delete(m.ID)
	r.idle()
	must(t, func() error { p.TapData(m.ID, "1-bx...."); return nil }())
	r.idle()
	r.living(p)
	if n := p.Spinning(); n != 0 {
		t.Errorf("%d presses unanswered", n)
	}
}

func TestForgedPress(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := r.living(p)
	for _, data := range []string{"", "1", "zz", "1+sg...", strings.Repeat("1", 64), "2-go....menu"} {
		p.TapData(m.ID, data)
	}
	r.idle()
	r.shows(p, "open;"+strings.Repeat("odd 4;", 6))
}

// TestProtect: what may not be copied never shares a message with what may.
func TestProtect(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	plain := r.living(p)
	must(t, p.Tap(0, "read"))
	r.idle()
	m := r.shows(p, "open;")
	if !m.Protected || m.ID == plain.ID {
		t.Errorf("protected %v in message %d after %d", m.Protected, m.ID, plain.ID)
	}
	for _, w := range r.store.Looked() {
		if w.Subject != "" && (w.Place != flows.AtReport || w.Event == 0) {
			t.Errorf("content was loaded at %+v", w)
		}
	}
	must(t, p.Tap(0, "back"))
	r.idle()
	if again := r.living(p); again.Protected || again.ID == m.ID {
		t.Error("the menu stays protected")
	}
}

// TestProtectedContentGoes: where a report's screen cannot be deleted any more, its content goes.
func TestProtectedContentGoes(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	must(t, p.Tap(0, "read"))
	r.idle()
	old := r.living(p)
	r.first(1, "deleteMessage", sandbox.Fault{Status: 400, Text: "Bad Request: message can't be deleted for everyone"})
	must(t, p.Tap(0, "back"))
	r.idle()
	r.living(p)
	for _, m := range p.Messages() {
		if m.ID == old.ID && (m.Text != "…" || m.Keyboard != nil) {
			t.Errorf("the report's screen still says %q", m.Text)
		}
	}
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])[:8]
}

func TestEvidence(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	want := "open;"
	for _, kind := range []string{"photo", "document", "video", "voice", "video_note", "audio", "animation"} {
		b := []byte("bytes of " + kind)
		p.Send(kind, "a.bin", "", b, "caption")
		r.idle()
		want += "file " + kind + " " + sum(b) + ";"
		r.shows(p, want)
	}
	p.SendAlbum(sandbox.Attachment{Kind: "document", Name: "1", Data: []byte("1")}, sandbox.Attachment{Kind: "document", Name: "2", Data: []byte("2")})
	r.idle()
	want += fmt.Sprintf("file document %s;file document %s;", sum([]byte("1")), sum([]byte("2")))
	r.shows(p, want)
	p.Location(39.9, 116.4)
	p.Forward("帮帮忙", "某人")
	r.idle()
	if got := r.living(p).Text; !strings.Contains(got, want+"file location ") || !strings.Contains(got, ";file forwarded ") {
		t.Errorf("screen %q", got)
	}
}

func TestEvidenceThatCannotBeHad(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	p.Send("document", "big", "", bytes.Repeat([]byte("x"), 1<<20+1), "")
	r.idle()
	r.shows(p, "open;odd 2;")
	r.first(100, "file", sandbox.Fault{Status: 404})
	p.Send("document", "gone", "", []byte("x"), "")
	r.idle()
	r.shows(p, "open;odd 2;odd 3;")
	r.first(1, "file", sandbox.Fault{Drop: true})
	p.Send("document", "second try", "", []byte("x"), "")
	r.idle()
	r.shows(p, "open;odd 2;odd 3;file document "+sum([]byte("x"))+";")
	for _, stray := range []func() int64{p.Sticker, p.Poll, p.Contact} {
		stray()
	}
	r.idle()
	if got := r.living(p).Text; strings.Count(got, "odd 1;") != 3 {
		t.Errorf("screen %q", got)
	}
}

// TestSizeIsNotTrusted: what Telegram announces need not be true, so the limit is held while the bytes come.
func TestSizeIsNotTrusted(t *testing.T) {
	r := newRig(t, func(o *turn.Options) { o.FileLimit = 100 })
	p := r.open(11)
	p.Send("document", "a", "", make([]byte, 101), "")
	r.idle()
	r.shows(p, "open;odd 2;")
}

// TestNothingIsFetchedWithoutASheet: disks are finite.
func TestNothingIsFetchedWithoutASheet(t *testing.T) {
	r := newRig(t, nil)
	p := r.Phone(11, "张三")
	p.Send("document", "a", "", []byte("x"), "")
	r.idle()
	r.shows(p, "file document ;")
	if n := r.count("getFile"); n != 0 {
		t.Error("the file was fetched")
	}
}

func TestHand(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	b := []byte("the evidence")
	blob, err := r.blobs.Put(t.Context(), bytes.NewReader(b), 1<<20)
	must(t, err)
	r.store.Allow(form.File{ID: "f1", Kind: "voice", Size: blob.Size, Blob: blob.Name, Caption: "当天的电话"})
	must(t, p.Tap(0, "hand"))
	r.idle()
	var got sandbox.Message
	for _, m := range p.Messages() {
		if m.File != nil {
			got = m
		}
	}
	if r.living(p).ID < got.ID {
		t.Error("the screen stays above what was handed")
	}
	if got.Kind != "voice" || !got.Protected || got.Text != "当天的电话" || !bytes.Equal(p.Download(got.File.ID), b) {
		t.Errorf("handed %+v", got)
	}
	r.shows(p, "open;")
	must(t, p.Tap(0, "denied"))
	r.idle()
	if m := r.living(p); !strings.HasPrefix(m.Text, text.Say(text.ZhHans, text.SaySorry)) {
		t.Errorf("screen %q", m.Text)
	}
	if n := p.Spinning(); n != 0 {
		t.Errorf("%d presses unanswered", n)
	}
}

func TestEditedMessage(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	id := p.Say("a")
	r.idle()
	must(t, p.Edit(id, "b"))
	r.idle()
	r.shows(p, "open;say a;odd 5;")
}

func TestGroup(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	g := r.Group(-100, "群")
	g.AddBot(p)
	r.idle()
	if g.HasBot() {
		t.Error("the bot stays in a group")
	}
	said := 0
	for _, m := range g.Messages() {
		if m.FromBot {
			said++
		}
	}
	if said != 1 {
		t.Errorf("%d messages to the group", said)
	}
	r.shows(p, "open;")
}

// TestPromptness: the press is answered beside the edit, not before it.
func TestPromptness(t *testing.T) {
	r := newRig(t, nil)
	p := r.open(11)
	m := r.living(p)
	r.Fault(func(string, map[string]any) *sandbox.Fault { return &sandbox.Fault{Delay: 400 * time.Millisecond} })
	began := time.Now()
	must(t, p.Tap(m.ID, "A"))
	for p.Spinning() > 0 || !strings.Contains(lastScreen(p).Text, "A;") {
		time.Sleep(time.Millisecond)
		if time.Since(began) > 5*time.Second {
			t.Fatal("never")
		}
	}
	if took := time.Since(began); took > 750*time.Millisecond { // one after the other 800
		t.Errorf("answer and edit took %v", took)
	}
	r.Fault(nil)
	r.idle()
}
