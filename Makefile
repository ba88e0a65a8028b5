# crosstrace: build, test, install. Non-recursive; everything made goes below $(BUILD).
# Your own CFLAGS, CPPFLAGS and LDFLAGS are added to, never mixed with, what the project needs.

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= gcc
CFLAGS ?= -O2 -g

# The layers, in order: a room may include what stands before it (scripts/check-layers holds it).
LAYERS := $(shell sed -n 's/^layer  *\([a-z]*\).*/\1/p' scripts/layers)
room_dir = $(if $(filter loaders,$1),loaders,engine/$1)
# $(call up_to,ROOM,LIST): the layers up to and with ROOM
up_to = $(if $(filter $(firstword $2),$1),$1,$(firstword $2) $(call up_to,$1,$(wordlist 2,99,$2)))

PACKAGES := glib-2.0 gio-2.0 sqlite3 libpcre2-8 smartcols nettle libzstd
DEP_CFLAGS := $(shell pkg-config --cflags $(PACKAGES))
DEP_LIBS   := $(shell pkg-config --libs $(PACKAGES)) -lcsv -lm
CHECK_CFLAGS = $(shell pkg-config --cflags check)
CHECK_LIBS   = $(shell pkg-config --libs check)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wvla -Wformat=2 -Wimplicit-fallthrough -Wpointer-arith \
        -Werror=format-security -Werror=implicit -Werror=incompatible-pointer-types \
        -Werror=int-conversion
WERROR ?= -Werror
# The flag if the compiler knows it (clang 14 refuses one of the list), else nothing.
if_known = $(shell $(CC) -Werror $1 -x c -c /dev/null -o /dev/null 2>/dev/null && echo '$1')
# What gcc 12 and clang 14 know of the OpenSSF compiler hardening guide; off under a sanitizer.
ifeq ($(SANITIZE),)
HARDEN  := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
           -fstack-clash-protection -fcf-protection=full -fno-delete-null-pointer-checks \
           -fno-strict-overflow -fno-strict-aliasing -fPIC -fvisibility=hidden \
           $(call if_known,-ftrivial-auto-var-init=zero)
HARDEN_LD := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,nodlopen -Wl,--as-needed
else
HARDEN  := -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all
HARDEN_LD := -fsanitize=$(SANITIZE)
endif

OWN_CFLAGS := -std=gnu11 -pthread $(WARN) $(WERROR) $(HARDEN) -ffile-prefix-map=$(CURDIR)=. \
              -I. $(DEP_CFLAGS) -DG_LOG_DOMAIN='"crosstrace"'
OBJECTS_OF = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(call room_dir,$1)/*.c) $(MADE_$1))
ARCHIVE_OF = $(BUILD)/lib/lib$1.a
ARCHIVES  := $(foreach r,$(LAYERS),$(call ARCHIVE_OF,$r))
LINK_AS    = -fno-lto
LINK       = $(Q)$(CC) $(CFLAGS) -pthread $(HARDEN_LD) $(LINK_AS) $(LDFLAGS) -o $@
GROUP      = -Wl,--start-group $1 -Wl,--end-group

PROGRAM   := $(BUILD)/crosstrace
SYNTH     := $(if $(wildcard tests/synth/*.c),$(BUILD)/crosstrace-synth)
EVAL      := $(BUILD)/crosstrace-eval
EXTENSION := $(if $(SANITIZE),,$(BUILD)/crosstrace.so)
UNIT_SRC  := $(wildcard tests/unit/*/test_*.c)
UNIT_BIN  := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SRC))

# Short output; V=1 shows whole commands.
V ?=
Q := $(if $(V),,@)
tell = $(if $(V),,@echo "  $1 $(patsubst $(BUILD)/%,%,$@)")

.PHONY: all demo test asan coverage lint syntax bench eval fuzz fuzzers torture install uninstall help clean unit
.DEFAULT_GOAL := all

