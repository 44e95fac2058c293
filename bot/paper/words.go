package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"liuhen/flows/form"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// besideLimit is how many characters of the text beside 其他 stand on its line; a longer one moves to 具体情况.
const besideLimit = 40

func say(k text.Key, args ...any) string { return text.Say(text.ZhHans, k, args...) }

func itemName(id form.ItemID) string { return say(text.Key("item." + string(id))) }

// label is an option in the form's own words or, where the form has none, in the catalog's.
func label(id form.ItemID, o form.Option) string {
	if o.Label != "" {
		return o.Label
	}
	if s := say(text.Key("opt." + string(id) + "." + string(o.ID))); s != "" {
		return s
	}
	return say(text.Key("opt." + string(o.ID)))
}

// box is one box of the form with its label, and the text written beside it.
type box struct {
	label  string
	on     bool
	blank  bool // 其他____ has a line to write on
	beside string
}

// boxes are the boxes of an item as its block prints them. The second block has no 委托人 as published: a signer who names the
// client has ☑其他：委托人 there (AM-1).
func (b block) boxes(it form.Item) []box {
	var out []box
	moved := ""
	for _, o := range it.Options {
		if it.ID == form.Interferers && o.ID == form.Client && b.second && !b.clientBox {
			if b.answers().Has(it.ID, o.ID) {
				moved = o.Label
			}
			continue
		}
		x := box{label: o.Label, blank: o.NeedsText, on: b.answers().Has(it.ID, o.ID)}
		if x.on && o.NeedsText {
			x.beside = short(b.answers()[it.ID].Beside[o.ID])
		}
		if o.NeedsText && moved != "" {
			x.on = true
			x.beside = strings.Trim(moved+"；"+x.beside, "；")
		}
		out = append(out, x)
	}
	return out
}

// oneLine is a text that is set between others, without line breaks of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func short(s string) string {
	if utf8.RuneCountInString(s) > besideLimit {
		return text.PaperSeeBelow
	}
	return oneLine(s)
}

// story is what stands under 具体情况: everything the signer answered that is not a box of the sheet, then the story and the
// evidence. Party affiliation is not printed (R7.3), nor where the report went.
func (b block) story() string {
	if b.record == nil || b.record.Zero() {
		return ""
	}
	a := b.answers()
	var facts, lines []string
	for _, it := range b.edition.Visible(a) {
		given, ok := a[it.ID]
		switch it.ID {
		case form.Reason, form.Outcome, form.Party, form.Channel:
			continue
		case form.Interferers, form.Content:
			lines = append(lines, longBeside(it, given)...)
			continue
		}
		switch {
		case !ok:
		case it.Kind == form.Story:
			lines = append(lines, given.Parts...)
		case it.Kind == form.Files:
			lines = append(lines, evidence(given.Files)...)
		default:
			facts = append(facts, say(text.LineFormat, itemName(it.ID), value(it, given)))
		}
	}
	return strings.Join(append([]string{strings.Join(facts, "；") + "。"}, lines...), "\n")
}

func longBeside(it form.Item, given form.Answer) []string {
	var out []string
	for _, o := range it.Options {
		s := given.Beside[o.ID]
		if slices.Contains(given.Boxes, o.ID) && short(s) == text.PaperSeeBelow {
			out = append(out, fmt.Sprintf(text.PaperBeside, itemName(it.ID), o.Label, s))
		}
	}
	return out
}

// value is one answer in words.
func value(it form.Item, given form.Answer) string {
	switch it.Kind {
	case form.Choice, form.Boxes:
		return ticked(it, given)
	case form.Day:
		if t, err := time.Parse(time.DateOnly, given.Text); err == nil {
			return day(t)
		}
	case form.Line, form.Story, form.Files:
	}
	return given.Text
}

// ticked lists the ticked boxes; people are named as the entry names them.
func ticked(it form.Item, given form.Answer) string {
	var parts []string
	if it.From != form.Fixed {
		for _, o := range given.Boxes {
			parts = append(parts, given.Beside[o])
		}
		slices.Sort(parts)
		return strings.Join(parts, say(text.ListComma))
	}
	for _, o := range it.Options {
		if !slices.Contains(given.Boxes, o.ID) {
			continue
		}
		s := label(it.ID, o)
		if t := given.Beside[o.ID]; o.NeedsText && t != "" {
			s = say(text.GivenBeside, s, t)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, say(text.ListComma))
}

// evidence lists what was fixed (R4.2): kind, size and the beginning of the digest; no names of files.
func evidence(files []form.File) []string {
	if len(files) == 0 {
		return nil
	}
	out := []string{fmt.Sprintf(text.PaperEvidence, len(files))}
	for i, f := range files {
		kind := say(text.Key("file." + f.Kind))
		if kind == "" {
			kind = f.Kind
		}
		out = append(out, fmt.Sprintf(text.PaperFile, i+1, kind, f.Size, f.SHA256[:min(16, len(f.SHA256))]))
	}
	return out
}

func day(t time.Time) string { return say(text.DateFormat, t.Year(), int(t.Month()), t.Day()) }

// signed is the signing time of a record as the sheet prints it: the date of the block (AM-6), and date and time.
func signed(r *record.Record, zone *time.Location) (date, moment string) {
	if r == nil {
		return text.PaperNoDate, ""
	}
	t := r.Signed.In(zone)
	date = fmt.Sprintf(text.PaperDate, t.Year(), int(t.Month()), t.Day())
	return date, fmt.Sprintf(text.PaperSigned, r.Signer.Name, day(t)+t.Format(" 15:04:05"))
}
