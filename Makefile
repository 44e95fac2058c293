# What the project needs to test itself it installs itself: Debian's redis-server, postgresql and poppler-utils.
.PHONY: test lint unit services long

test: services lint unit

services:
	@.ci/services

lint:
	go vet ./...
	go build -modfile=.ci/lint.mod -o .ci/bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	.ci/bin/golangci-lint run ./...

unit:
	go test -race -timeout 60m ./...
	go test -count=1 -timeout 15m -run 'TestNoninterference$$' ./bot -pairs 2000

# The long campaigns: more random conversations, more pairs of worlds, more kills.
long:
	LIUHEN_TEST_LONG=1 go test -race -timeout 12h -rapid.checks=20000 ./...
	go test -count=1 -timeout 12h -run 'TestNoninterference$$' ./bot -pairs 100000
