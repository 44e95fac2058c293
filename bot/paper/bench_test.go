package paper

import "testing"

// BenchmarkSheets prints the ordinary case: two signers.
func BenchmarkSheets(b *testing.B) {
	records := zeros(2)
	for b.Loop() {
		if _, err := Composed(records, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
