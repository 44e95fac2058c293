// Package flowstest runs golden conversations: text files a lawyer can read, in which people open the bot, press buttons,
// write, and see screens. The same files run against the pure core ([NewWorld]) and against the whole program.
package flowstest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// Stage is where a conversation is played: a world with people in it. Every act returns what the person then sees.
type Stage interface {
	// Open presses Start, or the button of a notice, or follows an invitation when link is not empty.
	Open(person, link string) error
	// Command chooses an entry of the menu of commands, without the slash.
	Command(person, name string) error
	// Say sends a text.
	Say(person, words string) error
	// Tap presses the button with this label on the latest screen.
	Tap(person, label string) error
	// Send sends a piece of evidence of a kind with a name.
	Send(person, kind, name string) error
	// Leave takes somebody out of the register, as a list that says so does.
	Leave(person string) error
	// Join puts somebody on the register, as a list with this row does: 主管机关, 上级机关, 机构, 角色. They open their invitation then.
	Join(person string, row []string) error
	// Load takes a list of cases, or of roles that people got or lost, as the administrator loads it.
	Load(list string) error
	// Screen is what the person sees now.
	Screen(person string) Seen
	// Heard are the messages that came by themselves since the last call, for anybody, in order of the names.
	Heard() []Heard
	// Clock moves the time by a duration; what reporters are then told comes by itself. Reminders have conversations of their own.
	Clock(what string) error
	Days(n int) error // as many later: what is overdue climbs; nobody is reminded
}

// Seen is one person's present screen.
type Seen struct {
	Text    string
	Rows    [][]string
	Hint    string // the answer to the last press, or the line above the screen
	Protect bool
}

// Heard is one message that came by itself.
type Heard struct{ Person, Text string }

// Run plays every transcript in dir, each on a stage of its own.
func Run(t *testing.T, dir string, open func(t *testing.T) Stage) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts in %s: %v", dir, err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			stage := open(t)
			datadriven.RunTest(t, f, func(t *testing.T, td *datadriven.TestData) string {
				return play(t, stage, td)
			})
		})
	}
}

// play carries out one command: the first word is the act, the rest of the line says who; the input is what.
func play(t *testing.T, s Stage, td *datadriven.TestData) string {
	who := ""
	if len(td.CmdArgs) > 0 {
		who = td.CmdArgs[0].Key
	}
	lines := strings.Split(strings.TrimSpace(td.Input), "\n")
	var err error
	switch td.Cmd {
	case "open":
		err = s.Open(who, td.Input)
	case "command":
		err = s.Command(who, td.Input)
	case "say":
		err = s.Say(who, td.Input)
	case "long": // a text of n characters in messages of at most 4,000
		err = long(s, who, td)
	case "tap":
		for _, label := range lines {
			if err = s.Tap(who, label); err != nil {
				break
			}
		}
	case "send":
		for _, l := range lines {
			kind, name, _ := strings.Cut(l, " ")
			if err = s.Send(who, kind, name); err != nil {
				break
			}
		}
	case "leave":
		err = s.Leave(who)
	case "join":
		if row := strings.Split(strings.TrimSpace(td.Input), ","); len(row) == 4 {
			err = s.Join(who, row)
		} else {
			err = fmt.Errorf("a row has 4 columns, not %d", len(row))
		}
	case "load":
		err = s.Load(td.Input)
	case "clock":
		err = s.Clock(strings.TrimSpace(td.Input))
	case "days":
		var n int
		if _, err = fmt.Sscan(td.Input, &n); err == nil {
			err = s.Days(n)
		}
	case "look":
	default:
		t.Fatalf("%s: unknown act %q", td.Pos, td.Cmd)
	}
	if err != nil {
		t.Fatalf("%s: %v", td.Pos, err)
	}
	if slices.Contains([]string{"clock", "days", "leave", "join", "load"}, td.Cmd) {
		return output(nil, s)
	}
	seen := s.Screen(who)
	return output(&seen, s)
}

func long(s Stage, who string, td *datadriven.TestData) error {
	var n int
	if _, err := fmt.Sscan(td.Input, &n); err != nil {
		return err
	}
	for n > 0 {
		part := min(n, 4000)
		if err := s.Say(who, strings.Repeat("事", part)); err != nil {
			return err
		}
		n -= part
	}
	return nil
}

// output is what stands in the transcript: hint, screen, buttons, and messages that came to anybody meanwhile.
func output(seen *Seen, s Stage) string {
	var b strings.Builder
	if seen != nil {
		if seen.Hint != "" {
			fmt.Fprintf(&b, "（%s）\n", seen.Hint)
		}
		if seen.Protect {
			b.WriteString("（内容受保护，不能转发、复制）\n")
		}
		for _, l := range strings.Split(strings.TrimRight(shorten(seen.Text), "\n"), "\n") {
			b.WriteString(strings.TrimRight("│ "+l, " ") + "\n")
		}
		for _, row := range seen.Rows {
			for i, label := range row {
				if i > 0 {
					b.WriteString(" ")
				}
				fmt.Fprintf(&b, "[%s]", label)
			}
			b.WriteString("\n")
		}
	}
	for _, h := range s.Heard() {
		fmt.Fprintf(&b, "→ %s：%s\n", h.Person, h.Text)
	}
	if b.Len() == 0 {
		return "（无）\n"
	}
	return b.String()
}

var (
	digests = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	shorts  = regexp.MustCompile(`SHA-256 [0-9a-f]{16}…`)
	numbers = regexp.MustCompile(`(记录号：|entry no\. |Entry no\.: |记录号 )[A-Za-z0-9]{20,}`)
	repeats = regexp.MustCompile(`事{50,}`)
)

// shorten takes out what differs from run to run and what no reader needs.
func shorten(s string) string {
	s = digests.ReplaceAllString(s, "〈摘要〉")
	s = shorts.ReplaceAllString(s, "SHA-256 〈摘要〉")
	s = numbers.ReplaceAllString(s, "$1〈记录号〉")
	return repeats.ReplaceAllStringFunc(s, func(r string) string {
		return fmt.Sprintf("〈%d 字〉", len([]rune(r)))
	})
}
