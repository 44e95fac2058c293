package flowstest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
)

// Open implements Stage.
func (w *World) Open(person, link string) error {
	if _, ok := w.people[person]; !ok {
		return fmt.Errorf("nobody is called %s", person)
	}
	if link != "" {
		w.people[person].bound = false
	}
	w.act(person, flows.Open{Link: link})
	return nil
}

func (w *World) act(person string, a flows.Action) {
	p := w.people[person]
	_, p.pressed = a.(flows.Tap)
	p.hint = ""
	w.Do(person, a)
}

// Command implements Stage.
func (w *World) Command(person, name string) error {
	w.act(person, flows.Command{Name: flows.Place(name)})
	return nil
}

// Say implements Stage.
func (w *World) Say(person, words string) error {
	w.act(person, flows.Say{Text: words})
	return nil
}

// Tap implements Stage.
func (w *World) Tap(person, label string) error {
	for _, row := range w.View(person).Rows {
		for _, b := range row {
			if b.Label == label {
				w.act(person, b.Tap)
				return nil
			}
		}
	}
	return fmt.Errorf("没有按钮 %s", label)
}

// Send implements Stage.
func (w *World) Send(person, kind, name string) error {
	content := []byte(kind + " " + name)
	sum := sha256.Sum256(content)
	if kind == "photo" || kind == "voice" || kind == "video_note" { // no channel carries names for these
		name = ""
	}
	w.act(person, flows.Attach{File: form.File{
		ID: fmt.Sprintf("f%d", w.events), Kind: kind, Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
		Blob: "b", Received: w.now,
	}})
	return nil
}

// Screen implements Stage.
func (w *World) Screen(person string) Seen {
	s, p := w.View(person), w.people[person]
	seen := Seen{Text: s.Text, Hint: p.hint, Protect: s.Protect}
	if !p.pressed && p.hint != "" { // no press to answer: the words stand above the screen
		seen.Text, seen.Hint = p.hint+"\n\n"+s.Text, ""
	}
	for _, row := range s.Rows {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Label)
		}
		seen.Rows = append(seen.Rows, labels)
	}
	return seen
}

// Heard implements Stage.
func (w *World) Heard() []Heard {
	out := w.heard
	w.heard = nil
	sort.SliceStable(out, func(i, j int) bool { return out[i].Person < out[j].Person })
	return out
}

// Clock implements Stage.
func (w *World) Clock(what string) error {
	d, err := time.ParseDuration(what)
	if err != nil {
		return err
	}
	w.now = w.now.Add(d)
	if work, _ := calendar.IsWorkday(law.DateOf(w.now)); work && !(law.Policy{}).Quiet(w.now.Hour()) {
		w.tellReporters()
	}
	return nil
}

// Days implements Stage.
func (w *World) Days(n int) error {
	w.now = w.now.AddDate(0, 0, n)
	w.climb()
	return nil
}
