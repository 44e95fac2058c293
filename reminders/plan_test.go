package reminders

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"liuhen/flows/law"
)

// TestPlan plays calendars that a lawyer can read: who is told on which day. Deeds happen in the afternoon, after the digest.
func TestPlan(t *testing.T) {
	datadriven.Walk(t, "testdata/plan", func(t *testing.T, path string) {
		p := &play{t: t, cal: workdays(t), policy: law.Policy{Name: law.Ministry2020}, ids: map[string]law.PersonID{}, deeds: map[law.Date][]func(){}}
		datadriven.RunTest(t, path, p.run)
	})
}

var (
	roles = map[string]law.Role{
		"鉴定人": law.Appraiser, "其他人员": law.Staff, "负责人": law.Head, "报告接收人": law.Receiver, "档案员": law.Archivist,
		"机关经办人": law.Officer, "机关负责人": law.OfficerLead,
	}
	weekdays = []string{"日", "一", "二", "三", "四", "五", "六"}
)

// play is a register whose days are lived through.
type play struct {
	t      *testing.T
	cal    law.Calendar
	policy law.Policy
	dir    law.Directory
	ids    map[string]law.PersonID
	cases  map[string]*Owing
	order  []string
	last   map[law.PersonID]law.Date
	until  map[law.PersonID]law.Date
	deeds  map[law.Date][]func()
	down   [2]law.Date
}

func (p *play) run(t *testing.T, d *datadriven.TestData) string {
	lines := strings.Split(strings.TrimSpace(d.Input), "\n")
	switch d.Cmd {
	case "policy":
		numbers := map[string]int{}
		for _, l := range lines {
			var duty string
			var n int
			_, _ = fmt.Sscan(l, &duty, &n)
			numbers[duty] = n
		}
		var err error
		if p.policy, err = p.policy.Override(numbers); err != nil {
			return err.Error() + "\n"
		}
	case "people":
		p.dir = law.Directory{}
		for _, l := range lines {
			p.person(strings.Fields(l))
		}
	case "cases":
		p.cases, p.order, p.last, p.until = map[string]*Owing{}, nil, map[law.PersonID]law.Date{}, map[law.PersonID]law.Date{}
		p.deeds, p.down = map[law.Date][]func(){}, [2]law.Date{}
		for _, l := range lines {
			f := strings.Fields(l)
			o := &Owing{Institution: law.UnitID(f[1]), Closed: on(t, f[2])}
			for _, name := range strings.Split(f[3], "、") {
				o.Missing = append(o.Missing, p.who(name))
			}
			p.cases[f[0]], p.order = o, append(p.order, f[0])
		}
	case "deeds":
		for _, l := range lines {
			p.deed(strings.Fields(l))
		}
	case "days":
		var from, to string
		d.ScanArgs(t, "from", &from)
		d.ScanArgs(t, "to", &to)
		return p.days(on(t, from), on(t, to))
	default:
		t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
	}
	return ""
}

// person reads: unit, the unit above it or -, name, roles, and 未绑定 for somebody who cannot be reached.
func (p *play) person(f []string) {
	unit := law.UnitID(f[0])
	if _, there := p.dir.Unit(unit); !there {
		u := law.Unit{ID: unit, Name: f[0], Kind: law.InstitutionUnit}
		if f[1] != "-" {
			u.Parent = law.UnitID(f[1])
		}
		p.dir.Units = append(p.dir.Units, u)
	}
	p.ids[f[2]] = law.PersonID(f[2])
	m := law.Member{ID: law.PersonID(f[2]), Unit: unit, Name: f[2], Bound: len(f) < 5}
	for _, r := range strings.Split(f[3], "、") {
		role, ok := roles[r]
		if !ok {
			p.t.Fatalf("role %s", r)
		}
		m.Roles = append(m.Roles, role)
	}
	p.dir.Members = append(p.dir.Members, m)
}

