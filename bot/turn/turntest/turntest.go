// Package turntest is a small conversation and a store in memory for tests of turns: every act leaves a trace on the screen,
// so that a screen tells what was done, in which order, and how often.
package turntest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

// Store keeps records in memory. It outlives handlers, as a database does.
type Store struct {
	// Fault, when set, is asked before each call, by its name; an error fails the call.
	Fault func(call string) error
	// After, when set, is asked after each call: an error is given although the call succeeded.
	After func(call string) error

	mu      sync.Mutex
	records []string
	commits int
	reached map[int64]bool
	where   []db.Where
	files   map[string]form.File
}

// ErrDown is a store that cannot be reached.
var ErrDown = errors.New("store: connection refused")

func (s *Store) enter(call string) error {
	if s.Fault != nil {
		return s.Fault(call)
	}
	return nil
}

func (s *Store) leave(call string) error {
	if s.After != nil {
		return s.After(call)
	}
	return nil
}

// Caller implements turn.Store: everybody is bound.
func (s *Store) Caller(_ context.Context, account int64) (db.Caller, error) {
	return db.Caller{Account: account, Person: fmt.Sprint("p", account)}, s.enter("caller")
}

// Desk implements turn.Store.
func (s *Store) Desk(_ context.Context, c db.Caller, w db.Where) (flows.Desk, error) {
	if err := s.enter("desk"); err != nil {
		return flows.Desk{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.where = append(s.where, w)
	d := flows.Desk{Locale: text.ZhHans, Me: flows.Me{ID: c.Person}}
	for _, id := range s.records {
		d.Records = append(d.Records, flows.Receipt{ID: id})
	}
	return d, nil
}

// Commit implements turn.Store; a record's ID is its natural key.
func (s *Store) Commit(_ context.Context, _ db.Caller, _ int64, _ time.Time, effects []flows.Durable) error {
	if err := s.enter("commit"); err != nil {
		return err
	}
	s.mu.Lock()
	s.commits++
	for _, e := range effects {
		if f, ok := e.(flows.File); ok && !slices.Contains(s.records, f.Record.ID) {
			s.records = append(s.records, f.Record.ID)
		}
	}
	s.mu.Unlock()
	return s.leave("commit")
}

// Evidence implements turn.Store.
func (s *Store) Evidence(_ context.Context, _ db.Caller, _ int64, _, file string) (form.File, error) {
	if err := s.enter("evidence"); err != nil {
		return form.File{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[file]
	if !ok {
		return form.File{}, db.ErrDenied
	}
	return f, nil
}

// Entry implements turn.Store: every entry is the caller's own.
func (s *Store) Entry(_ context.Context, _ db.Caller, _ int64, id string) (record.Record, []flows.Explained, error) {
	return record.Record{ID: id}, nil, s.enter("entry")
}

// Letter implements turn.Store: there are none.
func (s *Store) Letter(context.Context, db.Caller, int64, string, string) (record.Letter, error) {
	return record.Letter{}, errors.Join(db.ErrDenied, s.enter("letter"))
}

// Allow makes Evidence give the file out.
func (s *Store) Allow(f form.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string]form.File{}
	}
	s.files[f.ID] = f
}

// Reach implements turn.Watch.
func (s *Store) Reach(_ context.Context, account int64, reachable bool) error {
	if err := s.enter("reach"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reached == nil {
		s.reached = map[int64]bool{}
	}
	s.reached[account] = reachable
	return nil
}

// Ping implements turn.Watch.
func (s *Store) Ping(context.Context) error { return s.enter("ping") }

// Records are the IDs of the records filed, in order.
func (s *Store) Records() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.records)
}

// Reached is what is known of who can be reached.
func (s *Store) Reached() map[int64]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.reached)
}

// Looked lists what was open at each loading of a desk.
func (s *Store) Looked() []db.Where {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.where)
}

// Step is a conversation that notes each act. It follows the one rule of the real one that turns rest on: an event seen
// before changes nothing. The text "panic" panics.
func Step(s flows.State, _ flows.Desk, e flows.Event) (flows.State, []flows.Effect) {
	if slices.Contains(s.Seen, e.ID) {
		return s, nil
	}
	s.Seen = append(slices.Clone(s.Seen), e.ID)
	var effects []flows.Effect
	switch a := e.Do.(type) {
	case flows.Open:
		s.Place, s.Sheet = flows.AtSheet, &flows.Sheet{Draft: e.Fresh}
		s.Number += "open;"
	case flows.Command:
		s.Number += "command " + string(a.Name) + ";"
	case flows.Say:
		if a.Text == "panic" {
			panic("canary-" + a.Text)
		}
		s.Number += "say " + a.Text + ";"
		effects = append(effects, flows.Hint{Say: text.HintKept, Args: []any{len(s.Seen)}})
	case flows.Odd:
		s.Number += fmt.Sprintf("odd %d;", a.Why)
	case flows.Attach:
		s.Number += "file " + a.File.Kind + " " + a.File.SHA256[:min(8, len(a.File.SHA256))] + ";"
	case flows.Tap:
		s, effects = press(s, a)
	}
	return s, effects
}

func press(s flows.State, a flows.Tap) (flows.State, []flows.Effect) {
	switch a.Verb {
	case flows.DoSign:
		s.Number += "sign;"
		return s, []flows.Effect{flows.File{Record: record.Record{ID: "r" + a.Arg}}, flows.Hint{Say: text.HintFiled, Alert: true}}
	case flows.DoEvidence:
		return s, []flows.Effect{flows.Hand{Of: "r1", File: form.File{ID: a.Arg}}}
	case flows.DoRead:
		s.Place, s.Subject = flows.AtReport, a.Arg
		return s, []flows.Effect{flows.Read{Report: a.Arg}}
	case flows.DoBack:
		s.Place, s.Subject = flows.AtSheet, ""
		return s, nil
	case flows.DoPage: // changes nothing that is shown
		return s, nil
	}
	s.Number += a.Arg + ";"
	return s, nil
}

// View shows everything that Step noted.
func View(s flows.State, d flows.Desk) flows.Screen {
	ids := make([]string, 0, len(d.Records))
	for _, r := range d.Records {
		ids = append(ids, r.ID)
	}
	tap := func(label string, v flows.Verb, arg string) flows.Button {
		return flows.Button{Label: label, Tap: flows.Tap{Verb: v, Arg: arg}}
	}
	number := s.Number
	if len(number) > 3000 {
		number = number[len(number)-3000:]
	}
	return flows.Screen{
		Text:    "trail: " + number + "\nrecords: " + strings.Join(ids, " "),
		Protect: s.Place == flows.AtReport,
		Rows: [][]flows.Button{
			{tap("A", flows.DoBox, "A"), tap("B", flows.DoBox, "B"), tap("C", flows.DoBox, "C")},
			{tap("sign", flows.DoSign, "1"), tap("read", flows.DoRead, "x"), tap("back", flows.DoBack, "")},
			{tap("same", flows.DoPage, "0"), tap("hand", flows.DoEvidence, "f1"), tap("denied", flows.DoEvidence, "f2")},
		},
	}
}
