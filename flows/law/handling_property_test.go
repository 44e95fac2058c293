package law

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// play is a matter under way in a property test: only what may be done is done.
type play struct {
	p     Policy
	m     Matter
	today Date
}

var levels = map[UnitID]Level{"inst": Institution, "city": Authority, "prov": SuperiorAuthority}

func genPlay(t *rapid.T) *play {
	x := &play{p: Policy{Name: rapid.SampledFrom(PolicyNames()).Draw(t, "policy")}, today: Date{2026, 11, 2}}
	x.m = Matter{Facts: genFacts(t), ClientKind: rapid.SampledFrom(clientTypes).Draw(t, "kind")}
	for _, u := range rapid.SliceOfNDistinct(rapid.SampledFrom([]UnitID{"inst", "city", "prov"}), 1, 3, rapid.ID).Draw(t, "units") {
		x.m.Arrivals = append(x.m.Arrivals, Arrival{u, levels[u], x.today.AddDays(rapid.IntRange(0, 20).Draw(t, "after"))})
	}
	if x.m.Party = rapid.IntRange(0, 4).Draw(t, "party") == 0; x.m.Party {
		for i := range x.m.Arrivals {
			if x.m.Arrivals[i].Unit == "inst" {
				x.m.Arrivals[i].Level = PartyOrganisation
			}
		}
	}
	for range rapid.IntRange(0, 25).Draw(t, "steps") {
		x.step(t)
	}
	return x
}

func (x *play) tasks() []Task            { return Tasks(x.p, Calendar{}, x.m) }
func (x *play) may(u UnitID) []ActKind   { return May(x.p, Calendar{}, x.m, u) }
func (x *play) stands() (Standing, Date) { return Stands(x.p, Calendar{}, x.m) }
func (x *play) mayReporter() []ActKind   { return MayReporter(x.p, Calendar{}, x.m, x.today) }
func (x *play) dischargeable(u UnitID, k ActKind) []string {
	var keys []string
	for _, t := range x.tasks() {
		if t.Unit == u && t.Open() && t.Duty != Handling && (k == Waive || t.Category != 0) {
			keys = append(keys, t.Key)
		}
	}
	return keys
}

// step does one thing that may be done, chosen at random, and gives it back.
func (x *play) step(t *rapid.T) Step {
	x.today = x.today.AddDays(rapid.IntRange(0, 4).Draw(t, "days"))
	unit, may := UnitID(""), x.mayReporter()
	if rapid.IntRange(0, 7).Draw(t, "reporter") > 0 {
		unit = rapid.SampledFrom(x.m.Arrivals).Draw(t, "unit").Unit
		may = x.may(unit)
	}
	if len(may) == 0 {
		return Step{}
	}
	return x.do(t, unit, rapid.SampledFrom(may).Draw(t, "act"))
}

func (x *play) do(t *rapid.T, unit UnitID, k ActKind) Step {
	s := Step{Kind: k, Unit: unit, On: x.today}
	if unit != "" {
		s.By = rapid.SampledFrom([]PersonID{"one", "other"}).Draw(t, "by")
	}
	switch k {
	case Perform, Waive:
		s.Task = rapid.SampledFrom(x.dischargeable(unit, k)).Draw(t, "task")
	case Categorise:
		s.Categories = rapid.SliceOfN(rapid.SampledFrom(article8), 1, 4).Draw(t, "categories")
	default:
	}
	x.m.Steps = append(x.m.Steps, s)
	return s
}

func TestHandlingProperties(t *testing.T) {
	for name, property := range map[string]func(*rapid.T, *play){
		"nothing discharged is offered, all that is owed is":    offersWhatIsOwed,
		"there is a way on until closed":                        alwaysAWayOn,
		"doing what is offered, in any order, closes":           endsClosed,
		"tasks are sorted, each once":                           sortedTasks,
		"what is done stays done":                               staysDone,
		"the standing only rises, and names a day until closed": standingRises,
		"the order and repetition of arrivals do not matter":    arrivalsCommute,
		"nothing counts after closing":                          closedIsClosed,
		"steps that may not be done break nothing":              anySteps,
		"an implicated client is never told":                    neverTold,
		"reminding is spaced, appealing is done once":           reporterBounds,
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { property(t, genPlay(t)) })
		})
	}
}

