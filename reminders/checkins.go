package reminders

import (
	"slices"

	"liuhen/flows/law"
)

// Watch is an entry whose signer asked to be asked whether they suffer retaliation (R9.3).
type Watch struct {
	ID     string
	Person law.PersonID
	Since  law.Date
}

// Question is one such asking: which watch, whom, and the day it falls on, which is its key.
type Question struct {
	Watch  string
	Person law.PersonID
	Day    law.Date
}

// CheckIns are the questions due: of each watch the latest of its days that has come, so that a long outage ends in one. Asking the
// same again is for the store to leave out.
func CheckIns(list []Watch, today law.Date, p law.Policy, cal law.Calendar) []Question {
	var out []Question
	for _, w := range list {
		for _, day := range slices.Backward(law.CheckIns(p, cal, w.Since)) {
			if !today.Before(day) {
				out = append(out, Question{w.ID, w.Person, day})
				break
			}
		}
	}
	return out
}
