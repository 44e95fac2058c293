package db

import "context"

// Named is somebody who goes by a name.
type Named struct{ Person, Name, UnitName, Licence string }

// Named finds those of that name who have not left, for whoever invites people.
func (d *DB) Named(ctx context.Context, name string) (out []Named, err error) {
	err = d.snapshot(ctx, "look somebody up", func(t *tx) error {
		out, err = rows(t, func(n *Named) []any { return []any{&n.Person, &n.Name, &n.UnitName, &n.Licence} },
			`SELECT p.id, p.name, u.name, p.licence FROM persons p JOIN units u ON u.id = p.unit
			WHERE p.name = $1 AND p.left_ms IS NULL ORDER BY u.name, p.licence, p.id`, name)
		return err
	})
	return out, err
}
