//go:build !race

package intake

// Bombs as large as the limits let through.
const (
	bombPart = maxPart
	bombText = MaxFileBytes - 100
)
