package main

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font/gofont/gomono"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// TestFonts: names with characters that the embedded font lacks are told by check, and printed once there is a font that has them; one that
// cannot be used is told and stops nothing.
func TestFonts(t *testing.T) {
	environ, dir, _ := installation(t, "")
	_, api := emulator(t)
	environ = with(environ, "TELEGRAM_API_URL="+api)
	list := filepath.Join(t.TempDir(), "people.csv")
	must(t, os.WriteFile(list, []byte("主管机关,机构,姓名,角色,执业证号\n示例市司法局,示例鉴定所,Жанна,鉴定人,440012345678\n示例市司法局,示例鉴定所,李四,负责人,\n"), 0o600))
	invoke(t, environ, "load", list).says(t, 0, "")
	checked := func(want string) {
		t.Helper()
		got := strings.Join(regexp.MustCompile(`(?m)^. fonts: .*$`).FindAllString(invoke(t, environ, "check").out, -1), "\n")
		if got != want {
			t.Errorf("check says\n%s\nand not\n%s", got, want)
		}
	}
	lacking := "! fonts: names in the register have characters that no font has, which prints show as a mark (Ж U+0416, а U+0430, н U+043D): " +
		"put a TrueType font that has them into the data folder as fonts/NAME.ttf, then start the bot anew"
	checked(lacking)

	fonts := filepath.Join(dir, "fonts")
	must(t, os.Mkdir(fonts, 0o700))
	must(t, os.WriteFile(filepath.Join(fonts, "rare.otf"), []byte("OTTO and so on"), 0o600))
	checked("✗ fonts: LIUHEN_DATA: fonts/rare.otf: its outlines are those of PostScript (OTF), which cannot be embedded: get the font as TrueType (.ttf)\n" + lacking)
	c, err := readConfig(environ)
	must(t, err)
	var log bytes.Buffer
	r := record.Record{
		Version: record.Version, ID: strings.Repeat("0a", 16), Edition: "2020", Case: record.Case{ID: "c1", Number: "1"},
		Signer: record.Person{ID: "p1", Name: "Жанна"}, Signed: time.Date(2026, 11, 24, 2, 0, 5, 0, time.UTC),
		Answers: form.Answers{form.Outcome: {Boxes: []form.OptionID{form.None}, Confirmed: true}},
	}
	print := func() string {
		copies, err := newPrinter(c, slog.New(slog.NewTextHandler(&log, nil))).entry(r, nil)
		must(t, err)
		path := filepath.Join(t.TempDir(), "print.pdf")
		must(t, os.WriteFile(path, copies[0].Content, 0o600))
		out, err := exec.Command("pdftotext", "-raw", path, "-").CombinedOutput()
		must(t, err)
		return string(out)
	}
	if out := print(); !strings.Contains(out, "依次为 U+0416、U+0430、U+043D") || !strings.Contains(log.String(), "fonts/rare.otf") {
		t.Errorf("with a font that cannot be used the print has\n%s\nand the log\n%s", out, log.String())
	}

	must(t, os.Remove(filepath.Join(fonts, "rare.otf")))
	must(t, os.WriteFile(filepath.Join(fonts, "gomono.ttf"), gomono.TTF, 0o600))
	log.Reset()
	checked("✓ fonts: fonts/gomono.ttf adds 496 characters")
	if out := print(); !strings.Contains(out, "Жанна 电子签名确认") || log.Len() > 0 {
		t.Errorf("with the font the print has\n%s\nand the log\n%s", out, log.String())
	}
}
