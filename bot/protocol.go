package main

import (
	"fmt"

	"liuhen/bot/paper"
	"liuhen/bot/turn"
	"liuhen/flows"
	"liuhen/flows/text"
)

// protocol puts a disposal on paper, to be signed by both people and kept for ever (Art. 4).
func protocol(d flows.Disposal) ([]turn.Copy, error) {
	lines := []paper.Line{
		{Name: text.ProtocolProposed, Says: fmt.Sprintf(text.ProtocolSays, d.By, d.On, d.Words)},
		{Name: text.ProtocolAgreed, Says: fmt.Sprintf(text.ProtocolSays, d.Answered, d.AnswerOn, d.Answer)},
	}
	for i, c := range d.Cases {
		lines = append(lines, paper.Line{
			Name: fmt.Sprintf(text.ProtocolCase, i+1), Says: fmt.Sprintf(text.ProtocolKept, c.Number, c.Closed, c.Until),
		})
	}
	doc, err := paper.Table(text.ProtocolTitle, lines, text.ProtocolNote, paper.Options{})
	if err != nil {
		return nil, err
	}
	return []turn.Copy{{Name: doc.Name(), Content: doc.PDF}}, nil
}
