# What is done by hand. make check is all that CI does.

FUZZTIME ?= 30s

.PHONY: check test count long fuzz format apidiff

check: # everything that has to hold before a change lands
	bash .ci/run

test: # the quick part of it
	go test -race -shuffle=on -timeout=30m ./...

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

long: # the harnesses at length: tens of minutes, the Temporal server compiled first
	cd examples/river && go test -v -timeout 15m -renewals 500 -troubles 16 -every 1500ms .
	cd temporal/e2e && go run . -n 2000 -workers 4 -kills 15 -stops 15 -every 5s -faults 46
	cd postgres && go test -run - -bench Finished -benchtime 200x -finished 1800000 -timeout 40m
