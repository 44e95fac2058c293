// Command bot is Liuhen (留痕): go run ./bot <command>. See README.md for what it is and docs/ for how it is built and run.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// program is one invocation as a value: tests start it with their own clock, environment and streams.
type program struct {
	environ []string
	in      io.Reader // nil: nothing
	out     io.Writer
	err     io.Writer
	clock   func() time.Time
}

// command is one word of the command line.
type command struct {
	name  string
	args  string // what may follow; "": nothing
	usage string
	run   func(p *program, ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"demo", "[-listen 127.0.0.1:PORT]", "everything embedded: an emulator, a page of phones, a seeded institution", (*program).demo},
		{"run", "", "the bot", (*program).run},
		{
			"load", "[--partial] FILE… | --template FILE.xlsx | --invite NAME",
			"people and cases from .xlsx and .csv files; --partial saves the good rows of faulty files,\n" +
				"--template writes an empty list, --invite prints a new invitation for NAME or NAME@UNIT", (*program).load,
		},
		{"check", "", "configuration, keys, stores, Telegram, routes: what is wrong and how to mend it", (*program).check},
		{"explain", "", "routing and deadlines with their articles", (*program).explain},
		{
			"export", "--to FOLDER [--institution NAME] [--from DATE] [--until DATE] | --unseal PACKAGE --identity FILE [--identity FILE] --reason WORDS --to FOLDER [--key PUBLICKEY] | --checkpoint FILE",
			"the sealed files of closed cases, for the case archive; --unseal opens one with the key of the\n" +
				"authority, or with those of two authorised people; --checkpoint writes the log's state now", (*program).export,
		},
		{
			"backup", "[--to age1…] FILE | FOLDER", "everything that must last, as it is at one moment, while the bot runs; encrypted to a public key of age", (*program).backup,
		},
		{
			"restore", "--identity FILE [--institution NAME] BACKUP | --release NAME --release NAME --old resend|close",
			"a backup into an empty place, of everything or of one institution; nothing is delivered until two people have compared\n" +
				"the roles with today's and release it", (*program).restore,
		},
		{
			"keys", "[rotate | retire ID]", "the keys that lock data keys away, and what each still holds; rotate adds one to the key file and\n" +
				"wraps everything by it, beside a running bot, retire takes one out that holds nothing any more", (*program).keys,
		},
		{
			"verify", "[--checkpoint FILE]… | RECEIPT|CHECKPOINT|FOLDER [--key PUBLICKEY] | --public-key",
			"recompute every digest, the log and the hash of all evidence, and compare them with all checkpoints;\n" +
				"with a receipt or checkpoint (a file, or - for standard input), or the folder of a sealed case file or of what was unsealed of\n" +
				"one, verify that, with the public key alone;\n" +
				"--public-key prints the key to publish", (*program).verify,
		},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{environ: os.Environ(), in: os.Stdin, out: os.Stdout, err: os.Stderr, clock: time.Now}
	code := p.main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// main runs one command and gives the exit code: 0 done, 1 failed, 2 not understood.
func (p *program) main(ctx context.Context, args []string) int {
	all := commands()
	if len(args) == 0 {
		p.help(p.err, all)
		return 2
	}
	name, rest := args[0], args[1:]
	if name == "help" || isHelp(name) {
		p.help(p.out, all)
		return 0
	}
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		fmt.Fprintf(p.err, "%q is not a command of this program.\n", name)
		p.help(p.err, all)
		return 2
	}
	switch c := all[i]; {
	case slices.ContainsFunc(rest, isHelp):
		p.help(p.out, []command{c})
		return 0
	case c.args == "" && len(rest) > 0:
		fmt.Fprintf(p.err, "%s takes nothing after it, but there is %q.\n", name, rest[0])
		return 2
	}
	if err := all[i].run(p, ctx, rest); err != nil {
		for line := range strings.Lines(strings.TrimSpace(err.Error())) {
			fmt.Fprintf(p.err, "%s: %s\n", name, strings.TrimSpace(line))
		}
		return 1
	}
	return 0
}

func isHelp(word string) bool { return word == "-h" || word == "-help" || word == "--help" }

// help shows how commands are given and what they do.
func (p *program) help(w io.Writer, list []command) {
	if len(list) > 1 {
		fmt.Fprintln(w, "usage: go run ./bot <command>; <command> -h says more about one")
	}
	for _, c := range list {
		if len(list) == 1 {
			fmt.Fprintf(w, "usage: go run ./bot %s %s\n%s\n", c.name, c.args, c.usage)
			continue
		}
		fmt.Fprintf(w, "  %-8s %s\n", c.name, strings.ReplaceAll(c.usage, "\n", "\n           "))
	}
}

func (p *program) log() *slog.Logger { return slog.New(slog.NewTextHandler(p.err, nil)) }
