package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"liuhen/bot/backup"
	"liuhen/storage/db"
)

// backup writes everything that must last into one encrypted file.
func (p *program) backup(ctx context.Context, args []string) error {
	var to string
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&to, "to", "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		return errors.New("usage: backup [--to age1…] FILE, or a folder in which to make one")
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	if to == "" {
		to = c.Backup
	}
	if to == "" {
		return errors.New("LIUHEN_BACKUP_RECIPIENT is not set, and a backup is always encrypted: run age-keygen on another machine, keep its file there, and set the public key it prints (age1…)")
	}
	recipients, err := backup.Recipients(to)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	s, err := openRegister(ctx, c, p.clock, false)
	if err != nil {
		return err
	}
	defer s.Close()
	path := flags.Arg(0)
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		path = filepath.Join(path, "liuhen-"+p.clock().In(c.Zone).Format("20060102-150405")+".backup")
	}
	end, err := s.backup(ctx, path, recipients, p)
	if err != nil {
		return err
	}
	rows := 0
	for _, n := range end.Rows {
		rows += n
	}
	fmt.Fprintf(p.out, "%s: %d entries, %d rows in all, %d pieces of evidence\n", path, end.Rows["records"], rows, end.Evidence)
	fmt.Fprintln(p.out, "the key file is not in it: keep a copy of it elsewhere, one as new as this backup")
	return nil
}

// backup makes the file under another name first, so that a backup is whole or not there.
func (s *stores) backup(ctx context.Context, path string, to []age.Recipient, p *program) (end backup.End, err error) {
	if _, err := os.Lstat(path); err == nil {
		return end, fmt.Errorf("%s is there already: name another file", path)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".backup-*") // mode 0600
	if err != nil {
		return end, fmt.Errorf("the backup cannot be written (%w): name a folder that exists and is writable", err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // after a success it is gone under that name
	out := &watchedFile{file: tmp}
	end, err = s.writeBackup(ctx, out, to, p)
	if err == nil {
		out.err = errors.Join(tmp.Sync(), tmp.Close())
	} else {
		_ = tmp.Close() // it is removed
	}
	if out.err == nil && err == nil {
		out.err = os.Link(tmp.Name(), path) // unlike a rename it replaces nothing
	}
	if out.err != nil {
		return end, fmt.Errorf("the backup cannot be written (%w): make room there or name another place; nothing was left behind", out.err)
	}
	return end, err
}

// watchedFile remembers whether writing failed, whatever the layers above make of it. They have no other way to write.
type watchedFile struct {
	file *os.File
	err  error
}

func (w *watchedFile) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

func (s *stores) writeBackup(ctx context.Context, w io.Writer, to []age.Recipient, p *program) (end backup.End, err error) {
	state, err := look(ctx, s.cfg)
	if err != nil {
		return end, err
	}
	b, err := backup.NewWriter(w, to, backup.Manifest{Schema: state.Version, Made: p.clock().UTC(), Mark: db.Mark(s.keys)})
	if err != nil {
		return end, err
	}
	blobs := map[string]bool{}
	version, err := s.db.Dump(ctx, func(part db.Part) error {
		if part.Table == "evidence" {
			for i, column := range part.Columns {
				for _, r := range part.Rows {
					if column == "blob" {
						blobs[r[i].(string)] = true
					}
				}
			}
		}
		return b.Part(part)
	})
	if err == nil && version != state.Version {
		err = errors.New("the schema was changed meanwhile: begin again")
	}
	if err != nil {
		return end, databaseFault(err)
	}
	if err := s.backupEvidence(ctx, b, blobs); err != nil {
		return end, err
	}
	return b.Close()
}

// backupEvidence reads no content: what is stored is copied as it is. Evidence that is gone is no reason to have no backup of the
// rest, but it is told.
func (s *stores) backupEvidence(ctx context.Context, b *backup.Writer, names map[string]bool) error {
	for _, name := range sorted(names) {
		r, size, err := s.blobs.Raw(ctx, name)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("a piece of evidence is missing (%s): run verify; put the file back from an earlier backup, then back up again", name)
		}
		if err != nil {
			return err
		}
		if err := errors.Join(b.Evidence(name, size, r), r.Close()); err != nil {
			return err
		}
	}
	return ctx.Err()
}
