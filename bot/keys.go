package main

import (
	"context"
	"errors"
	"fmt"

	"liuhen/storage/db"
	"liuhen/storage/dialogs"
	"liuhen/storage/vault"
)

// keys shows, changes and retires the keys that lock data keys away.
func (p *program) keys(ctx context.Context, args []string) error {
	do := p.listKeys
	switch {
	case len(args) == 0:
	case len(args) == 1 && args[0] == "rotate":
		do = p.rotate
	case len(args) == 2 && args[0] == "retire":
		do = func(ctx context.Context, _ Config, s *stores) error { return p.retire(ctx, s, args[1]) }
	default:
		return errors.New("write keys, keys rotate, or keys retire ID")
	}
	c, s, err := p.opened(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if len(args) == 2 { // drafts may need the key, too
		var redis *dialogs.Redis
		if c.RedisURL != "" {
			if redis, err = reachRedis(ctx, c, p.clock); err != nil {
				return err
			}
		}
		if err := s.openDialogs(ctx, redis); err != nil {
			return err
		}
	}
	return do(ctx, c, s)
}

func (p *program) listKeys(ctx context.Context, _ Config, s *stores) error {
	uses, err := s.db.KeyUses(ctx)
	if err != nil {
		return databaseFault(err)
	}
	for _, u := range uses {
		state := "old"
		switch {
		case u.Current:
			state = "wraps what comes"
		case !u.Held:
			state = "not in the key file"
		case u.Wraps == 0 && u.Rows == 0:
			state = "not needed any more: keys retire " + u.ID
		}
		fmt.Fprintf(p.out, "%s: %d data keys, %d columns of an earlier release: %s\n", u.ID, u.Wraps, u.Rows, state)
	}
	return nil
}

func (p *program) rotate(ctx context.Context, c Config, s *stores) error {
	added, err := s.db.NextKey(ctx, c.Suite)
	if err != nil {
		return keysFault(err)
	}
	if added {
		fmt.Fprintf(p.out, "key %s (%s) added to %s: copy the file to a safe place now, the old copy does not open what comes\n",
			s.keys.Current(), s.keys.CurrentSuite(), c.Keys)
	} else {
		fmt.Fprintf(p.out, "going on with key %s\n", s.keys.Current())
	}
	n, err := s.db.Rewrap(ctx, func(done, left int) { fmt.Fprintf(p.out, "%d wrapped, %d left\n", done, left) })
	if err != nil {
		return fmt.Errorf("%w; %d were wrapped, nothing is lost: run keys rotate again to go on", keysFault(err), n)
	}
	fmt.Fprintln(p.out, "done; go run ./bot keys shows which keys are not needed any more")
	return nil
}

// retire looks at the evidence and the drafts as well: those of an earlier release need a key of the file itself.
func (p *program) retire(ctx context.Context, s *stores, id string) error {
	drafts := 0
	err := s.dialogs.Each(ctx, func(sealed []byte) error {
		if vault.SealedBy(sealed) == id {
			drafts++
		}
		return nil
	})
	if err == nil && drafts > 0 {
		err = fmt.Errorf("%w: it opens %d drafts of an earlier release; each is sealed anew when its owner goes on, and gone after 90 days: retire the key then", db.ErrKeyInUse, drafts)
	}
	if err != nil {
		return fmt.Errorf("key %s: %w", id, err)
	}
	err = s.db.BlobNames(ctx, func(name string) error {
		by, err := s.blobs.SealedBy(ctx, name)
		if err == nil && by == id {
			err = fmt.Errorf("%w: it opens evidence of an earlier release", db.ErrKeyInUse)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("key %s: %w", id, err)
	}
	if err := s.db.Retire(ctx, id); err != nil {
		return fmt.Errorf("key %s: %w", id, keysFault(err))
	}
	fmt.Fprintf(p.out, "key %s is in the key file no more; backups made before it was replaced need it: keep a copy as long as you keep them\n", id)
	return nil
}

// keysFault is databaseFault for calls that also change the key file.
func keysFault(err error) error {
	if errors.Is(err, db.ErrKeyInUse) || errors.Is(err, db.ErrWrapper) || errors.Is(err, vault.ErrNoSuchKey) || errors.Is(err, vault.ErrCannotOpen) {
		return err
	}
	return databaseFault(err)
}
