package flows

// Screen is what the caller sees: plain text and rows of buttons. It is a function of the state and the desk.
type Screen struct {
	Text    string
	Rows    [][]Button
	Protect bool // may not be copied or forwarded: a report's content
}

// Button is a labelled tap.
type Button struct {
	Label string
	Tap   Tap
}
