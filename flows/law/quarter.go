package law

import (
	"fmt"
	"time"
)

// Quarter is a quarter of a year by which inspections go (Notice, 定期检查; E20).
type Quarter struct {
	Y int
	N int // 1 to 4
}

// QuarterOf is the quarter of a day.
func QuarterOf(d Date) Quarter { return Quarter{d.Y, (int(d.M)-1)/3 + 1} }

// String is the quarter's stable identifier: 2026-4.
func (q Quarter) String() string { return fmt.Sprintf("%d-%d", q.Y, q.N) }

// ParseQuarter reads what String gives.
func ParseQuarter(s string) (Quarter, bool) {
	var q Quarter
	_, err := fmt.Sscanf(s, "%d-%d", &q.Y, &q.N)
	return q, err == nil && q.N >= 1 && q.N <= 4 && q.Y > 0 && q.String() == s
}

// From is the quarter's first day, Until its last.
func (q Quarter) From() Date { return Date{q.Y, time.Month(3*q.N - 2), 1} }

// Until is the quarter's last day.
func (q Quarter) Until() Date { return q.next().From().AddDays(-1) }

func (q Quarter) next() Quarter {
	if q.N == 4 {
		return Quarter{q.Y + 1, 1}
	}
	return Quarter{q.Y, q.N + 1}
}

// Quarters are those from the one of a day back to the one in which the rule came into force (Art. 12), the newest first.
func Quarters(today Date) []Quarter {
	var out []Quarter
	for q := QuarterOf(Effective); !today.Before(q.From()); q = q.next() {
		out = append([]Quarter{q}, out...)
	}
	return out
}
