package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"liuhen/bot/archive"
	"liuhen/bot/turn"
	"liuhen/flows/text"
	"liuhen/storage/db"
	witness "liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// receipts makes the receipt of an own entry as its signer keeps it: a text, and a picture of the same text. Names and sizes say
// nothing of the entry.
func (s *stores) receipts(locale string) func(context.Context, db.Caller, int64, string) ([]turn.Copy, error) {
	return func(ctx context.Context, c db.Caller, event int64, record string) ([]turn.Copy, error) {
		signed, err := s.db.Receipt(ctx, c, event, record)
		if err != nil {
			return nil, err
		}
		picture, err := witness.Picture(signed)
		if err != nil {
			return nil, err
		}
		name := text.Say(locale, text.ReceiptFile, record[:min(8, len(record))])
		return []turn.Copy{{Name: name + ".txt", Content: signed}, {Name: name + ".png", Content: picture}}, nil
	}
}

// verifyReceipt verifies a receipt, or a checkpoint, with a public key alone: no database, no settings, no network. path "-" or ""
// is standard input. Without a key it is this installation's.
func (p *program) verifyReceipt(path, key string) error {
	keys, err := p.verifiers(key)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return p.verifyFolder(path, keys)
	}
	signed, err := p.readReceipt(path)
	if err != nil {
		return err
	}
	r, err := witness.OpenReceipt(signed, keys...)
	if err == nil {
		p.bilingual(text.VerifyGood, r.System, r.Signer, r.Institution, r.Record, r.Signed.Format(momentShown), r.Level.String(), r.Code())
		return nil
	}
	c, other := witness.OpenCheckpoint(signed, keys...)
	if other == nil {
		p.bilingual(text.VerifyGoodMark, c.System, c.At.Format(momentShown))
		return nil
	}
	if errors.Is(other, witness.ErrLayout) {
		err = other
	}
	return worded(err)
}

