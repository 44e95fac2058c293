package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"liuhen/bot/paper"
	"liuhen/bot/turn"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

// fontFolder is the folder in the data folder for fonts with rare characters.
const fontFolder = "fonts"

// readFonts are the additional fonts an administrator has put into the data folder (fonts/NAME.ttf), and what is wrong with others: that
// stops no print.
func readFonts(data string) ([]paper.Font, []error) {
	fonts, faults := paper.Fonts(filepath.Join(data, fontFolder))
	for i, err := range faults {
		faults[i] = fmt.Errorf("LIUHEN_DATA: %w", err)
	}
	return fonts, faults
}

// printer puts on paper what the program hands out.
type printer struct {
	zone  *time.Location
	fonts []paper.Font
	log   *slog.Logger
}

func newPrinter(c Config, log *slog.Logger) *printer {
	p := &printer{zone: c.Zone, log: log}
	var faults []error
	p.fonts, faults = readFonts(c.Data)
	for _, err := range faults {
		log.Warn("a font is not used, characters that only it has are printed as a mark", "error", err)
	}
	return p
}

func (p *printer) options() paper.Options { return paper.Options{Zone: p.zone, Fonts: p.fonts} }

// made passes a print on and says when fonts were left out of it.
func (p *printer) made(d paper.Document, err error) (paper.Document, error) {
	if d.FontFault != nil {
		p.log.Warn("printed with marks in place of rare characters: run check, which looks at the fonts", "error", d.FontFault)
	}
	return d, err
}

// entries puts entries of one signer on the official sheet, with the missing signatures of the case.
func (p *printer) entries(records []record.Record, absent []flows.Explained, superseded bool) (paper.Document, error) {
	o := p.options()
	o.Superseded, o.Remarks = superseded, remarks(absent)
	return p.made(paper.Own(records, o))
}

func (p *printer) table(title string, lines []paper.Line, note string) (paper.Document, error) {
	return p.made(paper.Table(title, lines, note, p.options()))
}

func (p *printer) entry(r record.Record, absent []flows.Explained) ([]turn.Copy, error) {
	return copies(p.entries([]record.Record{r}, absent, false))
}

func (p *printer) letter(l record.Letter) ([]turn.Copy, error) {
	return copies(p.made(paper.Letter(l, p.options())))
}

// copies are a print and, where there is one, its editable form.
func copies(d paper.Document, err error) ([]turn.Copy, error) {
	if err != nil {
		return nil, err
	}
	out := []turn.Copy{{Name: d.Name(), Content: d.PDF}}
	if d.DOCX != nil {
		out = append(out, turn.Copy{Name: d.DOCXName(), Content: d.DOCX})
	}
	return out, nil
}

// remarks are the missing signatures of a case, for the main sheet (AM-21).
func remarks(absent []flows.Explained) []string {
	var lines []string
	for _, e := range absent {
		lines = append(lines, e.Remark())
	}
	return []string{strings.Join(lines, "\n")}
}

// filings prints lists of who filed, for callers who may have them.
func (p *printer) filings(d *db.DB) func(context.Context, db.Caller, int64, string, law.Quarter) ([]turn.Copy, error) {
	return func(ctx context.Context, c db.Caller, event int64, institution string, q law.Quarter) ([]turn.Copy, error) {
		list, err := d.Filings(ctx, c, event, institution, q)
		if err != nil {
			return nil, err
		}
		return copies(p.made(paper.Filings(list, p.options())))
	}
}

// protocol puts a disposal on paper, to be signed by both people and kept for ever (Art. 4).
func (p *printer) protocol(d flows.Disposal) ([]turn.Copy, error) {
	lines := []paper.Line{
		{Name: text.ProtocolProposed, Says: fmt.Sprintf(text.ProtocolSays, d.By, d.On, d.Words)},
		{Name: text.ProtocolAgreed, Says: fmt.Sprintf(text.ProtocolSays, d.Answered, d.AnswerOn, d.Answer)},
	}
	for i, c := range d.Cases {
		lines = append(lines, paper.Line{
			Name: fmt.Sprintf(text.ProtocolCase, i+1), Says: fmt.Sprintf(text.ProtocolKept, c.Number, c.Closed, c.Until),
		})
	}
	return copies(p.table(text.ProtocolTitle, lines, text.ProtocolNote))
}
