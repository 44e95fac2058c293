package intake

import (
	"encoding/xml"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"liuhen/flows/text"
)

// book is a workbook before its sheets are read.
type book struct {
	archive   *archive
	sheets    []bookSheet
	strings   []string // shared strings
	pads      []int    // by cell format: digits to which a number is filled up with zeros
	epoch1904 bool
}

type bookSheet struct {
	name   string
	part   string
	hidden bool
}

// maxShared is the number of shared strings: twenty for each row.
const maxShared = 20 * maxRows

func openBook(data []byte) (*book, error) {
	a, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	b := &book{archive: a}
	main, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	related, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	if err := b.readWorkbook(main, related); err != nil {
		return nil, err
	}
	for _, r := range related {
		switch r.kind {
		case "sharedStrings":
			err = b.readStrings(r.target)
		case "styles":
			err = b.readStyles(r.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// mainPart is the workbook's own part; files that are zipped but no .xlsx (ODS, DOCX, XLSB, archives) have none.
func (b *book) mainPart() (string, error) {
	main := "xl/workbook.xml"
	top, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range top {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	if _, ok := b.archive.parts[partName(main)]; !ok || !strings.HasSuffix(main, ".xml") || strings.Contains(main, "word/") {
		return "", Fault{Code: text.ListFileForeign}
	}
	return main, nil
}

type relation struct{ kind, target string }

// relations are what a part refers to, by ID; the file's own for "".
func (b *book) relations(part string) (map[string]relation, error) {
	dir := path.Dir(part)
	out := map[string]relation{}
	err := b.archive.scan(path.Join(dir, "_rels", path.Base("/"+part)+".rels"), func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || len(out) > maxPartEntries {
			return nil
		}
		target := attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		out[attr(e, "Id")] = relation{path.Base(attr(e, "Type")), strings.TrimPrefix(target, "/")}
		return nil
	})
	return out, err
}

func (b *book) readWorkbook(part string, related map[string]relation) error {
	return b.archive.scan(part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			b.epoch1904 = v == "1" || v == "true"
		case "sheet":
			r := related[attr(e, "id")]
			if r.kind != "worksheet" {
				return nil // charts, macros
			}
			if len(b.sheets) == maxPartEntries {
				return errBomb
			}
			state := attr(e, "state")
			b.sheets = append(b.sheets, bookSheet{attr(e, "name"), r.target, state == "hidden" || state == "veryHidden"})
		}
		return nil
	})
}

func (b *book) readStrings(part string) error {
	var item itemText
	return b.archive.scan(part, func(t xml.Token) error {
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "si" {
			if len(b.strings) == maxShared {
				return errBomb
			}
			b.strings = append(b.strings, item.take())
			return nil
		}
		item.token(t)
		return nil
	})
}

// itemText collects the text of a string item: its runs, without phonetic guides.
type itemText struct {
	b        strings.Builder
	inText   bool
	phonetic bool
}

func (i *itemText) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "t":
			i.inText = true
		case "rPh":
			i.phonetic = true
		}
	case xml.EndElement:
		switch t.Name.Local {
		case "t":
			i.inText = false
		case "rPh":
			i.phonetic = false
		}
	case xml.CharData:
		if i.inText && !i.phonetic && i.b.Len() <= maxCell*utf8.UTFMax {
			i.b.Write(t)
		}
	}
}

func (i *itemText) take() string {
	s := unescaped(i.b.String())
	*i = itemText{}
	return s
}

// unescaped undoes the format's own escapes of control characters, _x000D_.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for s != "" {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			break
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
	return b.String() + s
}

// readStyles learns which formats show a number with leading zeros ("00000"): what Excel shows is what was meant.
func (b *book) readStyles(part string) error {
	zeros := map[string]int{}
	inCells := false
	return b.archive.scan(part, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if code := attr(e, "formatCode"); code != "" && len(code) <= maxEcho && len(zeros) < maxPartEntries && strings.Trim(code, "0") == "" {
					zeros[attr(e, "numFmtId")] = len(code)
				}
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells && len(b.pads) < 1<<16 {
					b.pads = append(b.pads, zeros[attr(e, "numFmtId")])
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inCells = false
			}
		}
		return nil
	})
}
