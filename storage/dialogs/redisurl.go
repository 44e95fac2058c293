package dialogs

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// errRedisURL is all that is said of a URL that cannot be taken apart: net/url's own errors quote it.
var errRedisURL = errors.New("REDIS_URL cannot be read: write redis://user:password@host:6379/0, rediss://…, " +
	"unix://…/redis.sock?db=0, redis+sentinel://host:26379,host2:26379/master/0 or redis+cluster://host:6379,host2:6379, " +
	"and special characters in the password as %XX")

// parseRedisURL takes the hosts out first, because net/url does not accept several.
func parseRedisURL(text string) (*redis.UniversalOptions, error) {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(text), "://")
	if !ok {
		return nil, errRedisURL
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	hosts := authority[strings.LastIndex(authority, "@")+1:]
	user := authority[:len(authority)-len(hosts)]
	u, err := url.Parse("x://" + user + "host" + rest[len(authority):])
	if err != nil || u.Fragment != "" {
		return nil, errRedisURL
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errRedisURL
	}
	opts := &redis.UniversalOptions{Username: u.User.Username()}
	opts.Password, _ = u.User.Password()
	if strings.HasPrefix(scheme, "rediss") {
		opts.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12} // the server's name is taken from its address
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	if err := redisForm(opts, scheme, hosts, u.Path, path, query); err != nil {
		return nil, err
	}
	if len(query) > 0 {
		return nil, errors.New("REDIS_URL has a parameter that is not known; known are db (unix), " +
			"sentinel_username and sentinel_password (sentinel)")
	}
	return opts, nil
}

// redisForm fills in what depends on the scheme and takes the parameters it knows out of query.
func redisForm(opts *redis.UniversalOptions, scheme, hosts, fullPath string, path []string, query url.Values) (err error) {
	take := func(name string) string {
		defer query.Del(name)
		return query.Get(name)
	}
	port, database := "6379", path[0]
	switch scheme {
	case "redis", "rediss":
		if strings.Contains(hosts, ",") || len(path) > 1 {
			return errRedisURL
		}
	case "unix":
		if hosts != "" || len(fullPath) < 2 {
			return errRedisURL
		}
		opts.Addrs = []string{fullPath}
		opts.DB, err = redisDatabase(take("db"))
		return err
	case "redis+sentinel", "rediss+sentinel":
		if path[0] == "" || len(path) > 2 {
			return errors.New("REDIS_URL lacks the master's name: redis+sentinel://host:26379/master/0")
		}
		opts.MasterName = path[0]
		opts.SentinelUsername, opts.SentinelPassword = take("sentinel_username"), take("sentinel_password")
		port, database = "26379", strings.Join(path[1:], "")
	case "redis+cluster", "rediss+cluster":
		if path[0] != "" {
			return errors.New("REDIS_URL names a database, but a cluster has only one: redis+cluster://host:6379")
		}
		opts.IsClusterMode = true
	default:
		return errRedisURL
	}
	if opts.DB, err = redisDatabase(database); err != nil {
		return err
	}
	opts.Addrs, err = redisHosts(hosts, port)
	return err
}

func redisDatabase(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, errors.New("REDIS_URL does not end in the number of a database, as in redis://host:6379/0")
	}
	return n, nil
}

func redisHosts(list, port string) (addrs []string, err error) {
	for _, h := range strings.Split(list, ",") {
		u, err := url.Parse("x://" + h)
		if err != nil || u.Hostname() == "" || u.Host != h || strings.Contains(u.Hostname(), ":") != strings.HasPrefix(h, "[") {
			return nil, errRedisURL
		}
		p := u.Port()
		if p == "" {
			p = port
		}
		addrs = append(addrs, net.JoinHostPort(u.Hostname(), p))
	}
	return addrs, nil
}
