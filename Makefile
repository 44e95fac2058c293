# What the project needs to test itself it installs itself: see .ci/services.
.PHONY: test lint unit services long

test: services lint unit

services:
	@.ci/services

lint:
	go vet ./...
	go build -modfile=.ci/lint.mod -o .ci/bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	.ci/bin/golangci-lint run ./...

# The race detector watches our code, not the C of SQLite turned into Go: with it tests take seven times as long. The driver itself
# stays watched: the compiler puts copies of the standard library's generic code there, and unwatched ones make false alarms.
RACE = -race $(foreach p,sqlite/lib libc memory,-gcflags=modernc.org/$(p)=-race=false)

unit:
	go test $(RACE) -timeout 20m ./storage/db ./bot ./... # the two longest first, beside each other
	go test -count=1 -timeout 15m -run 'TestNoninterference$$' ./bot -pairs 2000

# The long campaigns: more random conversations, more pairs of worlds, more kills.
long:
	LIUHEN_TEST_LONG=1 go test $(RACE) -timeout 12h -rapid.checks=20000 ./...
	go test -count=1 -timeout 12h -run 'TestNoninterference$$' ./bot -pairs 100000