func offersWhatIsOwed(t *rapid.T, x *play) {
	for _, a := range x.m.Arrivals {
		may, closed := x.may(a.Unit), x.m.over(a.Unit)
		owed, changes := map[ActKind]bool{}, has(x.m.by(a.Unit), Categorise)
		for _, k := range x.tasks() {
			if k.Unit == a.Unit && k.Open() {
				owed[discharges(k)] = true
			}
		}
		rest := len(owed)
		if owed[Close] {
			rest--
		}
		for _, k := range may {
			right := k == Pass && x.m.mayPass(x.m.by(a.Unit)) || k == Categorise && changes ||
				k == Transfer && x.m.mayTransfer(x.m.by(a.Unit)) || k == Extend && a.Level.organ() && !x.m.Party && !has(x.m.by(a.Unit), Extend)
			switch {
			case k == Ask && !x.m.Party || k == Take || right:
			case k == Waive && (rest == 0 || owed[Accept]), k == Close && rest > 0, k != Waive && k != Close && !owed[k]:
				t.Fatalf("%s is offered to %s, owed is %v", k, a.Unit, owed)
			}
		}
		for k := range owed {
			if !closed && !slices.Contains(may, k) && (k != Close || rest == 0) && (k == Accept || !owed[Accept]) {
				t.Fatalf("%s owes %s and is offered %v", a.Unit, k, may)
			}
		}
		if len(slices.Compact(slices.Sorted(slices.Values(may)))) != len(may) {
			t.Fatalf("offered twice: %v", may)
		}
	}
}

func alwaysAWayOn(t *rapid.T, x *play) {
	for _, a := range x.m.Arrivals {
		if may := x.may(a.Unit); (len(may) == 0) != x.m.over(a.Unit) {
			t.Fatalf("%s is offered %v after %+v", a.Unit, may, x.m.by(a.Unit))
		}
	}
	if x.may("elsewhere") != nil {
		t.Fatal("a unit that has not got the report may act on it")
	}
}

// endsClosed: each unit is taken up, owes at most one duty per category and table row, and closes.
func endsClosed(t *rapid.T, x *play) {
	for range 3 * (len(dutyTable) + 2) {
		var open []Arrival
		for _, a := range x.m.Arrivals {
			if x.may(a.Unit) != nil {
				open = append(open, a)
			}
		}
		if len(open) == 0 {
			break
		}
		u := rapid.SampledFrom(open).Draw(t, "unit").Unit
		again := has(x.m.by(u), Categorise)
		useful := slices.DeleteFunc(x.may(u), func(k ActKind) bool { return k == Ask || k == Take || k == Extend || k == Categorise && again })
		x.do(t, u, rapid.SampledFrom(useful).Draw(t, "act"))
	}
	if s, day := x.stands(); s != Closed || !day.IsZero() {
		t.Fatalf("everything is done and it stands as %s until %s: %+v", s, day, x.tasks())
	}
	for _, k := range x.tasks() {
		if k.Open() {
			t.Fatalf("closed and %s is open", k.Key)
		}
	}
}

func sortedTasks(t *rapid.T, x *play) {
	seen := map[string]bool{}
	for i, k := range x.tasks() {
		if i > 0 && k.Due.Before(x.tasks()[i-1].Due) || seen[k.Key] || k.Due.IsZero() || k.Cite.Article == 0 || k.Waived && k.Open() {
			t.Fatalf("%+v is out of order, twice or incomplete", k)
		}
		seen[k.Key] = true
	}
}

