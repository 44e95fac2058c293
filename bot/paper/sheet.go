package paper

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// china is the zone of the signing dates when none is given.
var china = time.FixedZone("CST", 8*60*60)

// Options say how sheets are printed. The zero value is the sheet exactly as annexed.
type Options struct {
	// Block2Client prints the corrected form, whose second block has 委托人 too (AM-1).
	Block2Client bool
	// Superseded prints entries that a later one of the same print replaces; otherwise they are left out (AM-25).
	Superseded bool
	// Remarks are the 备注 of the person who files, by sheet: the first is the main sheet's (AM-21, AM-24).
	Remarks []string
	// Digest is the stored digest of a record; nil: SHA-256 over its canonical bytes.
	Digest func(record.Record) (string, error)
	// Zone is that of the signing dates; nil: China's.
	Zone *time.Location
	// Fonts are asked in this order for the characters that the embedded one lacks.
	Fonts []Font
}

// Document is a print, and the same as an editable document: the same words in the same order.
type Document struct {
	PDF     []byte
	DOCX    []byte
	Pages   int    // of the PDF
	Sheets  int    // sheets of two blocks each, follow-on pages not counted (R4.8)
	kind    string // begins the file names; "": sheet
	Missing []rune // characters that no font has, by code point: printed as ▢ and named at the foot of the page
	// FontFault is why additional fonts were not used, for the log; nil: they were, or were not needed.
	FontFault error
}

// Name is a file name for the print that tells nothing of the case or of what is printed (R10.2).
func (d Document) Name() string { return d.stem() + ".pdf" }

// DOCXName is the same for the editable document.
func (d Document) DOCXName() string { return d.stem() + ".docx" }

func (d Document) stem() string {
	sum := sha256.Sum256(d.PDF)
	return fmt.Sprintf("%s-%x", cmp.Or(d.kind, "sheet"), sum[:6])
}

// Reasons why records cannot be printed together.
var (
	ErrNothing = errors.New("there is no entry to print")
	ErrCases   = errors.New("the entries belong to different cases")
	ErrSigners = errors.New("the entries are of several signers")
	ErrEdition = errors.New("an entry was signed on an edition that this release does not know")
)

// Own prints the entries of one signer and nobody else's: all that the conversation prints, and what a signer's sealed part of
// the case's file holds. It fails with [ErrSigners] when there are several signers, and as [Composed] does.
func Own(records []record.Record, o Options) (Document, error) {
	for _, r := range records {
		if r.Signer.ID != records[0].Signer.ID {
			return Document{}, ErrSigners
		}
	}
	return Composed(records, o)
}

// Composed prints the entries of one case, of several signers, on as many sheets as they need: two blocks each, the second
// and later sheets marked 附表 (R4.7, R4.8). A composed sheet shows every reader every block. So it may only be made for somebody who may
// read all of these entries: the authority that unseals the case's sub-file (AM-12). Nothing offers it to the institution, nor
// to a signer: whoever could have a sheet composed of what is open to them would see by its gaps, or by not getting one, who reported
// past them (design 5); and signers never see each other's entries (AM-4). The callers check, this function cannot.
//
// Signers stand in the order in which the records first name them; a signer's further entries follow on 附表
// by the date of the event (AM-5). Case number and matter are those of the entry signed last.
//
// It fails with [ErrNothing], [ErrCases] or [ErrEdition], or when the embedded font cannot be read.
func Composed(records []record.Record, o Options) (Document, error) {
	blocks, err := arrange(records, o)
	if err != nil {
		return Document{}, err
	}
	return o.printed(func(w writer) (Document, error) {
		p := layOut(w, blocks, latest(records).Case, o)
		pdf, err := p.pdf()
		if err != nil {
			return Document{}, err
		}
		docx, err := p.docx(slices.Collect(slices.Chunk(p.filled, 2)), o.Remarks)
		return Document{PDF: pdf, DOCX: docx, Pages: len(p.pages), Sheets: len(blocks) / 2, Missing: p.lacking()}, err
	})
}

