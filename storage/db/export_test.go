package db

// WithoutLine lets SQLite alone sort out its writers, for the benchmark.
func WithoutLine(d *DB) { d.writer = nil }
