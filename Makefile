# Every target is a short road to something that also works without make; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help up down status logs test bench soak fuzz lint format build release containers clean

SWIFT ?= swift
SOURCES := Package.swift Services Shared Tests

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: release ## Build and start everything, and send one order through (ARGS=… goes to `martlet up`)
	@.build/release/martlet up $(ARGS)

down: ## Stop what `make up` started (the data stays in .local)
	@if [ -x .build/release/martlet ]; then .build/release/martlet down; else echo "nothing was built, so nothing runs"; fi

status: ## Show what runs, and whether it is ready
	@if [ -x .build/release/martlet ]; then .build/release/martlet status; else echo "nothing was built: make up"; fi

logs: ## Follow the logs of the services (end with Ctrl-C)
	@.build/release/martlet logs --follow

test: ## Run all tests, on a throwaway PostgreSQL
	@scripts/install-dependencies --tests
	@scripts/python-venv
	@SWIFT="$(SWIFT)" scripts/build-previous
	$(SWIFT) build --build-tests
	SWIFT="$(SWIFT)" scripts/run-tests

bench: ## Measure every scenario in a short round, a few minutes (ARGS=… goes to `martlet bench`)
	@scripts/install-dependencies --bench
	$(SWIFT) build -c release
	@.build/release/martlet bench --quick $(ARGS)

soak: release ## Kill every process in turn under load for ten minutes, and count what is lost
	@.build/release/martlet soak $(ARGS)

fuzz: ## Feed every decoder of bytes from outside with a million mutated inputs, optimised (EXECUTIONS=… each)
	MARTLET_FUZZ_EXECUTIONS=$(or $(EXECUTIONS),1000000) $(SWIFT) test -c release -Xswiftc -enable-testing \
	  --scratch-path .build/fuzz --no-parallel --filter 'FuzzTests|TokenFigureTests'

lint: ## Check the style of all Swift sources
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format: ## Write all Swift sources in the project's style
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

build: ## Build everything for debugging
	@scripts/install-dependencies
	$(SWIFT) build

release: ## Build the services and the command-line tool, optimised
	@scripts/install-dependencies
	$(SWIFT) build -c release

containers: ## Build the images and run both stacks of containers (WITHOUT="grafana" leaves services out)
	@scripts/containers

clean: ## Stop the stack and remove what was built and what it stored
	@if [ -x .build/release/martlet ] && [ -d .local ]; then .build/release/martlet down; fi
	rm -rf .build .local .venv
