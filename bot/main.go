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
	out     io.Writer
	err     io.Writer
	clock   func() time.Time
}

// command is one word of the command line.
type command struct {
	name  string
	usage string
	run   func(p *program, ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"demo", "everything embedded: an emulator, a page of phones, a seeded institution", (*program).demo},
		{"run", "the bot", (*program).run},
		{"load", "people and cases from FILE… (.xlsx, .csv); --partial saves the good rows, --template FILE writes an empty list", (*program).load},
		{"check", "configuration, keys, stores, Telegram, routes: what is wrong and how to mend it", (*program).check},
		{"explain", "routing and deadlines with their articles", (*program).explain},
		{"verify", "recompute the digest of every record and the hash of all evidence", (*program).verify},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{environ: os.Environ(), out: os.Stdout, err: os.Stderr, clock: time.Now}
	code := p.main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// main runs one command and gives the exit code: 0 done, 1 failed, 2 not understood.
func (p *program) main(ctx context.Context, args []string) int {
	all := commands()
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		p.help(all)
		return map[bool]int{true: 2, false: 0}[len(args) == 0]
	}
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(p.err, "%q is not a command of this program.\n", args[0])
		p.help(all)
		return 2
	}
	if err := all[i].run(p, ctx, args[1:]); err != nil {
		fmt.Fprintf(p.err, "%s: %s\n", args[0], strings.TrimSpace(err.Error()))
		return 1
	}
	return 0
}

func (p *program) help(all []command) {
	fmt.Fprintln(p.err, "usage: go run ./bot <command>")
	for _, c := range all {
		fmt.Fprintf(p.err, "  %-8s %s\n", c.name, c.usage)
	}
}

func (p *program) log() *slog.Logger { return slog.New(slog.NewTextHandler(p.err, nil)) }
