package db

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
)

// Messages that say something about a report tie the person to it: of an appraiser, that the report is their own. In the outbox
// they stand as long as they are under way; then they are put away, sealed, under names that tell nothing.

// about are the kinds of such messages.
var about = []string{string(Moved), string(Word), string(CheckIn)}

// telling is such a message, for the pages that show of what there is news.
type telling struct {
	ID     string `json:"id"`
	Person string `json:"person"`
	Kind   Kind   `json:"kind"`
	Ref    string `json:"ref"`
	Due    int64  `json:"due"`
}

func (d *DB) toldID(id string) string { return hex.EncodeToString(d.Keys.MAC("told", []byte(id))) }

func (d *DB) toldTo(person string) string {
	return hex.EncodeToString(d.Keys.MAC("told to", []byte(person)))
}

// putAway takes messages about reports that are not under way any more out of the outbox; where narrows them.
func (t *tx) putAway(where string, args ...any) error {
	found, err := rows(t, func(x *telling) []any { return []any{&x.ID, &x.Person, &x.Kind, &x.Ref, &x.Due} },
		"SELECT id, person, kind, ref, due_ms FROM outbox WHERE kind IN "+list(1, len(about))+" AND state IN ('sent', 'closed') AND "+where,
		append(anys(about), args...)...)
	if err != nil {
		return err
	}
	for _, x := range found {
		id := t.d.toldID(x.ID)
		head, err := t.seal(x, "told", id, "head")
		if err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO told (id, whom, head) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", id, t.d.toldTo(x.Person), head); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM outbox WHERE id = $1", x.ID); err != nil {
			return err
		}
	}
	return nil
}

// tellings are all messages about reports to somebody, those under way and those put away, by their IDs.
func (t *tx) tellings(person string) ([]telling, error) {
	out, err := rows(t, func(x *telling) []any { return []any{&x.ID, &x.Person, &x.Kind, &x.Ref, &x.Due} },
		"SELECT id, person, kind, ref, due_ms FROM outbox WHERE person = $1 AND kind IN "+list(2, len(about)), append([]any{person}, anys(about)...)...)
	if err != nil {
		return nil, err
	}
	away, err := t.away(toRemind, person)
	if err != nil {
		return nil, err
	}
	out = append(out, away...)
	slices.SortFunc(out, func(a, b telling) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// away are those that were put away.
func (t *tx) away(as pass, person string) (out []telling, err error) {
	type row struct {
		id   string
		head []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.head} }, "SELECT id, head FROM told WHERE whom = $1 ORDER BY id", t.d.toldTo(person))
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "told", found, func(r row) string { return r.id }); err != nil {
		return nil, err
	}
	for _, r := range found {
		var x telling
		if err := t.unseal(as, r.head, &x, "told", r.id, "head"); err != nil {
			return nil, err
		}
		if x.Person != person || t.d.toldID(x.ID) != r.id {
			return nil, fmt.Errorf("told %s: it belongs to another row", r.id)
		}
		out = append(out, x)
	}
	return out, nil
}

// lately are what somebody was told of since a moment, the latest first.
func (t *tx) lately(person string, since int64, kinds ...Kind) (refs []string, err error) {
	all, err := t.tellings(person)
	last := map[string]int64{}
	for _, x := range all {
		if x.Due > since && slices.Contains(kinds, x.Kind) {
			last[x.Ref] = max(last[x.Ref], x.Due)
		}
	}
	for ref := range last {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b string) int {
		return cmp.Or(cmp.Compare(last[b], last[a]), cmp.Compare(a, b))
	})
	return refs, err
}

// wasPosted reports whether there is or was a message of that ID.
func (t *tx) wasPosted(id string) (bool, error) {
	var n int
	_, err := t.one([]any{&n}, "SELECT (SELECT COUNT(*) FROM outbox WHERE id = $1) + (SELECT COUNT(*) FROM told WHERE id = $2)", id, t.d.toldID(id))
	return n > 0, err
}
