package dialogs

import (
	"context"
	"fmt"
)

// Durability is what the server's configuration promises of dialogs at a crash.
type Durability struct {
	AppendOnly bool   // an append-only file is kept; without one, dialogs since the last snapshot are lost
	Fsync      string // always, everysec (the last second may be lost) or no
	Evicts     string // how the server makes room; anything but noeviction may drop dialogs
}

// Durability asks the server for its configuration, which many hosted servers do not tell.
func (r *Redis) Durability(ctx context.Context) (Durability, error) {
	ctx, cancel := context.WithTimeout(ctx, redisDeadline)
	defer cancel()
	said := map[string]string{}
	for _, name := range []string{"appendonly", "appendfsync", "maxmemory-policy"} {
		got, err := r.client.ConfigGet(ctx, name).Result()
		if err != nil {
			return Durability{}, fmt.Errorf("asking Redis for its configuration: %w", err)
		}
		said[name] = got[name]
	}
	return Durability{AppendOnly: said["appendonly"] == "yes", Fsync: said["appendfsync"], Evicts: said["maxmemory-policy"]}, nil
}