// staysDone: a step leaves what was done before as it was; a new decision about categories may drop what belonged to others, and
// gives what it keeps neither a new day nor a new state (R8.9).
func staysDone(t *rapid.T, x *play) {
	before := x.tasks()
	var s Step
	if u := rapid.SampledFrom(x.m.Arrivals).Draw(t, "unit").Unit; rapid.Bool().Draw(t, "decide") && slices.Contains(x.may(u), Categorise) {
		s = x.do(t, u, Categorise)
	} else {
		s = x.step(t)
	}
	after := map[string]Task{}
	for _, k := range x.tasks() {
		after[k.Key] = k
	}
	for _, k := range before {
		now, still := after[k.Key]
		kept := s.Kind != Categorise || s.Unit != k.Unit || k.Category == 0 || slices.Contains(s.Categories, k.Category)
		switch {
		case !still && x.m.Party && s.Kind == Close && k.Open() && s.Unit != k.Unit: // the track is over for all
		case !still && kept && (s.Kind != Categorise || !k.Open() || !slices.Contains(s.Categories, ClientOrgan)):
			t.Fatalf("%s vanished by %+v", k.Key, s)
		case still && !kept:
			t.Fatalf("%s was dropped by %+v and stays", k.Key, s)
		case still && s.Kind == Extend && (k.Duty == Handling || k.Duty == Investigate) && k.Unit == s.Unit && k.Open() && k.Due.Before(now.Due):
		case still && (!k.Open() && now != k || now.Due != k.Due):
			t.Fatalf("%+v became %+v by %+v", k, now, s)
		}
	}
}

func standingRises(t *rapid.T, x *play) {
	was, _ := x.stands()
	for range 5 {
		x.step(t)
		now, day := x.stands()
		if now < was || (now == Closed) != day.IsZero() {
			t.Fatalf("%s became %s, next news %s: %+v", was, now, day, x.m.Steps)
		}
		was = now
	}
	anyone := slices.ContainsFunc(x.m.Steps, func(s Step) bool { return s.Unit != "" })
	if (was == Delivered) == anyone {
		t.Fatalf("%s after %+v", was, x.m.Steps)
	}
}

func arrivalsCommute(t *rapid.T, x *play) {
	say := func() string {
		s, day := x.stands()
		return fmt.Sprint(x.tasks(), s, day, x.mayReporter(), x.may("inst"), x.may("city"), x.may("prov"))
	}
	want := say()
	x.m.Arrivals = rapid.Permutation(x.m.Arrivals).Draw(t, "other order")
	again := x.m.Arrivals[0] // a second stop at the same unit is no second arrival
	again.On = again.On.AddDays(rapid.IntRange(0, 9).Draw(t, "later"))
	x.m.Arrivals = append(x.m.Arrivals, again)
	if got := say(); got != want {
		t.Fatalf("\n got %s\nwant %s", got, want)
	}
}

func oddTask(t *rapid.T) string {
	r := rapid.SampledFrom(dutyTable).Draw(t, "row")
	d := rapid.SampledFrom(r.shapes()).Draw(t, "shape")
	return r.task(d, rapid.SampledFrom([]UnitID{"inst", "city", "prov"}).Draw(t, "of")).Key
}

func oddStep(t *rapid.T) Step {
	kinds := []ActKind{Accept, Ask, Pass, Decide, Categorise, Perform, Waive, Close, Reply, Urge, Appeal, Take, Extend, Transfer, Discipline, ""}
	return Step{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Unit: rapid.SampledFrom([]UnitID{"", "inst", "city", "prov", "elsewhere"}).Draw(t, "unit"),
		On:         Date{2026, 12, rapid.IntRange(1, 31).Draw(t, "on")},
		Categories: rapid.SliceOfN(rapid.SampledFrom(append(article8[:5:5], 0, 99)), 0, 3).Draw(t, "categories"),
		Task:       oddTask(t),
	}
}

