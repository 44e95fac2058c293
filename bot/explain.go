package main

import (
	"context"
	"fmt"

	"liuhen/flows/law"
)

// explain prints the tables by which reports are routed and deadlines counted, each row with its article.
func (p *program) explain(_ context.Context, _ []string) error {
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	policy, err := readPolicy(c.Policy)
	if err != nil {
		return err
	}
	calendar, err := readCalendar(c.Data)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, law.Explain(policy, calendar))
	return nil
}
