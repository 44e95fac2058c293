package flows

import "liuhen/flows/text"

// HandCheckpoint sends an officer the day's checkpoint of the log, to be kept outside this system, after the store has checked that they are
// one. It is the same for all and says nothing of what was filed (R4.9).
type HandCheckpoint struct{}

func (HandCheckpoint) effect() {}

// checkpoint sends the day's checkpoint.
func (t *step) checkpoint() {
	if t.Place != AtCheckpoint || !t.desk.Me.officer() {
		t.hint(text.HintOldButton)
		return
	}
	t.do(HandCheckpoint{})
	t.alert(text.HintCheckpoint)
}

// checkpoint is the room where officers get what the authority keeps of the log.
func (v view) checkpoint() Screen {
	if !v.d.Me.officer() {
		return Screen{Text: v.say(text.HintOldButton), Rows: [][]Button{v.home()}}
	}
	return Screen{Text: v.say(text.CheckpointAbout), Rows: [][]Button{{v.button(text.BtnGetCheckpoint, Tap{Verb: DoCheckpoint})}, v.home()}}
}