// layOut draws all pages.
func layOut(w writer, blocks []block, c record.Case, o Options) *printer {
	p := &printer{writer: w, zone: cmp.Or(o.Zone, china), c: c, filled: blocks}
	for i := 0; i < len(blocks); i += 2 {
		remark := ""
		if i/2 < len(o.Remarks) {
			remark = o.Remarks[i/2]
		}
		p.sheet(i/2, blocks[i:i+2], remark)
	}
	for i, pg := range p.pages {
		p.foot(i, pg)
	}
	return p
}

// block is one 情况记录 of a sheet; record is nil where nobody signed.
type block struct {
	record     *record.Record
	edition    *form.Edition
	digest     string
	second     bool // the lower block of its sheet
	clientBox  bool // the lower block has 委托人 too
	superseded string
}

func (b block) answers() form.Answers {
	if b.record == nil {
		return nil
	}
	return b.record.Answers
}

// arrange puts the entries into blocks, an even number of them.
func arrange(records []record.Record, o Options) ([]block, error) {
	if len(records) == 0 {
		return nil, ErrNothing
	}
	later := map[string]string{}
	for _, r := range records {
		if !sameCase(r.Case, records[0].Case) {
			return nil, ErrCases
		}
		if r.Supersedes != "" {
			later[r.Supersedes] = r.ID
		}
	}
	var out []block
	for _, r := range order(records, later, o.Superseded) {
		b, err := newBlock(r, o)
		if err != nil {
			return nil, err
		}
		if r != nil {
			b.superseded = later[r.ID]
		}
		b.second = len(out)%2 == 1
		out = append(out, b)
	}
	if len(out) == 0 { // each says that it replaces the other
		return nil, ErrNothing
	}
	return out, nil
}

func sameCase(a, b record.Case) bool { return a.ID == b.ID && (a.ID != "" || a.Number == b.Number) }

// order is the order of the blocks: everybody's first entry, then, on 附表, the further ones. nil is an empty block.
func order(records []record.Record, later map[string]string, all bool) []*record.Record {
	var signers []string
	by := map[string][]*record.Record{}
	for i := range records {
		r := &records[i]
		if !slices.Contains(signers, r.Signer.ID) {
			signers = append(signers, r.Signer.ID) // also by a superseded entry: a correction moves nobody to another block
		}
		if later[r.ID] == "" || all {
			by[r.Signer.ID] = append(by[r.Signer.ID], r)
		}
	}
	var first, further []*record.Record
	for _, s := range signers {
		if len(by[s]) == 0 {
			continue
		}
		slices.SortStableFunc(by[s], byEvent)
		first, further = append(first, by[s][0]), append(further, by[s][1:]...)
	}
	if len(first) == 1 && len(further) > 0 {
		first = append(first, nil) // the main sheet's second block belongs to the second signer
	}
	out := append(first, further...)
	if len(out)%2 == 1 {
		out = append(out, nil)
	}
	return out
}

// byEvent is the order of one signer's entries: 无此类情况, then events by their date, then by signing.
func byEvent(a, b *record.Record) int {
	when := func(r *record.Record) string {
		if r.Zero() {
			return ""
		}
		return r.Answers[form.When].Text
	}
	return cmp.Or(cmp.Compare(when(a), when(b)), a.Signed.Compare(b.Signed), cmp.Compare(a.ID, b.ID))
}

func latest(records []record.Record) record.Record {
	return slices.MaxFunc(records, func(a, b record.Record) int {
		return cmp.Or(a.Signed.Compare(b.Signed), cmp.Compare(a.ID, b.ID))
	})
}

func newBlock(r *record.Record, o Options) (block, error) {
	if r == nil {
		return block{edition: form.Edition2020, clientBox: o.Block2Client}, nil
	}
	ed, ok := form.ByID(r.Edition)
	if !ok {
		return block{}, fmt.Errorf("%w: record %s, edition %q", ErrEdition, r.ID, r.Edition)
	}
	digest := o.Digest
	if digest == nil {
		digest = computed
	}
	d, err := digest(*r)
	if err != nil {
		return block{}, fmt.Errorf("digest of record %s: %w", r.ID, err)
	}
	return block{record: r, edition: ed, digest: d, clientBox: o.Block2Client}, nil
}

func computed(r record.Record) (string, error) {
	b, err := r.Canonical()
	if err != nil {
		return "", err
	}
	return record.Digest(b), nil
}