// verifyFolder verifies a package, or a part that was unsealed, with a public key alone.
func (p *program) verifyFolder(path string, keys []note.Verifier) error {
	files, err := archive.ReadFolder(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	c, err := archive.Check(files, keys...)
	if err != nil {
		return fmt.Errorf("%s: %w", path, worded(err))
	}
	p.bilingual(text.VerifyGoodFiles, c.System, c.Made.Format(momentShown))
	if _, sealed := files["index.json"]; sealed {
		p.bilingual(text.VerifySealed)
		return nil
	}
	p.bilingual(text.VerifyGoodProof, c.Entries, c.At.Format(momentShown))
	return nil
}

// worded is what is wrong with something signed, in both languages.
func worded(err error) error {
	for _, x := range []struct {
		fault error
		say   text.Key
	}{
		{witness.ErrDamaged, text.VerifyDamaged},
		{witness.ErrLayout, text.VerifyLayout},
		{witness.ErrOtherSystem, text.VerifyOther},
		{witness.ErrForged, text.VerifyForged},
		{witness.ErrUnproved, text.VerifyUnproved},
	} {
		if errors.Is(err, x.fault) {
			before := strings.TrimSuffix(err.Error(), x.fault.Error())
			return errors.New(before + text.Say(text.ZhHans, x.say) + "\n" + text.Say(text.En, x.say))
		}
	}
	return err
}

// momentShown is how moments are printed.
const momentShown = "2006-01-02 15:04:05 -07:00"

// bilingual says one thing in Chinese and in English: whoever verifies has chosen no language.
func (p *program) bilingual(k text.Key, args ...any) {
	fmt.Fprintln(p.out, text.Say(text.ZhHans, k, args...))
	fmt.Fprintln(p.out, text.Say(text.En, k, args...))
}

func (p *program) readReceipt(path string) ([]byte, error) {
	if path != "" && path != "-" {
		return readSmall(path)
	}
	if p.in == nil {
		return nil, errors.New("there is no receipt: name its file, or give its text on standard input")
	}
	b, err := io.ReadAll(io.LimitReader(p.in, smallLimit))
	if err != nil {
		return nil, fmt.Errorf("standard input cannot be read: %w", err)
	}
	return b, nil
}

// verifiers are the keys to verify with: the one given, itself or in a file, or this installation's own.
func (p *program) verifiers(key string) ([]note.Verifier, error) {
	if key == "" {
		keys, _, err := p.ownKeys()
		if err != nil {
			return nil, fmt.Errorf("give the public key with --key: here is no installation to take it from (%w)", err)
		}
		return keys.Verifiers(), nil
	}
	if k, err := vault.ParsePublicKey(key); err == nil {
		return []note.Verifier{k}, nil
	}
	b, err := readSmall(key)
	if err != nil {
		return nil, fmt.Errorf("--key: it is neither a public key nor a file with one: %w", err)
	}
	var out []note.Verifier
	for line := range strings.Lines(string(b)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		k, err := vault.ParsePublicKey(line)
		if err != nil {
			return nil, fmt.Errorf("--key %s: %w", key, err)
		}
		out = append(out, k)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("--key %s: %w", key, vault.ErrPublicKey)
	}
	return out, nil
}

// ownKeys are those of this installation.
func (p *program) ownKeys() (*vault.Keys, Config, error) {
	c, err := readConfig(p.environ)
	if err != nil {
		return nil, c, err
	}
	keys, _, err := vault.Load(c.Keys, true)
	if err != nil {
		return nil, c, fmt.Errorf("LIUHEN_KEYS: %w", err)
	}
	return keys, c, nil
}

// checkpointFolder is where the day's checkpoints are kept in the data folder, to be copied to where nobody who can reach this
// machine can reach them.
const checkpointFolder = "checkpoints"

// keepCheckpoint writes the day's checkpoint, once.
func (s *stores) keepCheckpoint(ctx context.Context, now time.Time) error {
	s.signing.Lock() // two who ask at once get the same
	defer s.signing.Unlock()
	path := s.checkpointOf(now)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("LIUHEN_DATA: the folder of checkpoints cannot be made: %w", err)
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return s.writeCheckpoint(ctx, path)
}

func (s *stores) checkpointOf(now time.Time) string {
	return filepath.Join(s.cfg.Data, checkpointFolder, now.Format(time.DateOnly)+".txt")
}

// checkpoints gives an officer the day's checkpoint: the same text whoever asks, however often.
func (s *stores) checkpoints(locale string) func(context.Context, db.Caller, int64) ([]turn.Copy, error) {
	return func(ctx context.Context, c db.Caller, event int64) ([]turn.Copy, error) {
		if err := s.db.MayHaveCheckpoint(ctx, c, event); err != nil {
			return nil, err
		}
		now := s.clock().In(s.cfg.Zone)
		if err := s.keepCheckpoint(ctx, now); err != nil {
			return nil, err
		}
		signed, err := readSmall(s.checkpointOf(now))
		return []turn.Copy{{Name: text.Say(locale, text.CheckpointFile, now.Format(time.DateOnly)) + ".txt", Content: signed}}, err
	}
}

// exportCheckpoint gives the log's state now out, to be printed or kept elsewhere; "-" is standard output.
func (p *program) exportCheckpoint(ctx context.Context, s *stores, path string) error {
	if path != "-" {
		if err := s.writeCheckpoint(ctx, path); err != nil {
			return fmt.Errorf("--checkpoint: %w: choose another place", err)
		}
		return nil
	}
	signed, err := s.db.Checkpoint(ctx)
	if err != nil {
		return databaseFault(err)
	}
	_, err = p.out.Write(signed)
	return err
}

// writeCheckpoint writes the log's state now to a file, whole or not at all.
func (s *stores) writeCheckpoint(ctx context.Context, path string) error {
	signed, err := s.db.Checkpoint(ctx)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".checkpoint-*")
	if err != nil {
		return fmt.Errorf("the checkpoint cannot be written: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it is gone when all went well
	_, err = f.Write(signed)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("the checkpoint cannot be written to %s: %w", path, err)
	}
	return nil
}
