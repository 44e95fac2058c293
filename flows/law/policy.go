package law

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// The policies by name.
const (
	Ministry2020  = "mohj-2020"      // the rule itself, for the whole country
	Guangdong2022 = "guangdong-2022" // the same, and any interference also to the authority
)

// Policy is a table of channels, by name, and the numbers of the deadlines. The zero value is the rule itself with the
// proposed numbers; so is any unknown name, for an overlay can only add to the rule.
type Policy struct {
	Name    string       // names the table of channels; records keep it
	Numbers map[Duty]int // numbers that differ from the proposed ones
}

// PolicyByName is the policy of that name with the proposed numbers.
func PolicyByName(name string) (Policy, bool) {
	_, ok := channelTables[name]
	return Policy{Name: name}, ok
}

// PolicyNames are the names of all policies, sorted.
func PolicyNames() []string { return slices.Sorted(maps.Keys(channelTables)) }

func (p Policy) channels() []channelRow {
	if rows, ok := channelTables[p.Name]; ok {
		return rows
	}
	return channelTables[Ministry2020]
}

// Override is p with other numbers, keyed by the duty's name. All faults are reported at once: an unknown duty, a number
// out of its range, steps of the same escalation out of order.
func (p Policy) Override(numbers map[string]int) (Policy, error) {
	out := Policy{Name: p.Name, Numbers: maps.Clone(p.Numbers)}
	if out.Numbers == nil {
		out.Numbers = map[Duty]int{}
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(numbers)) {
		n := numbers[key]
		row, ok := deadlineRow(Duty(key))
		switch {
		case !ok:
			faults = append(faults, fmt.Errorf("deadline %q is not known", key))
		case n < row.In.least() || n > row.In.most():
			faults = append(faults, fmt.Errorf("deadline %s = %d: must be from %d to %d", key, n, row.In.least(), row.In.most()))
		default:
			out.Numbers[Duty(key)] = n
		}
	}
	if err := errors.Join(append(faults, out.inOrder()...)...); err != nil {
		return Policy{}, fmt.Errorf("override the deadlines of %s: %w", p.Name, err)
	}
	return out, nil
}

// inOrder checks that nobody is told of a delay before those below them.
func (p Policy) inOrder() []error {
	var faults []error
	for _, steps := range escalations {
		for i, d := range steps[1:] {
			if a, b := p.Deadline(steps[i]), p.Deadline(d); a.N > b.N {
				faults = append(faults, fmt.Errorf("deadline %s = %d comes before %s = %d", b.Duty, b.N, a.Duty, a.N))
			}
		}
	}
	return faults
}
