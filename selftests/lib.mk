# SPDX-License-Identifier: GPL-2.0
#
# Stands for tools/testing/selftests/lib.mk outside of the kernel tree: the same
# variables and targets, so that Makefile is the same there.
#
#   TEST_PROGS          scripts
#   TEST_GEN_PROGS      programs, built from PROGRAM.c
#   TEST_FILES          what the scripts need
#   TEST_GEN_FILES      the same, built
#   CFLAGS, LDLIBS      for building
#
#   all run_tests install clean
#
# and, of our own: list, the tests one a line; T="a.sh b" for some of them only.

OUTPUT ?= $(CURDIR)

# Like the kernel's: where the exported headers are.
KHDR_INCLUDES := -I$(CURDIR)/../uapi

VSW_TOP := $(CURDIR)/..
include ../tools/common.mk

# For the tests that use the library; it is built before them.
VSW_LDLIBS += $(wildcard ../tools/lib/libvsw.a) -lmnl

TEST_GEN_PROGS := $(addprefix $(OUTPUT)/,$(TEST_GEN_PROGS))
TEST_GEN_FILES := $(addprefix $(OUTPUT)/,$(TEST_GEN_FILES))
TESTS := $(TEST_PROGS) $(notdir $(TEST_GEN_PROGS))

.PHONY: all run_tests list install clean

all: $(TEST_GEN_PROGS) $(TEST_GEN_FILES)

$(OUTPUT)/%: %.c
	$(call quiet,CC,$*)$(COMPILE) $(LDFLAGS) $(VSW_LDFLAGS) -MF $@.d -o $@ $< $(LDLIBS) $(VSW_LDLIBS)

run_tests: all
	@./run.sh $(or $(T),$(TESTS)) | ./run.sh --sum

list:
	@printf '%s\n' $(TESTS)

install: all
	$(INSTALL) -d $(INSTALL_PATH)
	$(INSTALL) $(TEST_GEN_PROGS) $(INSTALL_PATH)
	cp -a --parents $(TEST_PROGS) $(INSTALL_PATH)
	$(INSTALL) -m 644 $(wildcard settings config) $(INSTALL_PATH)
	cp -a $(TEST_FILES) $(TEST_GEN_FILES) $(INSTALL_PATH)

clean:
	$(RM) -r $(TEST_GEN_PROGS) $(TEST_GEN_FILES) $(addsuffix .d,$(TEST_GEN_PROGS)) $(EXTRA_CLEAN)
