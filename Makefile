# Short words. Each installs what is missing first; all are quiet about what is already there.
.PHONY: run test build lint fmt fuzz cover bench web install help
BUILD ?= build

run: build web ## build, make a demo city, serve it on 127.0.0.1:8080 and play a day
	@$(BUILD)/src/bihuan demo --folder var/demo --watch

build: install
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) >/dev/null
	@ninja -C $(BUILD) --quiet

web: install ## the console
	@tools/web.sh

test: install ## every test; last line: N passed, N failed
	@tools/test.py

install: ## apt and npm packages that are missing
	@tools/install.sh

lint: install ## format, clang-tidy, cppcheck, words, types
	@tools/lint.sh

fmt:
	@clang-format -i $$(git ls-files '*.c' '*.h')

fuzz: install ## every fuzz target, SECONDS_EACH=60 each
	@tools/fuzz.sh

cover: install ## coverage by room
	@tools/cover.sh

bench: build ## one program per promise
	@tools/bench.sh

help:
	@sed -n 's/^\([a-z]*\):.*## /\1  /p' Makefile
