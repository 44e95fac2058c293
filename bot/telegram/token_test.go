package telegram

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liuhen/flows"
	"liuhen/flows/form"
)

// TestLongestTokens holds the longest taps the conversation makes against the limit.
func TestLongestTokens(t *testing.T) {
	id := strings.Repeat("k", 26)
	var all []form.ItemID
	for _, it := range form.Edition2020.Items {
		all = append(all, it.ID)
	}
	taps := []flows.Tap{
		{Verb: flows.DoGo, Arg: string(flows.AtRecords)},
		{Verb: flows.DoCase, Arg: id},
		{Verb: flows.DoRecord, Arg: id},
		{Verb: flows.DoRead, Arg: id},
		{Verb: flows.DoCorrect, Arg: id},
		{Verb: flows.DoAdd, Arg: id},
		{Verb: flows.DoEvidence, Arg: id[:12]},
	}
	for _, item := range all {
		if letters[item] == "" {
			t.Errorf("item %s has no letter", item)
		}
		taps = append(taps, flows.Tap{Verb: flows.DoBox, Draft: id[:8], Turn: 1 << 20, Item: item, Arg: strings.Repeat("p", 36), On: true})
	}
	for _, tap := range taps {
		data, ok := Token(tap)
		if !ok || len(data) > tokenLimit {
			t.Errorf("%+v: %q does not fit", tap, data)
		}
		if back, ok := ParseToken(data); !ok || back != tap {
			t.Errorf("%q reads as %+v", data, back)
		}
	}
}

// TestOldTokens: buttons live for years, so that these must stay readable for ever. Never edit, only add.
func TestOldTokens(t *testing.T) {
	for data, want := range map[string]flows.Tap{
		"1-go....menu":                      {Verb: flows.DoGo, Arg: "menu"},
		"1+bx.abcdefgh..C.a31":              {Verb: flows.DoBox, Draft: "abcdefgh", Item: form.Article3, Arg: "a31", On: true},
		"1-nx.abcdefgh.1z..":                {Verb: flows.DoNext, Draft: "abcdefgh", Turn: 71},
		"1-sg.abcdefgh.2..0123456789abcdef": {Verb: flows.DoSign, Draft: "abcdefgh", Turn: 2, Arg: "0123456789abcdef"},
	} {
		if got, ok := ParseToken(data); !ok || got != want {
			t.Errorf("%s reads as %+v, %v", data, got, ok)
		}
		if again, ok := Token(want); !ok || again != data {
			t.Errorf("%+v is written %s", want, again)
		}
	}
}

func TestTokenRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.StringMatching(`[a-z0-9]{0,12}`), rapid.String())
		tap := flows.Tap{
			Verb: flows.Verb(rapid.OneOf(rapid.StringMatching(`[a-z]{2}`), rapid.String()).Draw(t, "verb")), Draft: word.Draw(t, "draft"),
			Turn: rapid.Int().Draw(t, "turn"), Item: form.ItemID(word.Draw(t, "item")), Arg: word.Draw(t, "arg"), On: rapid.Bool().Draw(t, "on"),
		}
		data, ok := Token(tap)
		if !ok {
			return
		}
		if len(data) > tokenLimit {
			t.Fatalf("%d bytes", len(data))
		}
		if back, ok := ParseToken(data); !ok || back != tap {
			t.Fatalf("%q reads as %+v, want %+v", data, back, tap)
		}
	})
}

func FuzzToken(f *testing.F) {
	for _, s := range []string{"", "1", "1-", "1-go....menu", "1+bx.abcdefgh.1.C.a31", "1-nx..0..", "1-nx..01..", "1-nx..-1..", "1-nx..ZZ..", "1-n\x00....", "1-nx...article3.x", strings.Repeat("1", 65)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		tap, ok := ParseToken(data)
		if !ok {
			if tap != (flows.Tap{}) {
				t.Fatalf("%q is refused but gives %+v", data, tap)
			}
			return
		}
		if again, fits := Token(tap); !fits || again != data {
			t.Fatalf("%q is accepted but would be written %q", data, again)
		}
	})
}

func TestMalformedTokens(t *testing.T) {
	for _, data := range []string{
		"", "1", "1-", "2-go....menu", "1*go....menu", "1-go...menu", "1-goo....menu", "1-nx..0..", "1-nx..01..", "1-nx..A..",
		"1-nx..-1..", "1-bx...article3.x", "1-go....a\x00b", "1-go....\xff", "1-go....a\u202eb", "1-go...." + strings.Repeat("x", 57), "1-nx..zzzzzzzzzzzz..",
	} {
		if tap, ok := ParseToken(data); ok {
			t.Errorf("%q is taken for %+v", data, tap)
		}
	}
}
