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
	"slices"
	"strings"
	"time"

	"liuhen/bot/intake"
	"liuhen/bot/telegram"
	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/text"
	"liuhen/storage/db"
)

const loadUsage = "load [--partial] FILE…, load --template FILE.xlsx, or load --invite NAME"

// load takes people and cases from files into the register, all of them or, where a row is faulty, none.
func (p *program) load(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	partial := flags.Bool("partial", false, "")
	template := flags.String("template", "", "")
	invite := flags.String("invite", "", "")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w; usage: %s", err, loadUsage)
	}
	files := flags.Args()
	switch one := *template != "" || *invite != ""; {
	case one && (len(files) > 0 || *partial || *template != "" && *invite != ""):
		return errors.New("--template and --invite stand alone; usage: " + loadUsage)
	case *template != "":
		return writeTemplate(*template)
	case !one && len(files) == 0:
		return errors.New("name at least one .xlsx or .csv file; --template FILE.xlsx writes an empty one")
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	if *invite != "" {
		return p.invite(ctx, c, *invite)
	}
	batch, err := p.readFiles(files, c, *partial)
	if err != nil {
		return err
	}
	s, err := openRegister(ctx, c, p.clock, true)
	if err != nil {
		return err
	}
	defer s.Close()
	done, err := s.db.Load(ctx, batch)
	if err != nil {
		return databaseFault(err)
	}
	return p.tellLoaded(ctx, c, s.db, done, *partial)
}

func writeTemplate(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: remove it, or give another name", path)
	}
	if err != nil {
		return fmt.Errorf("the template cannot be written (%w): correct the path", err)
	}
	if err := errors.Join(intake.WriteTemplate(f), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("the template cannot be written (%w): make room there or name another place; nothing was left behind", err), os.Remove(path))
	}
	return nil
}

// readFiles reads all files; faults of all of them are printed at once. A file that is no list at all refuses everything, partial
// or not: most likely it is the wrong file.
func (p *program) readFiles(paths []string, c Config, partial bool) (db.Batch, error) {
	out := db.Batch{Partial: partial}
	today := law.DateOf(p.clock().In(c.Zone))
	bad := 0
	for _, path := range paths {
		name := filepath.Base(path)
		data, err := readLimited(path)
		var b *intake.Batch
		if err == nil {
			b, err = intake.Read(name, data, today)
		}
		if err != nil {
			fmt.Fprintln(p.out, fileFault(err, c.Locale))
			bad++
			continue
		}
		for _, n := range b.Notes {
			fmt.Fprintln(p.out, n.Text(c.Locale))
		}
		for _, t := range b.FaultTexts(c.Locale) {
			fmt.Fprintln(p.out, t)
		}
		if !partial {
			bad += len(b.Faults) + b.Omitted
		}
		nameSheets(b, name)
		join(&out, b)
	}
	if bad > 0 {
		return out, errors.New(text.Say(c.Locale, text.LoadNothing, bad))
	}
	return out, nil
}

func fileFault(err error, locale string) string {
	var fault intake.Fault
	if errors.As(err, &fault) {
		return fault.Text(locale)
	}
	return err.Error()
}

func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the files in it", path)
	}
	if err == nil && info.Size() > intake.MaxFileBytes {
		return nil, fmt.Errorf("%s is larger than %d MB: split the list", path, intake.MaxFileBytes>>20)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w): correct the name or its permissions", path, errors.Unwrap(err))
	}
	return data, nil
}

// inFile stands between a file's name and a sheet's where the register knows sheets only.
const inFile = "\x00"

// nameSheets lets the register's faults say which of several files they are about.
func nameSheets(b *intake.Batch, file string) {
	for i := range b.People {
		b.People[i].Sheet = file + inFile + b.People[i].Sheet
	}
	for i := range b.Cases {
		b.Cases[i].Sheet = file + inFile + b.Cases[i].Sheet
	}
}

func placeOf(f db.Fault) text.ListPlace {
	file, sheet, _ := strings.Cut(f.Sheet, inFile)
	return text.ListPlace{File: file, Sheet: sheet, Row: f.Row}
}

