package telegram

import (
	"time"

	"liuhen/flows"
)

// Arrival is an update as the rest of the house needs it. Exactly one of Do, Parcel, Reachable and Leave says what it is.
type Arrival struct {
	UpdateID int64
	Chat     int64     // whose turns it is one of: the person's account, or the group's number
	Message  int       // the message that came, or that the pressed button stands under
	Press    string    // to be answered; "" when nothing was pressed
	Sent     time.Time // as Telegram states; zero for presses
	Mark     string    // what tells this act from every other one: same on redelivery

	Do        flows.Action // what was done
	Parcel    *Parcel      // evidence that has still to be fetched
	Reachable *bool        // the person unblocked (true) or blocked (false) the bot
	Leave     *Leave       // a group or channel
}

// Leave is a group or channel, which the bot leaves; Say when it has just been added.
type Leave struct{ Say bool }

// Parcel is evidence as Telegram announces it: either FileID names the bytes or Bytes are them.
type Parcel struct {
	FileID  string
	Bytes   []byte
	Kind    string // see form.File
	Name    string
	MIME    string
	Size    int64 // as announced, 0 when not
	Sent    time.Time
	Origin  string
	Caption string
}

// Taker handles an arrival and calls done once it need not come again. It must not block, and may be given an arrival
// twice; done is then called once for each.
type Taker func(a Arrival, done func())
