//go:build race

package intake

// The race detector makes parsing some forty times slower: smaller bombs prove as much about races.
const (
	bombPart = maxPart / 32
	bombText = MaxFileBytes / 32
)
