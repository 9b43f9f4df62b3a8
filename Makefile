# What is done by hand. make check is all that CI does.

FUZZTIME ?= 30s

.PHONY: check test long fuzz format apidiff

check: # everything that has to hold before a change lands
	bash .ci/run

test: # the quick part of it
	go test -race -shuffle=on ./...

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
	cd temporal/e2e && go run . -renewals 2000 -kills 16 -stops 16 -every 3s -lost 12 -late 11 -limit 20m
	cd temporal/e2e && go run . -renewals 400 -kills 0 -stops 6 -suspended 20s -settle 8s -lost 0 -late 0 -control=false
	cd temporal/e2e && go run . -renewals 600 -kills 0 -stops 0 -lost 0 -late 0 -pace 585 -ratelimit 600 -control=false -limit 20m
	cd temporal/e2e && go run . -renewals 10000 -accounts 20 -kills 0 -stops 0 -lost 0 -late 0 -control=false -limit 40m
	cd postgres && go test -run - -bench Finished -benchtime 200x -finished 1800000 -timeout 40m
