package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"liuhen/bot/backup"
	"liuhen/bot/intake"
	"liuhen/storage/db"
	"liuhen/storage/vault"
)

const restoreUsage = "usage: restore --identity FILE [--institution NAME] BACKUP, and later restore --release NAME --release NAME --old resend|close"

type restoring struct {
	identity, institution, old string
	release                    []string
}

// restore reads a backup in, or releases what was read in.
func (p *program) restore(ctx context.Context, args []string) error {
	var x restoring
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&x.identity, "identity", "", "")
	flags.StringVar(&x.institution, "institution", "", "")
	flags.StringVar(&x.old, "old", "", "")
	flags.Func("release", "", func(s string) error { x.release = append(x.release, strings.TrimSpace(s)); return nil })
	err := flags.Parse(args)
	if err != nil || (len(x.release) == 0) != (flags.NArg() == 1) || len(x.release) == 0 && (x.identity == "" || x.old != "") {
		return errors.New(restoreUsage)
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	if len(x.release) > 0 {
		return p.release(ctx, c, x)
	}
	began := time.Now() // it is the machine that is measured
	if err := p.readBackup(ctx, c, x, flags.Arg(0)); err != nil {
		return err
	}
	return p.afterRestore(ctx, c, began)
}

// keysLost is what a lost key file means.
const keysLost = "without it what the entries, reports, acts and evidence say is lost for good; not lost are the register of people and cases, who filed for which case and when, " +
	"and the log of access: age -d and tar -x open the backup"

func (p *program) readBackup(ctx context.Context, c Config, x restoring, path string) error {
	state, err := look(ctx, c)
	if err != nil {
		return err
	}
	if state.Version > 0 {
		return fmt.Errorf("DATABASE_URL: %w: a backup is restored into an empty place only; name another one, for example a new folder as LIUHEN_DATA", db.ErrNotEmpty)
	}
	keys, _, err := vault.Load(c.Keys, true)
	if errors.Is(err, vault.ErrKeysMissing) {
		return fmt.Errorf("LIUHEN_KEYS: %s is not there: put the key file of this backup there; %s", c.Keys, keysLost)
	}
	if err != nil {
		return fmt.Errorf("LIUHEN_KEYS: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the backup cannot be read: %w", err)
	}
	defer f.Close()
	identities, err := readIdentities(x.identity)
	if err != nil {
		return err
	}
	r, err := backup.NewReader(f, identities)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	err = p.intake(ctx, c, keys, r, x.institution)
	switch {
	case errors.Is(err, backup.ErrTruncated), errors.Is(err, backup.ErrForeign):
		return fmt.Errorf("%s: %w", path, err)
	case errors.Is(err, db.ErrOtherKeys):
		return fmt.Errorf("LIUHEN_KEYS: %s is not the key file of this backup: put that one there; %s", c.Keys, keysLost)
	case errors.Is(err, db.ErrOldKeys):
		return fmt.Errorf("LIUHEN_KEYS: %s lacks the key that wrapped this backup's data keys: put a copy there that was made between the last change of keys before the backup and the retiring of that key", c.Keys)
	case errors.Is(err, db.ErrNoSuchUnit):
		return fmt.Errorf("--institution %s: %w: write the name as in the list of people", x.institution, err)
	case err != nil:
		return databaseFault(err)
	}
	return nil
}

