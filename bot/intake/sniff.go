package intake

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"liuhen/flows/text"
)

type format int

const (
	formatText     format = iota
	formatZip             // perhaps a workbook
	formatOldExcel        // OLE: .xls
	formatLocked          // OLE around an encrypted workbook
	formatForeign         // pictures, PDF, web pages saved as .xls …
)

var (
	zipMagic      = []byte("PK")
	oleMagic      = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	encryptedName = utf16le("EncryptedPackage")
	foreignMagic  = []string{"%PDF", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "Rar!", "7z\xBC\xAF", "\x1F\x8B", "BM", "RIFF", "II*\x00", "MM\x00*", "{\\rtf"}
)

// sniff tells the kind of file by its first bytes, whatever its name says.
func sniff(data []byte) format {
	switch {
	case bytes.HasPrefix(data, append(zipMagic, 3, 4)), bytes.HasPrefix(data, append(zipMagic, 5, 6)):
		return formatZip
	case bytes.HasPrefix(data, oleMagic) && bytes.Contains(data, encryptedName):
		return formatLocked
	case bytes.HasPrefix(data, oleMagic):
		return formatOldExcel
	}
	for _, m := range foreignMagic {
		if bytes.HasPrefix(data, []byte(m)) && (m != "BM" || bytes.IndexByte(data, 0) >= 0) {
			return formatForeign
		}
	}
	// Many systems export web pages or XML under the name .xls.
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n"), []byte("<")) {
		return formatForeign
	}
	return formatText
}

func utf16le(s string) []byte {
	var b []byte
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

// decodeText finds the encoding: by the mark at the beginning, by zero bytes (UTF-16), then UTF-8, then GB18030 (GBK's superset).
func decodeText(data []byte) (string, error) {
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.IndexByte(data, 0) >= 0:
		if enc = utf16ByZeros(data); enc == nil {
			return "", refuse(text.ListFileForeign)
		}
	}
	if enc == nil {
		if utf8.Valid(data) {
			return checkedText(string(data))
		}
		enc = simplifiedchinese.GB18030
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", refuse(text.ListFileEncoding)
	}
	return checkedText(string(out))
}

func checkedText(s string) (string, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return "", refuse(text.ListFileForeign)
	}
	return s, nil
}

// utf16ByZeros recognises UTF-16 without a mark: the zero halves of digits, separators and line ends stand almost all on one side.
func utf16ByZeros(data []byte) encoding.Encoding {
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch even, odd := zeros[0], zeros[1]; {
	case len(data)%2 != 0:
		return nil
	case odd > 3*even:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > 3*odd:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}
