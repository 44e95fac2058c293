package main

import (
	"context"
	"fmt"
	"strings"

	"liuhen/bot/paper"
)

// fonts tells which additional fonts there are, and what names of the register still lack.
func (k *checkup) fonts(ctx context.Context) {
	const what = "fonts"
	fonts, faults := readFonts(k.c.Data)
	for _, err := range faults {
		k.fault(what, "%v", err)
	}
	for _, f := range fonts {
		k.good(what, "%s/%s adds %d characters", fontFolder, f.Name, f.Adds)
	}
	if k.db == nil {
		return
	}
	dir, err := k.db.Directory(ctx)
	if err != nil {
		return // told with the routes
	}
	var names strings.Builder
	for _, u := range dir.Units {
		names.WriteString(u.Name)
	}
	for _, m := range dir.Members {
		names.WriteString(m.Name)
	}
	lacking, err := paper.Lacking(names.String(), fonts)
	if err != nil {
		k.fault(what, "%v", err)
		return
	}
	if len(lacking) > 0 {
		k.warn(what, "names in the register have characters that no font has, which prints show as a mark (%s): "+
			"put a TrueType font that has them into the data folder as %s/NAME.ttf, then start the bot anew", codes(lacking), fontFolder)
	}
}

// codes are characters with their code points.
func codes(list []rune) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%c %U", r, r))
	}
	return strings.Join(out, ", ")
}
