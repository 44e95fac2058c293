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
		return law.Policy{}, fmt.Errorf("LIUHEN_POLICY cannot be read (%w): correct the path", err)
	}
	var file struct {
		Base      string         `toml:"base"`
		Deadlines map[string]int `toml:"deadlines"`
	}
	meta, err := toml.Decode(string(b), &file)
	if err != nil {
		return law.Policy{}, fmt.Errorf("LIUHEN_POLICY %s is not valid TOML (%w): correct that line", setting, err)
	}
	var faults []error
	for _, k := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("LIUHEN_POLICY %s: unknown key %s: the keys are base and deadlines.NAME, see explain", setting, k))
	}
	base, ok := law.PolicyByName(file.Base)
	if !ok {
		faults = append(faults, fmt.Errorf("LIUHEN_POLICY %s: base is %q: set it to one of %s", setting, file.Base, known))
		base.Name = law.Ministry2020 // to look at the numbers all the same
	}
	out, err := base.Override(file.Deadlines)
	if err != nil {
		faults = append(faults, fmt.Errorf("LIUHEN_POLICY %s: %w (explain prints every name and number)", setting, err))
	}
	if len(faults) > 0 {
		return law.Policy{}, errors.Join(faults...)
	}
	return out, nil
}
