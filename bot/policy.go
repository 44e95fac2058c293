package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/BurntSushi/toml"

	"liuhen/flows/law"
)

// readPolicy reads LIUHEN_POLICY: the name of a built-in policy, or a TOML file with the keys base (a built-in policy) and
// deadlines (numbers that differ from the proposed ones).
func readPolicy(setting string) (law.Policy, error) {
	if p, ok := law.PolicyByName(setting); ok {
		return p, nil
	}
	known := strings.Join(law.PolicyNames(), ", ")
	if !strings.HasSuffix(setting, ".toml") {
		return law.Policy{}, fmt.Errorf("LIUHEN_POLICY is %q: set it to one of %s, or to a .toml file", setting, known)
	}
	b, err := os.ReadFile(setting)
	if err != nil {
		return law.Policy{}, fmt.Errorf("LIUHEN_POLICY cannot be read: %w", err)
	}
	var file struct {
		Base      string         `toml:"base"`
		Deadlines map[string]int `toml:"deadlines"`
	}
	meta, err := toml.Decode(string(b), &file)
	if err != nil {
		return law.Policy{}, fmt.Errorf("LIUHEN_POLICY %s is not valid TOML: %w", setting, err)
	}
	var faults []error
	for _, k := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("LIUHEN_POLICY %s: unknown key %s", setting, k))
	}
	base, ok := law.PolicyByName(file.Base)
	if !ok {
		faults = append(faults, fmt.Errorf("LIUHEN_POLICY %s: base is %q, set it to one of %s", setting, file.Base, known))
	}
	out, err := base.Override(file.Deadlines)
	return out, errors.Join(append(faults, err)...)
}
