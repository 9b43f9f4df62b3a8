# What is done by hand. make check is all that CI does.

FUZZTIME ?= 30s

.PHONY: check test count fuzz format apidiff

check: # everything that has to hold before a change lands
	bash .ci/run

test: # the quick part of it
	go test -race -shuffle=on ./...

count: # names, lines of documentation, files, lines, and what is too long or repeated
	cd tools && go run ./count ..

fuzz: # each fuzz target of each package, FUZZTIME long
	@set -e; for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "== $$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

format: # gofumpt, at the version of tools/go.mod
	cd tools && go build -o ../.tools/ mvdan.cc/gofumpt
	.tools/gofumpt -w .

apidiff: # what has changed for users since the last release
	bash .ci/apidiff
