package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"liuhen/bot/intake"
	"liuhen/bot/telegram"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

// load takes people and cases from files into the register, all of them or, where a row is faulty, none.
func (p *program) load(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(p.err)
	partial := flags.Bool("partial", false, "save the good rows even if others are faulty")
	template := flags.String("template", "", "write an empty list with the right columns to this .xlsx and stop")
	if err := flags.Parse(args); err != nil {
		return errors.New("usage: load [--partial] FILE…")
	}
	if *template != "" {
		return writeTemplate(*template)
	}
	if flags.NArg() == 0 {
		return errors.New("name at least one .xlsx or .csv file; --template FILE.xlsx writes an empty one")
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	batch, err := p.readFiles(flags.Args(), c, *partial)
	if err != nil {
		return err
	}
	s, err := openStores(ctx, c, p.clock)
	if err != nil {
		return err
	}
	defer s.Close()
	done, err := s.db.Load(ctx, batch)
	if err != nil {
		return err
	}
	return p.tellLoaded(ctx, c, done, *partial)
}

func writeTemplate(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	return errors.Join(intake.WriteTemplate(f), f.Close())
}

// readFiles reads all files; faults of all of them are printed at once.
func (p *program) readFiles(paths []string, c Config, partial bool) (db.Batch, error) {
	out := db.Batch{Partial: partial}
	today := law.DateOf(p.clock().In(c.Zone))
	bad := 0
	for _, path := range paths {
		data, err := readLimited(path)
		if err != nil {
			return out, err
		}
		b, err := intake.Read(filepath.Base(path), data, today)
		var fault intake.Fault
		if errors.As(err, &fault) {
			fmt.Fprintln(p.out, fault.Text(c.Locale))
			bad++
			continue
		} else if err != nil {
			return out, err
		}
		for _, n := range b.Notes {
			fmt.Fprintln(p.out, n.Text(c.Locale))
		}
		for _, t := range b.FaultTexts(c.Locale) {
			fmt.Fprintln(p.out, t)
		}
		if !partial {
			bad += len(b.Faults)
		}
		join(&out, b)
	}
	if bad > 0 {
		return out, errors.New(text.Say(c.Locale, text.LoadNothing, bad))
	}
	return out, nil
}

func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > intake.MaxFileBytes {
		return nil, fmt.Errorf("%s is larger than %d MB: split the list", filepath.Base(path), intake.MaxFileBytes>>20)
	}
	return os.ReadFile(path)
}

// join converts what a file says into rows of the register.
func join(out *db.Batch, b *intake.Batch) {
	for _, x := range b.People {
		out.People = append(out.People, db.Person{
			Sheet: x.Sheet, Row: x.Row, Authority: x.Authority, Superior: x.Superior, Institution: x.Institution,
			Name: x.Name, Role: x.Role, Licence: x.Licence,
		})
	}
	for _, x := range b.Cases {
		c := db.Case{
			Sheet: x.Sheet, Row: x.Row, Institution: x.Institution, Number: x.Number, MatchKey: x.MatchKey, Matter: x.Matter,
			Client: x.Client, ClientType: string(x.ClientType), Accepted: x.Accepted, Closed: x.Closed, Closing: string(x.ClosingKind),
		}
		for _, a := range x.Appraisers {
			name, licence := intake.SplitAppraiser(a)
			c.Signers = append(c.Signers, db.Signer{Name: name, Licence: licence})
		}
		out.Cases = append(out.Cases, c)
	}
}

// tellLoaded says what changed and prints the invitations: they are shown here once and stored only as hashes.
func (p *program) tellLoaded(ctx context.Context, c Config, done db.Loaded, partial bool) error {
	for _, f := range done.Faults {
		fmt.Fprintln(p.out, text.ListSentence(c.Locale, text.ListPlace{Sheet: f.Sheet, Row: f.Row}, text.ListCode(f.Code), f.Args...))
	}
	if len(done.Faults) > 0 && !partial {
		return errors.New(text.Say(c.Locale, text.LoadNothing, len(done.Faults)))
	}
	fmt.Fprintln(p.out, text.Say(c.Locale, text.LoadDone, done.NewUnits, done.NewPeople, done.NewRoles+done.ChangedPeople, done.NewCases, done.ChangedCases))
	if len(done.Invitations) == 0 {
		return nil
	}
	link := invitationLink(ctx, c, p.clock)
	fmt.Fprintln(p.out, text.Say(c.Locale, text.LoadInvitations, len(done.Invitations)))
	for _, i := range done.Invitations {
		fmt.Fprintf(p.out, "%s\t%s\t%s\t%s\n", i.UnitName, i.Name, link(i.Token), i.Expires.In(c.Zone).Format(time.DateOnly))
	}
	return nil
}

// invitationLink makes links to the bot; where Telegram cannot be asked for the bot's name, the command to send instead.
func invitationLink(ctx context.Context, c Config, clock func() time.Time) func(token string) string {
	plain := func(token string) string { return "/start " + token }
	if c.Token == "" {
		return plain
	}
	api, err := telegram.New(telegram.Options{Token: c.Token, URL: c.APIURL, Clock: clock})
	if err != nil {
		return plain
	}
	defer api.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	name, err := api.Me(ctx)
	if err != nil {
		return plain
	}
	return func(token string) string { return "https://t.me/" + name + "?start=" + token }
}
