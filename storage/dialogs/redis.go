package dialogs

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	redisPrefix   = "liuhen:dialog:"
	redisTimeout  = 300 * time.Millisecond // to connect, to read, to write, each
	redisDeadline = 900 * time.Millisecond // for one call with its one retry
	revisionSize  = 8                      // bytes before the value, big-endian
)

// saveScript compares and sets in one step. A value is stored as its revision and then its bytes.
// The new revision is the caller's random number: if it is there already, this is the client's own
// retry after an answer that was lost, and has succeeded.
var saveScript = redis.NewScript(`
local rev = redis.call('GETRANGE', KEYS[1], 0, 7)
if rev ~= ARGV[1] and (rev ~= ARGV[2] or rev == '') then return 0 end
if ARGV[2] == '' then
	redis.call('DEL', KEYS[1])
else
	redis.call('SET', KEYS[1], ARGV[2] .. ARGV[3], 'PX', ARGV[4])
end
return 1
`)

// Redis is a [Store] in a Redis or Valkey server, group under Sentinel, or cluster. Every call
// returns within a second, and at once while the server is known to be down. What survives a crash of
// the server is the server's setting: with "appendonly yes" and "appendfsync always" everything
// does, with Debian's default configuration nothing.
type Redis struct {
	client  redis.UniversalClient
	breaker breaker
}

// NewRedis takes one of these, with ":6379" (Sentinel: ":26379") and "/0" by default, and does not
// connect yet; [Redis.Ping] does. Special characters in user and password are written %XX.
//
//	redis://user:password@host:6379/0            one server; rediss:// is the same over TLS
//	unix://user:password@/run/redis.sock?db=0    one server through its socket
//	redis+sentinel://user:password@host:26379,host2:26379/master/0
//	redis+cluster://user:password@host:6379,host2:6379
//
// rediss+sentinel and rediss+cluster are over TLS. Sentinels that have a password of their own get
// it by ?sentinel_username=…&sentinel_password=…. The breaker measures its pause by clock.
//
// No error from here or later shows the URL or a password.
func NewRedis(url string, clock func() time.Time) (*Redis, error) {
	opts, err := parseRedisURL(url)
	if err != nil {
		return nil, err
	}
	opts.DialTimeout = redisTimeout
	opts.ReadTimeout = redisTimeout
	opts.WriteTimeout = redisTimeout
	opts.PoolTimeout = redisTimeout
	opts.PoolSize = 64
	opts.MaxRetries = 1
	opts.MinRetryBackoff = time.Millisecond
	opts.MaxRetryBackoff = 20 * time.Millisecond
	opts.DialerRetries = 1
	opts.ContextTimeoutEnabled = true
	opts.DisableIdentity = true
	opts.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	logging.Disable() // it would write server addresses to stderr, past slog; the errors all come back to us
	return &Redis{client: redis.NewUniversalClient(opts), breaker: breaker{clock: clock}}, nil
}

// Load implements [Store].
func (r *Redis) Load(ctx context.Context, key string) (value []byte, rev uint64, err error) {
	var stored []byte
	err = r.call(ctx, func(ctx context.Context) (err error) {
		stored, err = r.client.Get(ctx, redisPrefix+key).Bytes()
		if errors.Is(err, redis.Nil) {
			stored, err = nil, nil
		}
		return err
	})
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("loading a dialog from Redis: %w", err)
	case stored == nil:
		return nil, 0, nil
	case len(stored) <= revisionSize:
		return nil, 0, errors.New("loading a dialog from Redis: the stored value is not ours")
	}
	return stored[revisionSize:], binary.BigEndian.Uint64(stored), nil
}

// Save implements [Store].
func (r *Redis) Save(ctx context.Context, key string, value []byte, rev uint64, ttl time.Duration) (newRev uint64, err error) {
	if err := checkTTL(value, ttl); err != nil {
		return 0, err
	}
	if len(value) > 0 {
		newRev = newRevision()
	}
	err = r.call(ctx, func(ctx context.Context) error {
		set, err := saveScript.Run(ctx, r.client, []string{redisPrefix + key},
			redisRevision(rev), redisRevision(newRev), value, ttl.Milliseconds()).Int()
		if err == nil && set == 0 {
			return ErrConflict
		}
		return err
	})
	if errors.Is(err, ErrConflict) {
		return 0, ErrConflict
	}
	if err != nil {
		return 0, fmt.Errorf("saving a dialog in Redis: %w", err)
	}
	return newRev, nil
}

// redisRevision is empty for "absent", as GETRANGE has it.
func redisRevision(rev uint64) []byte {
	if rev == 0 {
		return []byte{}
	}
	return binary.BigEndian.AppendUint64(nil, rev)
}

// Ping implements [Store]. It asks the server even while other calls fail at once, and a good answer
// lets them through again.
func (r *Redis) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, redisDeadline)
	defer cancel()
	err := r.client.Ping(ctx).Err()
	r.breaker.note(err)
	if err != nil {
		return fmt.Errorf("asking Redis: %w", err)
	}
	return nil
}

// each asks key by key, so that a large store is not held up.
func (r *Redis) each(ctx context.Context, see func(value []byte) error) error {
	scan := func(ctx context.Context, c *redis.Client) error {
		keys := c.Scan(ctx, 0, redisPrefix+"*", 500).Iterator()
		for keys.Next(ctx) {
			stored, err := c.Get(ctx, keys.Val()).Bytes()
			if errors.Is(err, redis.Nil) || err == nil && len(stored) <= revisionSize {
				continue // it has expired, or is not ours
			}
			if err != nil {
				return err
			}
			if err := see(stored[revisionSize:]); err != nil {
				return err
			}
		}
		return keys.Err()
	}
	switch c := r.client.(type) {
	case *redis.ClusterClient:
		var one sync.Mutex
		plain := see
		see = func(value []byte) error { // masters are asked side by side
			one.Lock()
			defer one.Unlock()
			return plain(value)
		}
		return c.ForEachMaster(ctx, scan)
	case *redis.Client:
		return scan(ctx, c)
	}
	return errors.New("this kind of Redis cannot be listed")
}

// Close implements [Store].
func (r *Redis) Close() error { return r.client.Close() }

func (r *Redis) call(ctx context.Context, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, redisDeadline)
	defer cancel()
	return r.breaker.do(func() error { return f(ctx) })
}
