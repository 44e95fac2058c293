package main

import (
	"testing"

	"liuhen/flows/flowstest"
	"liuhen/storage/dialogs/dialogstest"
)

// TestTranscripts plays the golden conversations of flows against the whole program: emulator, turns, a real redis-server,
// SQLite, outbox. Word for word they are those of the pure core.
func TestTranscripts(t *testing.T) {
	seed := seedLife(t)
	redis := dialogstest.StartRedis(t)
	flowstest.Run(t, "../flows/testdata/transcripts", func(t *testing.T) flowstest.Stage {
		redis.Do("FLUSHALL") // all stages have the same keys and people
		s := newStage(t, staging{seed: seed, redis: redis.URL})
		s.deaf = true
		return s
	})
}
