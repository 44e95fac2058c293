package db_test

import (
	"slices"
	"testing"

	"liuhen/flows/law"
	"liuhen/storage/db"
)

// The first daily round puts away what an earlier release left in the outbox: messages about reports that are not under way any more. What
// is under way, and what is about no report, stays; whoever was told still sees the news, and is not told twice.
func TestTheFirstSweepPutsEarlierMessagesAway(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s := direct()
		who := s.Appraisers[0]
		s.told(db.Report)
		s.do(s.CityOfficer, s.City, law.Accept) // a word to its signer, under way
		var id string
		must(t, s.d.SQL().QueryRowContext(t.Context(), "SELECT id FROM outbox WHERE kind = 'word'").Scan(&id))
		exec(t, s.d, "UPDATE outbox SET state = 'sent', why = '' WHERE id = $1", id) // as an earlier release noted it
		due := count(t, s.d, "SELECT due_ms FROM outbox WHERE id = $1", id)
		for _, x := range [][3]string{{"an old move", "moved", "closed"}, {"an old word", "word", "sent"}, {"a move under way", "moved", "due"}, {"an old digest", "digest", "sent"}} {
			exec(t, s.d, `INSERT INTO outbox (id, person, kind, ref, due_ms, lease_ms, attempts, state, why) VALUES ($1, $2, $3, $4, $5, 0, 1, $6, '')`,
				x[0], who.ID, x[1], s.record.ID, due, x[2])
		}
		before := desk(t, s.d, who).Moved
		if _, err := s.d.Reroute(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM told"); n != 3 {
			t.Errorf("%d messages are put away, want 3", n)
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM outbox WHERE kind IN ('moved', 'word')"); n != 1 {
			t.Errorf("%d are under way, want 1", n)
		}
		if n := count(t, s.d, "SELECT COUNT(*) FROM outbox WHERE id = 'an old digest'"); n != 1 {
			t.Error("a message about no report was put away")
		}
		if after := desk(t, s.d, who).Moved; len(after) != 1 || !slices.Equal(before, after) {
			t.Errorf("the news were %v, are %v", before, after)
		}
		rows := contents(t, s.d)
		if _, err := s.d.Reroute(t.Context()); err != nil || contents(t, s.d) != rows {
			t.Errorf("the second round changed something: %v", err)
		}
		_, err := s.d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) })
		must(t, err)
	})
}
