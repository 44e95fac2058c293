package archive

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/BurntSushi/toml"
)

// Authorised is somebody who can open a package together with another authorised person of the same organ.
type Authorised struct {
	Name string
	Key  *age.X25519Recipient
}

// Organ is an authority that can open packages: its own key, and two to four people any two of whom can.
type Organ struct {
	Name       string
	Key        *age.X25519Recipient
	Authorised []Authorised
}

// How many people of an organ can be authorised: with more, finding the pair takes longer and the secret is nobody's.
const (
	leastAuthorised = 2
	mostAuthorised  = 4
	pairs           = mostAuthorised * (mostAuthorised - 1) / 2
)

// organsLimit bounds the file of keys, in bytes.
const organsLimit = 1 << 20

// ReadOrgans reads the file of archive keys: TOML with one [[organ]] for each authority, its name as in the people list, its
// key, and the authorised people. All faults are reported at once, each with the name of what it is about.
func ReadOrgans(r io.Reader) ([]Organ, error) {
	type person struct {
		Name string `toml:"name"`
		Key  string `toml:"key"`
	}
	var file struct {
		Organ []struct {
			Name       string   `toml:"name"`
			Key        string   `toml:"key"`
			Authorised []person `toml:"authorised"`
		} `toml:"organ"`
	}
	meta, err := toml.NewDecoder(io.LimitReader(r, organsLimit)).Decode(&file)
	if err != nil {
		return nil, fmt.Errorf("it is not TOML: %w", err)
	}
	var faults []error
	for _, k := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("%s means nothing here: correct or remove it", k))
	}
	if len(file.Organ) == 0 {
		faults = append(faults, errors.New("there is no [[organ]] in it: add one for each authority"))
	}
	var out []Organ
	seen := map[string]bool{}
	for _, o := range file.Organ {
		key, err := publicKey(o.Name, o.Key)
		faults = append(faults, err, once(seen, o.Name, o.Key))
		if n := len(o.Authorised); n < leastAuthorised || n > mostAuthorised {
			faults = append(faults, fmt.Errorf("%s: %d people are authorised: name %d to %d", o.Name, n, leastAuthorised, mostAuthorised))
		}
		x := Organ{Name: o.Name, Key: key}
		for _, p := range o.Authorised {
			key, err := publicKey(o.Name+", "+p.Name, p.Key)
			faults = append(faults, err, once(seen, o.Name+", "+p.Name, p.Key))
			x.Authorised = append(x.Authorised, Authorised{p.Name, key})
		}
		out = append(out, x)
	}
	return out, errors.Join(faults...)
}

func publicKey(whose, s string) (*age.X25519Recipient, error) {
	if whose == "" || strings.HasSuffix(whose, ", ") {
		return nil, errors.New("an entry has no name: give it the name that the people list has")
	}
	k, err := age.ParseX25519Recipient(strings.TrimSpace(s))
	if err != nil {
		return nil, fmt.Errorf("%s: the key is not a public key of age (age1…): copy the line that age-keygen prints as public key", whose)
	}
	return k, nil
}

// once refuses a name or a key that stands there twice: two people with one key are one.
func once(seen map[string]bool, name, key string) error {
	defer func() { seen["name "+name], seen["key "+strings.TrimSpace(key)] = true, true }()
	if seen["name "+name] || seen["key "+strings.TrimSpace(key)] {
		return fmt.Errorf("%s: the name or the key stands there twice: everybody has their own", name)
	}
	return nil
}
