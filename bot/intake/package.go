package intake

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"liuhen/flows/text"
)

// Workbooks are read here token by token, not through excelize: it builds styles, themes and the calculation chain in memory whatever
// the limits on worksheets, and tells neither a number from a text nor a formula without a result.

var (
	errBroken = Fault{Code: text.ListFileBroken}
	errBomb   = Fault{Code: text.ListFileBomb}
)

// archive is the zip file around a workbook. Only the parts asked for are unpacked.
type archive struct {
	parts map[string]*zip.File // by lower-case path
	left  int                  // bytes that may still be unpacked
}

func openArchive(data []byte) (*archive, error) {
	if bytes.Count(data, append(zipMagic, 1, 2)) > maxPartEntries {
		return nil, errBomb // before the directory is read into memory
	}
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errBroken
	}
	a := &archive{parts: map[string]*zip.File{}, left: maxUnzipped}
	claimed := uint64(0)
	for _, f := range zr.File {
		claimed += min(f.UncompressedSize64, maxUnzipped+1)
		if claimed > maxUnzipped {
			return nil, errBomb
		}
		a.parts[partName(f.Name)] = f
	}
	return a, nil
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// scan calls each for every token of a part. A missing part has none.
func (a *archive) scan(name string, each func(xml.Token) error) (err error) {
	f, ok := a.parts[partName(name)]
	if !ok {
		return nil
	}
	if f.Flags&1 != 0 {
		return Fault{Code: text.ListFileLocked}
	}
	rc, err := f.Open()
	if err != nil {
		return errBroken
	}
	defer func() { err = errors.Join(err, rc.Close()) }()
	m := &meter{from: bufio.NewReader(rc), left: min(maxPart, a.left)}
	total := m.left
	err = scanXML(m, each)
	a.left -= total - m.left
	return err
}

// maxToken bounds one tag or text: a full cell with every character escaped fits.
const maxToken = 256 << 10

// scanXML does not build the tree of open elements, so that nesting costs nothing.
func scanXML(m *meter, each func(xml.Token) error) error {
	dec := xml.NewDecoder(m)
	for {
		m.token = 0
		tok, err := dec.RawToken()
		switch {
		case m.over:
			return errBomb
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errBroken
		}
		if _, ok := tok.(xml.Directive); ok {
			return errBroken // no spreadsheet has a document type
		}
		if err := each(tok); err != nil {
			return err
		}
	}
}

// meter ends the input when a part or one of its tokens grows too large.
type meter struct {
	from  *bufio.Reader
	left  int // bytes of the part
	token int // bytes since the last token
	over  bool
}

// ReadByte is what the XML decoder reads by.
func (m *meter) ReadByte() (byte, error) {
	if m.left <= 0 || m.token > maxToken {
		if _, err := m.from.Peek(1); err == nil {
			m.over = true
		}
		return 0, io.EOF
	}
	b, err := m.from.ReadByte()
	if err != nil {
		return 0, err // the decoder compares it with io.EOF
	}
	m.left--
	m.token++
	return b, nil
}

// Read makes meter a reader; the decoder uses ReadByte.
func (m *meter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := m.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
