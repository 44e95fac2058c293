// Package text holds every sentence a person reads, in Simplified Chinese (default) and English, under typed keys.
package text

import "fmt"

// Key names a sentence.
type Key string

// Locales that have a catalog.
const (
	ZhHans = "zh-Hans"
	En     = "en"
)

// Say is the sentence named k in the locale, with its arguments filled in. An unknown locale reads the default catalog.
func Say(locale string, k Key, args ...any) string {
	c := zh
	if locale == En {
		c = en
	}
	s := c[k]
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}
