package main

import (
	"context"
	"fmt"
)

// run is the bot itself.
func (p *program) run(ctx context.Context, _ []string) (err error) {
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	a, err := newApp(ctx, c, p.clock, p.log(), tuning{})
	if err != nil {
		return err
	}
	defer a.Close()
	fmt.Fprintln(p.err, "liuhen runs; stop it with Ctrl-C or SIGTERM")
	return a.Run(ctx)
}
