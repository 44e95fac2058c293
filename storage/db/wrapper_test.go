package db_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/vault"
)

// service is a stand-in for a key service: it keeps keys, locks away what it is sent, and never gives a key out.
type service struct {
	mu   sync.Mutex
	keys map[string]vault.DataKey
	now  string
	asks int
	down bool
}

func (s *service) next() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = fmt.Sprintf("service-key-%d", len(s.keys)+1)
	s.keys[s.now] = vault.NewDataKey()
}

type serviceCall struct {
	Key   string
	Data  []byte
	Place []string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var c serviceCall
	if s.asks++; s.down || json.NewDecoder(r.Body).Decode(&c) != nil {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	switch r.URL.Path {
	case "/wrap":
		c.Key, c.Data = s.now, s.keys[s.now].Seal(vault.Standard, c.Data, c.Place...)
	case "/unwrap":
		plain, err := s.keys[c.Key].Open(c.Data, c.Place...)
		if err != nil {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		c.Data = plain
	}
	_ = json.NewEncoder(w).Encode(c)
}

// client is a [db.Wrapper] over that service.
type client struct {
	url string
	s   *service
}

func (c client) Current() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.now
}

func (c client) call(ctx context.Context, path string, in serviceCall) (out serviceCall, err error) {
	body, _ := json.Marshal(in)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return out, err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
		return out, json.NewDecoder(res.Body).Decode(&out)
	case http.StatusForbidden:
		return out, vault.ErrCannotOpen
	}
	return out, errors.New(res.Status)
}

func (c client) Wrap(ctx context.Context, secret []byte, place ...string) (string, []byte, error) {
	out, err := c.call(ctx, "/wrap", serviceCall{Data: secret, Place: place})
	return out.Key, out.Data, err
}

func (c client) Unwrap(ctx context.Context, by string, wrapped []byte, place ...string) ([]byte, error) {
	out, err := c.call(ctx, "/unwrap", serviceCall{Key: by, Data: wrapped, Place: place})
	return out.Data, err
}

// Data keys can be locked away by a service in another house; while it is away nothing is filed and nothing is called altered.
func TestAKeyServiceWrapsDataKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		s := &service{keys: map[string]vault.DataKey{}}
		s.next()
		server := httptest.NewServer(s)
		defer server.Close()
		with := func(o *db.Options) { o.Wrapper = client{server.URL, s} }
		d := open(with)
		w := sealedWorld(t, d)
		must(t, d.MarkKeys(t.Context()))
		all := count(t, d, "SELECT COUNT(*) FROM data_keys")
		if n := count(t, d, "SELECT COUNT(*) FROM data_keys WHERE wrapped_by = 'service-key-1'"); n != all {
			t.Errorf("%d of %d data keys by the service", n, all)
		}
		desk(t, d, w.CityOfficer)
		was := s.asks
		desk(t, d, w.CityOfficer)
		if s.asks != was {
			t.Errorf("the service was asked again for %d keys", s.asks-was)
		}
		s.next()
		_, err := d.Rewrap(t.Context(), func(int, int) {})
		must(t, err)
		if n := count(t, d, "SELECT COUNT(*) FROM data_keys WHERE wrapped_by = 'service-key-2'"); n != all {
			t.Errorf("%d of %d data keys by the service's second key", n, all)
		}
		s.down = true
		d = open(with)
		if err := zero(d, w); !errors.Is(err, db.ErrWrapper) {
			t.Errorf("filed without the service: %v", err)
		}
		if _, err := d.Verify(t.Context(), func(f db.Finding) { t.Errorf("finding %+v", f) }); !errors.Is(err, db.ErrWrapper) {
			t.Errorf("verified without the service: %v", err)
		}
		s.down = false
		if n := verified(t, d); n != 2 {
			t.Errorf("%d entries verified", n)
		}
	})
}
