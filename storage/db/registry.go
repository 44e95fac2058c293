package db

import (
	"context"
	"fmt"
	"strings"

	"liuhen/flows/law"
)

// upwards is the way from a unit to the top. The depth ends a circle that should not be there.
const upwards = `WITH RECURSIVE line (id, parent, kind, name, depth) AS (
	SELECT id, parent, kind, name, 0 FROM units WHERE id = $1
	UNION ALL SELECT u.id, u.parent, u.kind, u.name, l.depth + 1 FROM units u JOIN line l ON u.id = l.parent WHERE l.depth < 10)`

// Directory is the whole register of units and people.
func (d *DB) Directory(ctx context.Context) (dir law.Directory, err error) {
	err = d.snapshot(ctx, "read the register", func(t *tx) error {
		dir, err = t.directory()
		return err
	})
	return dir, err
}

func (t *tx) directory() (law.Directory, error) {
	units, err := t.units("SELECT id, COALESCE(parent, ''), kind, name FROM units ORDER BY name, id")
	if err != nil {
		return law.Directory{}, err
	}
	members, err := t.members("")
	return law.Directory{Units: units, Members: members}, err
}

// line is the register as far as somebody of that unit needs it: the unit, its authority, those above, and their people.
func (t *tx) line(unit string) (law.Directory, error) {
	units, err := t.units(upwards+" SELECT id, COALESCE(parent, ''), kind, name FROM line ORDER BY depth", unit)
	if err != nil || len(units) == 0 {
		return law.Directory{}, err
	}
	ids := make([]string, len(units))
	for i, u := range units {
		ids[i] = string(u.ID)
	}
	members, err := t.members("WHERE r.unit IN "+list(1, len(ids)), anys(ids)...)
	return law.Directory{Units: units, Members: members}, err
}

func (t *tx) units(q string, args ...any) ([]law.Unit, error) {
	type row struct {
		id, parent, kind, name string
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.parent, &r.kind, &r.name} }, q, args...)
	out := make([]law.Unit, 0, len(found))
	for _, r := range found {
		kind, _ := law.ParseKind(r.kind)
		out = append(out, law.Unit{ID: law.UnitID(r.id), Parent: law.UnitID(r.parent), Kind: kind, Name: r.name})
	}
	return out, err
}

// members are people by place, those with no role left marked as having left, with what they hold today in others' places.
func (t *tx) members(where string, args ...any) ([]law.Member, error) {
	out, err := t.ownRoles(where, args...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	return t.deputise(out)
}

// ownRoles are the members with their own roles alone.
func (t *tx) ownRoles(where string, args ...any) ([]law.Member, error) {
	type row struct {
		person, unit, name, role string
		active, bound, left      bool
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.person, &r.unit, &r.name, &r.role, &r.active, &r.bound, &r.left} },
		`SELECT p.id, r.unit, p.name, r.role, r.until_ms IS NULL, a.person IS NOT NULL AND a.unreachable_ms IS NULL, p.left_ms IS NOT NULL
		FROM roles r JOIN persons p ON p.id = r.person LEFT JOIN accounts a ON a.person = p.id `+where+`
		ORDER BY r.unit, p.name, p.id, r.role`, args...)
	var out []law.Member
	for _, r := range found {
		n := len(out)
		if n == 0 || string(out[n-1].ID) != r.person || string(out[n-1].Unit) != r.unit {
			out = append(out, law.Member{ID: law.PersonID(r.person), Unit: law.UnitID(r.unit), Name: r.name, Bound: r.bound, Left: true})
			n++
		}
		m := &out[n-1]
		m.Left = m.Left && (r.left || !r.active)
		if role, ok := law.ParseRole(r.role); ok && r.active {
			m.Roles = append(m.Roles, role)
		}
	}
	return out, err
}

// places are one person's places in units.
func (t *tx) places(person string) ([]law.Member, error) {
	return t.members("WHERE r.person = $1", person)
}

// Leave takes somebody out of everything at once: access, roles, messages. Their name and entries stay (E30), and the way to their
// own entries and the protection of Art. 9 (R9.1): see [Caller].Former.
func (d *DB) Leave(ctx context.Context, person string) error {
	return d.write(ctx, "take somebody out", func(t *tx) error {
		return t.leave(person, d.now())
	})
}

func (t *tx) leave(person string, now int64) error {
	n, err := t.exec("UPDATE persons SET left_ms = $1 WHERE id = $2 AND left_ms IS NULL", now, person)
	if err != nil || n == 0 {
		return err
	}
	if _, err := t.exec("UPDATE roles SET until_ms = $1 WHERE person = $2 AND until_ms IS NULL", now, person); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE invitations SET expires_ms = $1 WHERE person = $2 AND used_ms IS NULL AND expires_ms > $1", now, person); err != nil {
		return err
	}
	return t.audit(key("leave", person, number(now)), t.d.Clock(), "", "leave", person, true, "")
}

// Revoke ends one role of somebody in a unit.
func (d *DB) Revoke(ctx context.Context, person, unit string, role law.Role) error {
	return d.write(ctx, "end a role", func(t *tx) error {
		n, err := t.exec("UPDATE roles SET until_ms = $1 WHERE person = $2 AND unit = $3 AND role = $4 AND until_ms IS NULL",
			d.now(), person, unit, role.String())
		if err != nil || n == 0 {
			return err
		}
		return t.audit(key("revoke", person, unit, role.String(), number(d.now())), d.Clock(), "", "revoke", person, true, role.String())
	})
}

// list is ($from, …) for n parameters.
func list(from, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("$%d", from+i)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func anys(s []string) []any {
	out := make([]any, len(s))
	for i, v := range s {
		out[i] = v
	}
	return out
}