// closedIsClosed: two who act at the same moment cannot reopen what one of them closed.
func closedIsClosed(t *rapid.T, x *play) {
	u := rapid.SampledFrom(x.m.Arrivals).Draw(t, "unit").Unit
	if !x.m.over(u) {
		x.m.Steps = append(x.m.Steps, Step{Kind: Close, Unit: u, On: x.today})
	}
	mine := func() []Task { return slices.DeleteFunc(x.tasks(), func(k Task) bool { return k.Unit != u }) }
	want := mine()
	late := oddStep(t)
	late.Unit = u
	x.m.Steps = append(x.m.Steps, late)
	if got := mine(); !reflect.DeepEqual(got, want) || x.may(u) != nil {
		t.Fatalf("after closing, %+v made of %v\n%v", late, want, got)
	}
}

func anySteps(t *rapid.T, x *play) {
	for range rapid.IntRange(1, 6).Draw(t, "odd steps") {
		x.m.Steps = append(x.m.Steps, oddStep(t))
	}
	sortedTasks(t, x)
	alwaysAWayOn(t, x)
	for _, k := range x.tasks() {
		if k.Waived && (k.Duty == Handling || k.Duty == Acknowledge) || !k.Open() && k.Duty == Handling && !ended(x.m.by(k.Unit)) {
			t.Fatalf("%+v was discharged by what does not discharge it", k)
		}
	}
}

func neverTold(t *rapid.T, x *play) {
	for _, a := range x.m.Arrivals {
		_, organ := decided(x.m.by(a.Unit))[ClientOrgan]
		for _, k := range x.tasks() {
			tells := k.Duty == TellClient || k.Category == Individual && k.Duty != AskClient
			if k.Unit == a.Unit && tells && k.Open() && (x.m.Facts.Client || organ || !slices.Contains(organs, x.m.ClientKind)) {
				t.Fatalf("%s is owed, client implicated %v, category (三) %v, client %q", k.Key, x.m.Facts.Client, organ, x.m.ClientKind)
			}
		}
		asked := slices.ContainsFunc(x.tasks(), func(k Task) bool { return k.Unit == a.Unit && k.Duty == AskClient && k.Open() })
		if (x.m.Facts.Client || organ || slices.Contains(organs, x.m.ClientKind)) && asked {
			t.Fatal("an officer is asked whether to tell a client who is implicated, or must be told")
		}
	}
}

func reporterBounds(t *rapid.T, x *play) {
	late := slices.ContainsFunc(x.tasks(), func(k Task) bool { return k.Open() && k.Due.Before(x.today) })
	may := x.mayReporter()
	if slices.Contains(may, Reply) == x.m.Party || x.m.Party && len(may) > 0 {
		t.Fatalf("on the Party's track %v: the reporter may %v", x.m.Party, may)
	}
	appeals, last := 0, Date{}
	for _, s := range x.m.Steps {
		switch s.Kind {
		case Appeal:
			appeals++
		case Urge:
			if n, _ := (Calendar{}).WorkdaysBetween(last, s.On); !last.IsZero() && n < 3 {
				t.Fatalf("reminded on %s and on %s", last, s.On)
			}
			last = s.On
		default:
		}
	}
	withheld := slices.ContainsFunc(x.tasks(), func(k Task) bool { return k.Duty == ForwardAuthority && k.Waived })
	if withheld && !x.m.Party && appeals == 0 && !organHas(x.m) && !slices.Contains(may, Appeal) {
		t.Fatal("the institution does not pass it on and the reporter cannot go to the authority")
	}
	if appeals > 1 || slices.Contains(may, Appeal) && (!late && !withheld || appeals > 0 || organHas(x.m)) {
		t.Fatalf("%d appeals, may %v, late %v", appeals, may, late)
	}
	if late && last.IsZero() && !x.m.Party && !slices.Contains(may, Urge) {
		t.Fatal("something is overdue and the reporter cannot remind")
	}
}

// organHas states a second time whether a 司法行政机关 has a report: the Party organisation is none.
func organHas(m Matter) bool {
	return slices.ContainsFunc(m.Arrivals, func(a Arrival) bool { return a.Level == Authority || a.Level == SuperiorAuthority })
}
