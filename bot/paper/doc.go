// Package paper draws what is printed: first of all the sheet annexed to the rule (Art. 4), as a PDF of A4 pages in black
// and white whose text can be selected.
//
// The way of a print: [Composed] orders the entries into blocks and sheets (sheet.go), puts each entry into words (words.go),
// lays rows and pages out as plain marks (layout.go, more.go), and only then writes them as a PDF (pdf.go). What is drawn is
// a function of the records and the options alone: the same input gives the same bytes.
package paper