func (p *play) who(name string) law.PersonID {
	id, ok := p.ids[name]
	if !ok {
		p.t.Fatalf("nobody is called %s", name)
	}
	return id
}

func (p *play) deed(f []string) {
	day := on(p.t, f[0])
	add := func(do func()) { p.deeds[day] = append(p.deeds[day], do) }
	members := func(id law.PersonID, do func(*law.Member)) func() {
		return func() {
			for i := range p.dir.Members {
				if m := &p.dir.Members[i]; m.ID == id {
					do(m)
				}
			}
		}
	}
	switch f[2] {
	case "签名存档":
		id, o := p.who(f[1]), p.cases[f[3]]
		add(func() { o.Missing = slices.DeleteFunc(o.Missing, func(x law.PersonID) bool { return x == id }) })
	case "下个工作日不提醒":
		id := p.who(f[1])
		add(func() { p.until[id], _ = p.cal.AddWorkdays(day, 2) })
	case "离职":
		add(members(p.who(f[1]), func(m *law.Member) { m.Left = true }))
	case "绑定":
		add(members(p.who(f[1]), func(m *law.Member) { m.Bound = true }))
	case "停机至":
		p.down = [2]law.Date{day, on(p.t, f[3])}
	default:
		p.t.Fatalf("unknown deed %s", f[2])
	}
}

func (p *play) situation(today law.Date) Situation {
	s := Situation{Today: today, Directory: p.dir, Last: p.last, Snoozed: map[law.PersonID]bool{}}
	for _, name := range p.order {
		if o := p.cases[name]; len(o.Missing) > 0 {
			s.Owing = append(s.Owing, *o)
		}
	}
	for id, until := range p.until {
		s.Snoozed[id] = today.Before(until)
	}
	return s
}

// days lives through the days and says who is told.
func (p *play) days(from, to law.Date) string {
	var b strings.Builder
	for day := from; !to.Before(day); day = day.AddDays(1) {
		fmt.Fprintf(&b, "%s 周%s", day, weekdays[day.Weekday()])
		work, known := p.cal.IsWorkday(day)
		weekend := day.Weekday() == 0 || day.Weekday() == 6
		switch {
		case work && weekend:
			b.WriteString(" 调休上班")
		case !work && !weekend:
			b.WriteString(" 放假")
		}
		if !known {
			b.WriteString("（日历未公布）")
		}
		if down := !p.down[0].IsZero() && !day.Before(p.down[0]) && day.Before(p.down[1]); down {
			b.WriteString(" 停机")
		} else {
			for _, id := range Plan(p.situation(day), p.policy, p.cal) {
				b.WriteString(" " + string(id))
				p.last[id] = day
			}
		}
		b.WriteString("\n")
		for _, do := range p.deeds[day] {
			do()
		}
	}
	return b.String()
}

// TestPlanLeavesItsInputAlone: planning twice, or with the parts of the situation in another order, gives the same, and changes nothing.
func TestPlanLeavesItsInputAlone(t *testing.T) {
	s := Situation{
		Today:     on(t, "2026-11-27"),
		Owing:     []Owing{{"甲所", on(t, "2026-11-20"), []law.PersonID{"李四", "张三"}}},
		Directory: law.Directory{Members: []law.Member{{ID: "张三", Unit: "甲所", Bound: true}, {ID: "李四", Unit: "甲所", Bound: true}}},
		Last:      map[law.PersonID]law.Date{"张三": on(t, "2026-11-25")},
	}
	before := fmt.Sprint(s)
	got := Plan(s, law.Policy{}, workdays(t))
	if !slices.Equal(got, []law.PersonID{"张三", "李四"}) || fmt.Sprint(s) != before {
		t.Errorf("%v, %v", got, s)
	}
	maps.Copy(s.Last, map[law.PersonID]law.Date{"张三": s.Today, "李四": s.Today})
	if got := Plan(s, law.Policy{}, workdays(t)); got != nil {
		t.Errorf("told twice: %v", got)
	}
}