// join converts what a file says into rows of the register. Party membership is read but not kept: it is sensitive, and nothing
// of what the register is for needs it (R7.3).
func join(out *db.Batch, b *intake.Batch) {
	for _, x := range b.People {
		out.People = append(out.People, db.Person{
			Sheet: x.Sheet, Row: x.Row, Authority: x.Authority, Superior: x.Superior, Institution: x.Institution,
			Name: x.Name, Role: x.Role, Licence: x.Licence, Left: x.Left, Former: x.Former,
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
func (p *program) tellLoaded(ctx context.Context, c Config, d *db.DB, done db.Loaded, partial bool) error {
	for _, f := range done.Faults {
		fmt.Fprintln(p.out, text.RegisterSentence(c.Locale, placeOf(f), text.RegisterCode(f.Code), f.Args...))
	}
	if len(done.Faults) > 0 && !partial {
		return errors.New(text.Say(c.Locale, text.LoadNothing, len(done.Faults)))
	}
	p.tellLeft(c, done)
	people := done.NewRoles - done.NewPeople + done.ChangedPeople // everybody new has a first role
	switch {
	case done.NewUnits+done.NewPeople+people+done.NewCases+done.ChangedCases > 0:
		fmt.Fprintln(p.out, text.Say(c.Locale, text.LoadDone, done.NewUnits, done.NewPeople, people, done.NewCases, done.ChangedCases))
	case len(done.Invitations)+len(done.Faults)+len(done.Left)+len(done.Unknown) == 0:
		fmt.Fprintln(p.out, text.RegisterSentence(c.Locale, text.ListPlace{}, text.RegisterNothingNew))
	}
	if err := p.tellHoles(ctx, c, d); err != nil {
		return err
	}
	if len(done.Invitations) > 0 {
		p.printInvitations(ctx, c, text.Say(c.Locale, text.LoadInvitations, len(done.Invitations)), done.Invitations)
	}
	return nil
}

// tellHoles says what is missing on the way of reports after a load. That people have not taken up their invitations yet goes
// without saying here.
func (p *program) tellHoles(ctx context.Context, c Config, d *db.DB) error {
	dir, holes, err := d.Holes(ctx)
	if err != nil {
		return databaseFault(err)
	}
	holes = slices.DeleteFunc(holes, func(h law.Hole) bool {
		return h.Kind == law.HoleUnreachable || h.Kind == law.HoleOneOfficer && !bound(dir, h.Unit)
	})
	if len(holes) == 0 {
		return nil
	}
	fmt.Fprintln(p.out, text.Say(c.Locale, text.LoadHoles, len(holes)))
	for _, h := range holes {
		u, _ := dir.Unit(h.Unit)
		i := slices.IndexFunc(dir.Members, func(m law.Member) bool { return m.ID == h.Person })
		who := ""
		if i >= 0 {
			who = dir.Members[i].Name
		}
		fmt.Fprintln(p.out, "· "+flows.HoleText(c.Locale, h, u.Name, who))
	}
	return nil
}

// bound reports whether everybody in a unit has taken up their invitation.
func bound(dir law.Directory, u law.UnitID) bool {
	return !slices.ContainsFunc(dir.In(u), func(m law.Member) bool { return !m.Left && !m.Bound })
}

// tellLeft says whose roles ended, and who has none left and therefore no access any more.
func (p *program) tellLeft(c Config, done db.Loaded) {
	for _, l := range done.Left {
		code := text.RegisterRoleEnded
		if l.Gone {
			code = text.RegisterGone
		}
		fmt.Fprintln(p.out, text.RegisterSentence(c.Locale, text.ListPlace{}, code, l.Name, l.UnitName, text.Say(c.Locale, text.Key("role."+l.Role.String()))))
	}
	for _, f := range done.Unknown {
		fmt.Fprintln(p.out, text.RegisterSentence(c.Locale, placeOf(f), text.RegisterCode(f.Code), f.Args...))
	}
}

// invite prints a new invitation for somebody who lost their phone, named by name, name@unit or name@end of the licence.
func (p *program) invite(ctx context.Context, c Config, who string) error {
	s, err := openRegister(ctx, c, p.clock, false)
	if err != nil {
		return err
	}
	defer s.Close()
	name, more, narrowed := strings.Cut(strings.ReplaceAll(who, "\uff20", "@"), "@")
	found, err := s.db.Named(ctx, strings.TrimSpace(name))
	if err != nil {
		return databaseFault(err)
	}
	if more = strings.TrimSpace(more); narrowed {
		found = slices.DeleteFunc(found, func(n db.Named) bool {
			return n.UnitName != more && (more == "" || !strings.HasSuffix(n.Licence, more))
		})
	}
	say := func(code text.RegisterCode, args ...string) string {
		return text.RegisterSentence(c.Locale, text.ListPlace{}, code, args...)
	}
	switch len(found) {
	case 0:
		return errors.New(say(text.RegisterInviteNobody, who))
	case 1:
	default:
		return errors.New(say(text.RegisterInviteAmbiguous, who, strings.Join(waysToSay(found), text.ListJoiner)))
	}
	v, err := s.db.Reinvite(ctx, found[0].Person)
	if err != nil {
		return databaseFault(err)
	}
	p.printInvitations(ctx, c, say(text.RegisterInvited), []db.Invitation{v})
	return nil
}

// waysToSay tells namesakes apart by their units, within one unit by their licences.
func waysToSay(found []db.Named) []string {
	units := map[string]int{}
	for _, n := range found {
		units[n.UnitName]++
	}
	var out []string
	for _, n := range found {
		if by := n.UnitName; units[by] == 1 {
			out = append(out, n.Name+"@"+by)
		} else if n.Licence != "" {
			out = append(out, n.Name+"@"+n.Licence)
		}
	}
	return out
}

func (p *program) printInvitations(ctx context.Context, c Config, head string, list []db.Invitation) {
	link, isLink := invitationLink(ctx, c, p.clock)
	fmt.Fprintln(p.out, head)
	for _, i := range list {
		fmt.Fprintf(p.out, "%s\t%s\t%s\t%s\n", i.UnitName, i.Name, link(i.Token), i.Expires.In(c.Zone).Format(time.DateOnly))
	}
	if !isLink {
		fmt.Fprintln(p.out, text.RegisterSentence(c.Locale, text.ListPlace{}, text.RegisterSendCommand))
	}
}

// invitationLink makes links to the bot; where Telegram cannot be asked for the bot's name, the command to send instead.
func invitationLink(ctx context.Context, c Config, clock func() time.Time) (link func(token string) string, isLink bool) {
	plain := func(token string) string { return "/start " + token }
	if c.Token == "" {
		return plain, false
	}
	api, err := telegram.New(telegram.Options{Token: c.Token, URL: c.APIURL, Clock: clock})
	if err != nil {
		return plain, false
	}
	defer api.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	name, err := api.Me(ctx)
	if err != nil {
		return plain, false
	}
	return func(token string) string { return "https://t.me/" + name + "?start=" + token }, true
}
