package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/bot/intake"
	"liuhen/flows"
	"liuhen/flows/flowstest"
	"liuhen/flows/law"
	"liuhen/reminders"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// TestTranscriptsOnPostgreSQL plays the golden conversations with PostgreSQL for everything that lasts, dialogs included.
func TestTranscriptsOnPostgreSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, _ dbtest.Open) {
		address := dbtest.Address(t)
		if strings.HasPrefix(address, "sqlite:") {
			return // TestTranscripts does that
		}
		seed := seedAt(t, address)
		name := strings.TrimPrefix(address[:strings.Index(address, "?")], "postgres:///")
		server, err := sql.Open("pgx", strings.Replace(address, name, "postgres", 1))
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		n := 0
		flowstest.Run(t, "../flows/testdata/transcripts", func(t *testing.T) flowstest.Stage {
			n++
			twin := fmt.Sprintf("%s_%d", name, n)
			if _, err := server.Exec("CREATE DATABASE " + twin + " TEMPLATE " + name); err != nil {
				t.Fatal(err)
			}
			s := newStage(t, staging{seed: seed, cfg: func(c *Config) { c.DatabaseURL = strings.Replace(address, name, twin, 1) }})
			s.deaf = true // as in TestTranscripts
			return s
		})
	})
}

// seedAt makes the transcripts' world in an empty database, everybody bound, and gives the folder with its keys.
func seedAt(t *testing.T, address string) (dir string) {
	t.Helper()
	ctx := context.Background()
	dir = t.TempDir()
	calendar, err := reminders.Workdays()
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, address, db.Options{
		Keys: testKeys(t, dir), Clock: func() time.Time { return flowstest.Start }, Zone: flowstest.Start.Location(), Calendar: calendar,
		Policy: law.Policy{Name: law.Ministry2020}, MatchKey: intake.MatchKey, FileLimit: fileLimit,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var batch db.Batch
	for _, f := range []string{"people.csv", "cases.csv"} {
		data, err := os.ReadFile(filepath.Join("../flows/testdata/world", f))
		if err != nil {
			t.Fatal(err)
		}
		b, err := intake.Read(f, data, law.DateOf(flowstest.Start))
		if err != nil || len(b.Faults) > 0 {
			t.Fatalf("%s: %v", f, err)
		}
		join(&batch, b)
	}
	done, err := d.Load(ctx, batch)
	if err != nil || len(done.Invitations) != len(cast) {
		t.Fatalf("load: %v %+v", err, done)
	}
	for _, i := range done.Invitations {
		c := db.Caller{Account: 1000 + int64(slices.Index(cast, i.Name)), Link: i.Token}
		if err := d.Commit(ctx, c, c.Account, flowstest.Start, []flows.Durable{flows.Bind{Person: i.Person}}); err != nil {
			t.Fatalf("%s: %v", i.Name, err)
		}
	}
	return dir
}
