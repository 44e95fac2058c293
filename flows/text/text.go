// Package text holds every sentence a person reads, in Simplified Chinese (default) and English, under typed keys. Each room
// of the house has a file of its own with its keys and both catalogs; zh.go and en.go hold those of the sheet.
package text

import (
	"fmt"
	"maps"
)

// Key names a sentence.
type Key string

// Locales that have a catalog.
const (
	ZhHans = "zh-Hans"
	En     = "en"
)

// zh and en are all texts, room by room.
var (
	zh = union(
		formZh,
		handlingZh,
		integrityZh,
		keepingZh,
		protectZh,
		peopleZh,
		lettersZh,
		accessZh,
		receiptZh,
		dutiesZh,
		decideZh,
		absenceZh,
		filingsZh,
		checkpointZh,
		transferZh,
		signersZh,
	)
	en = union(
		formEn,
		handlingEn,
		integrityEn,
		keepingEn,
		protectEn,
		peopleEn,
		lettersEn,
		accessEn,
		receiptEn,
		dutiesEn,
		decideEn,
		absenceEn,
		filingsEn,
		checkpointEn,
		transferEn,
		signersEn,
	)
)

func union(parts ...map[Key]string) map[Key]string {
	all := map[Key]string{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}

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
