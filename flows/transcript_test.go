package flows_test

import (
	"testing"

	"liuhen/flows/flowstest"
)

// TestTranscripts plays the golden conversations against the pure core. bot plays the same files against the whole program.
func TestTranscripts(t *testing.T) {
	flowstest.Run(t, "testdata/transcripts", func(t *testing.T) flowstest.Stage {
		w, err := flowstest.NewWorld("testdata/world")
		if err != nil {
			t.Fatal(err)
		}
		return w
	})
}