// intake stores rows and evidence; evidence that came before a fault is taken away again.
func (p *program) intake(ctx context.Context, c Config, keys *vault.Keys, r *backup.Reader, institution string) (err error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("LIUHEN_DATA: %w", err)
	}
	s := &stores{keys: keys, cfg: c}
	if s.policy, err = readPolicy(c.Policy); err != nil {
		return err
	}
	if s.calendar, err = readCalendar(c.Data); err != nil {
		return err
	}
	if s.blobs, err = c.evidence(keys, vault.Direct{Keys: keys}); err != nil {
		return err
	}
	var stored []string
	defer func() {
		for _, name := range stored {
			if err != nil {
				err = errors.Join(err, s.blobs.Remove(context.WithoutCancel(ctx), name))
			}
		}
	}()
	evidence := func(wanted func(string) bool) error {
		_, err := r.Evidence(func(name string, _ int64, content io.Reader) error {
			if !wanted(name) {
				_, err := io.Copy(io.Discard, content)
				return err
			}
			if _, _, err := s.blobs.Raw(ctx, name); err != nil { // else it survived where the database did not
				stored = append(stored, name)
			}
			return s.blobs.KeepRaw(ctx, content, name)
		})
		return err
	}
	o := db.Options{
		Keys: keys, Clock: p.clock, Zone: c.Zone, Calendar: s.calendar, Policy: s.policy, MatchKey: intake.MatchKey,
		FileLimit: fileLimit, Locale: c.Locale, Suite: c.Suite,
	}
	return db.Restore(ctx, c.DatabaseURL, o, db.Backup{Version: r.Manifest.Schema, Mark: r.Manifest.Mark, Next: r.Part, Evidence: evidence}, institution)
}

// afterRestore verifies everything and says what comes next.
func (p *program) afterRestore(ctx context.Context, c Config, began time.Time) error {
	read := time.Since(began)
	if err := p.verify(ctx, nil); err != nil {
		return fmt.Errorf("the backup was restored, but %w", err)
	}
	s, err := openRegister(ctx, c, p.clock, false)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.db.Recipients(ctx)
	if err != nil {
		return databaseFault(err)
	}
	_, old, err := s.db.Quarantine(ctx)
	if err != nil {
		return databaseFault(err)
	}
	fmt.Fprintf(p.out, "took %s to read in and %s to verify\n", read.Round(time.Millisecond), (time.Since(began) - read).Round(time.Millisecond))
	fmt.Fprintln(p.out, "restored; entries are taken from now on, but nothing is delivered and no report is shown to a recipient until it is released:")
	fmt.Fprintln(p.out, "1. two people compare these roles with today's and mend them by loading today's list:")
	for _, r := range list {
		fmt.Fprintf(p.out, "   %s %s %s\n", r.Unit, r.Role, r.Person)
	}
	fmt.Fprintln(p.out, "2. invitations that were open are void, and phones that were changed since are the old ones again: load --invite NAME")
	fmt.Fprintf(p.out, "3. %d messages were due when the backup was made; whether they were sent since only people know\n", old)
	fmt.Fprintln(p.out, "4. restore --release NAME --release NAME --old resend|close")
	return nil
}

// release ends the quarantine in the names of two people.
func (p *program) release(ctx context.Context, c Config, x restoring) error {
	x.release = slices.Compact(slices.Sorted(slices.Values(x.release)))
	if len(x.release) < 2 || slices.Contains(x.release, "") {
		return errors.New("a release takes two people who have compared the roles: --release NAME --release NAME")
	}
	s, err := openRegister(ctx, c, p.clock, false)
	if err != nil {
		return err
	}
	defer s.Close()
	since, old, err := s.db.Quarantine(ctx)
	switch {
	case err != nil:
		return databaseFault(err)
	case since.IsZero():
		fmt.Fprintln(p.out, "nothing waits for a release")
		return nil
	case x.old != "resend" && x.old != "close":
		return fmt.Errorf("%d messages were due when the backup was made: add --old resend to send those that still are owed, or --old close", old)
	}
	if err := s.db.Release(ctx, x.release, x.old == "resend"); err != nil {
		return databaseFault(err)
	}
	fmt.Fprintln(p.out, "released; delivery goes on")
	return nil
}

// readIdentities reads private keys as age-keygen writes them. No error quotes them.
func readIdentities(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--identity: %w", err)
	}
	defer f.Close()
	list, err := age.ParseIdentities(io.LimitReader(f, secretLimit))
	if err != nil || len(list) == 0 {
		return nil, fmt.Errorf("--identity %s: it holds no key of age (AGE-SECRET-KEY-1…): name the file that age-keygen wrote", path)
	}
	return list, nil
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