all: $(PROGRAM) $(SYNTH) $(EXTENSION)

help:
	@echo "make all        build $(BUILD)/crosstrace"
	@echo "make demo       load the samples, correlate, print the leads"
	@echo "make test       all unit, property, case and table tests"
	@echo "make asan       the same under AddressSanitizer and UBSan"
	@echo "make lint       layers, READMEs, clang, shell, clang-tidy, cppcheck, formatting"
	@echo "make coverage   lines and branches that the tests reach"
	@echo "make eval       accuracy against truth      make bench    speed and size"
	@echo "make fuzz       fuzz targets                make torture  long reliability tests"
	@echo "make install    DESTDIR= PREFIX=$(PREFIX)   make uninstall"
	@echo "BUILD=DIR keeps trees apart; SANITIZE=address,undefined builds with sanitizers"

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call tell,CC  )
	$(Q)$(CC) $(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(CHECK_FLAGS) -MMD -MP -c -o $@ $<

# The words of examiners: tables that are read when the program is built (engine/notation/tables.h).
NOTATION := $(wildcard rules/tables/notation_*.csv)
MADE_notation := engine/notation/made_tables.c
$(BUILD)/made/notation_tables.c: scripts/notation-tables $(NOTATION)
	@mkdir -p $(@D)
	$(call tell,MAKE)
	$(Q)scripts/notation-tables >$@.new && mv $@.new $@
$(BUILD)/obj/engine/notation/made_tables.o: $(BUILD)/made/notation_tables.c Makefile
	@mkdir -p $(@D)
	$(call tell,CC  )
	$(Q)$(CC) $(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The assembler reads these, which no compiler tells of.
$(BUILD)/obj/engine/render/page.o: engine/render/page.css
$(BUILD)/obj/engine/report/html.o: engine/report/html.js

# The rooms of a load and of persons, whose loops are hot: 3 percent less with the first two, 5 less of
# a load with the program linked as a whole (tests/bench). Libraries' functions are called without a
# stub, since their addresses are known from the start (-z now). Objects can be linked either way;
# tests are linked as ever, which is quicker. Bits are counted by an instruction that every x86-64
# processor since 2008 has: 6 percent less for persons. Not where CFLAGS were given, nor with a
# compiler that does not know it.
ifeq ($(origin CFLAGS),file)
WHOLE := $(call if_known,-flto -ffat-lto-objects)
COUNTING := $(if $(filter x86_64-%,$(shell $(CC) -dumpmachine)),-mpopcnt)
$(foreach r,base record loaders notation serial person comparison blocking clustering resolution store,\
	$(eval $(BUILD)/obj/$(call room_dir,$r)/%.o: CFLAGS += -O3 -fno-plt $(COUNTING) $(WHOLE)))
ifneq ($(WHOLE),)
$(PROGRAM): LINK_AS = -flto=2 -O3 -fno-plt $(COUNTING) $(HARDEN) -ffile-prefix-map=$(CURDIR)=.
endif
endif

$(BUILD)/obj/tests/%.o: CHECK_FLAGS = $(CHECK_CFLAGS)
$(BUILD)/obj/tests/fuzz/%.o: CHECK_FLAGS = -D_GNU_SOURCE

define ROOM
$(call ARCHIVE_OF,$1): $(call OBJECTS_OF,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)$$(AR) rcsD $$@ $$^
endef
$(foreach r,$(LAYERS),$(eval $(call ROOM,$r)))

$(PROGRAM): $(BUILD)/obj/engine/cli/main.o $(ARCHIVES)
	$(call tell,LINK)
	@ln -sfn $(CURDIR) $(BUILD)/source
	$(LINK) $(BUILD)/obj/engine/cli/main.o $(call GROUP,$(ARCHIVES)) $(DEP_LIBS)

# The SQL functions for whoever loads extensions into SQLite: those that call it are compiled anew, to
# reach it through the pointers that it hands in. Not under a sanitizer, which its host has not.
EXTENSION_SRC := $(wildcard engine/sql/extension/*.c) \
                 $(patsubst %,engine/sql/%.c,functions rule_functions register knowledge)
$(BUILD)/obj/extension/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call tell,CC  )
	$(Q)$(CC) $(OWN_CFLAGS) -DCROSSTRACE_EXTENSION $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/crosstrace.so: $(patsubst %.c,$(BUILD)/obj/extension/%.o,$(EXTENSION_SRC)) \
		$(foreach r,$(call up_to,store,$(LAYERS)) loaders,$(call ARCHIVE_OF,$r))
	$(call tell,LINK)
	$(Q)$(CC) $(CFLAGS) -pthread -shared -Wl,-z,relro -Wl,-z,now -Wl,-z,defs -Wl,--as-needed \
	    $(LINK_AS) $(LDFLAGS) -o $@ $(call GROUP,$^) $(filter-out -lsqlite3,$(DEP_LIBS))

# Tools of the tests: all of a folder's sources over engine/base; the evaluation knows from the
# generator what firearms and offices there are and what happens to a serial number.
$(BUILD)/crosstrace-synth: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/synth/*.c)) \
		$(call ARCHIVE_OF,base)
	$(call tell,LINK)
	$(LINK) $(call GROUP,$^) $(DEP_LIBS)

$(EVAL): $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/eval/*.c)) \
		$(patsubst %,$(BUILD)/obj/tests/synth/%.o,damage guns places rng) $(ARCHIVES)
	$(call tell,LINK)
	$(LINK) $(call GROUP,$^) $(DEP_LIBS)

# A unit test links the rooms up to its own, so that a room is tested without those below it, and
# what its folder's tests share (a .c that is no test_*.c), or those of the room they borrow from.
borrowed_resolution := person
helpers_of = $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out $(UNIT_SRC),\
               $(wildcard $(patsubst %,tests/unit/%/*.c,$1 $(borrowed_$1)))))
define UNIT
$(BUILD)/tests/$1: $(BUILD)/obj/tests/unit/$1.o $(call helpers_of,$(patsubst %/,%,$(dir $1))) \
		$(foreach r,$(call up_to,$(firstword $(subst /, ,$1)),$(LAYERS)),$(call ARCHIVE_OF,$r))
	@mkdir -p $$(@D)
	$$(call tell,LINK)
	$$(LINK) $$(call GROUP,$$^) $$(DEP_LIBS) $$(CHECK_LIBS)
endef
$(foreach t,$(patsubst tests/unit/%.c,%,$(UNIT_SRC)),$(eval $(call UNIT,$t)))

# A fuzz target is built with replay.c into a test of its corpus, and (fuzzers) with libFuzzer.
FUZZ_SRC := $(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c))
FUZZ_TESTS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/test_%,$(FUZZ_SRC))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))

$(FUZZ_TESTS): $(BUILD)/tests/fuzz/test_%: $(BUILD)/obj/tests/fuzz/%.o \
		$(BUILD)/obj/tests/fuzz/replay.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,LINK)
	$(LINK) $(call GROUP,$^) $(DEP_LIBS)

$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,LINK)
	$(LINK) -fsanitize=fuzzer $(call GROUP,$^) $(DEP_LIBS)

fuzzers: $(FUZZERS)

# Put before the C library by tests of faults and of locks; never part of the program.
$(BUILD)/libfault.so: tests/fault/preload.c
$(BUILD)/liblocks.so: tests/fault/locks.c
$(BUILD)/libfault.so $(BUILD)/liblocks.so:
	@mkdir -p $(@D)
	$(call tell,LINK)
	$(Q)$(CC) -std=gnu11 $(WARN) $(WERROR) -O1 -fPIC -shared -o $@ $<

$(BUILD)/crosstrace-step: tests/fault/step.c
	@mkdir -p $(@D)
	$(call tell,LINK)
	$(Q)$(CC) -std=gnu11 $(WARN) $(WERROR) -O1 -o $@ $<

unit: $(UNIT_BIN) $(FUZZ_TESTS) $(BUILD)/libfault.so $(BUILD)/liblocks.so $(BUILD)/crosstrace-step

test: all unit
	BUILD=$(BUILD) scripts/run-tests

# Lists, tables and strings of GLib that leak are seen where it asks for each by itself.
asan:
	G_SLICE=always-malloc $(MAKE) BUILD=$(BUILD)-asan SANITIZE=address,undefined CFLAGS="-O1 -g1" test

demo: all
	BUILD=$(BUILD) scripts/demo.sh --built

lint:
	scripts/lint

# Whether a compiler (CC=clang) takes all of it without a word; nothing is made of it.
syntax:
	$(Q)find engine loaders tests -name '*.c' ! -path 'tests/f*/*' | xargs -P 2 -n 8 \
	    $(CC) -fsyntax-only $(OWN_CFLAGS) $(CHECK_CFLAGS) $(CPPFLAGS) $(CFLAGS)
	$(Q)$(CC) -fsyntax-only -D_GNU_SOURCE $(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS) tests/fuzz/*.c
	$(Q)$(CC) -fsyntax-only -std=gnu11 $(WARN) $(WERROR) tests/fault/*.c

coverage:
	BUILD=$(BUILD) scripts/coverage

eval: all $(EVAL)
	BUILD=$(BUILD) tests/eval/run

$(BUILD)/crosstrace-measure: $(BUILD)/obj/tests/bench/measure.o
	$(call tell,LINK)
	$(LINK) $^

# One room by itself, as fast as memory allows: tests/bench/NAME.c over the pure rooms.
BENCHES := $(patsubst tests/bench/%.c,$(BUILD)/crosstrace-%,\
             $(filter-out tests/bench/measure.c,$(wildcard tests/bench/*.c)))
$(BENCHES): $(BUILD)/crosstrace-%: $(BUILD)/obj/tests/bench/%.o \
		$(foreach r,$(call up_to,marker,$(LAYERS)),$(call ARCHIVE_OF,$r))
	$(call tell,LINK)
	$(LINK) $(call GROUP,$^) $(DEP_LIBS)

bench: all $(BUILD)/crosstrace-measure $(BENCHES)
	BUILD=$(BUILD) tests/bench/run

fuzz torture: all unit
	@if [ -x tests/$@/run ]; then BUILD=$(BUILD) tests/$@/run $(if $(filter torture,$@),$(TORTURE),$(FUZZ)); \
	else echo "make $@: tests/$@ has no targets"; fi

SHARE = $(DESTDIR)$(PREFIX)/share/crosstrace
MAN1 = $(DESTDIR)$(PREFIX)/share/man/man1
MAN5 = $(DESTDIR)$(PREFIX)/share/man/man5
COMPLETION = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)
	install -m 0755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/crosstrace
	install -D -m 0644 $(BUILD)/crosstrace.so $(DESTDIR)$(PREFIX)/lib/crosstrace.so
	install -D -m 0644 scripts/man/crosstrace.1 $(MAN1)/crosstrace.1
	install -d $(MAN5)
	install -m 0644 scripts/man/*.5 $(MAN5)
	install -D -m 0644 scripts/completion/crosstrace $(COMPLETION)/crosstrace
	@for f in $$(find rules loaders/profiles data-samples engine/report/leads.schema.json -type f); do \
	  install -D -m 0644 $$f $(SHARE)/$$f; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/crosstrace $(DESTDIR)$(PREFIX)/lib/crosstrace.so $(MAN1)/crosstrace.1 $(COMPLETION)/crosstrace \
	  $(patsubst scripts/man/%,$(MAN5)/%,$(wildcard scripts/man/*.5))
	rm -rf $(SHARE)

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-fuzz $(BUILD)-coverage

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
