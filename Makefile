# SPDX-License-Identifier: GPL-2.0
#
# vsw, virtual switch for containers: builds the module for an installed kernel,
# the tools, and runs the tests. kernel/ and selftests/ do not need this file in
# the kernel tree. "make help" lists the targets.

prefix ?= /usr/local
mandir ?= $(prefix)/share/man
includedir ?= $(prefix)/include
lxcdir ?= $(prefix)/share/vsw/lxc
INSTALL ?= install
export prefix mandir includedir INSTALL DESTDIR
MAKEFLAGS += --no-print-directory

# The running kernel if it is new enough and has its headers, else the newest
# that has. Not ":=": "packages" may install one before this is looked at.
FLOOR := 6.12
KVER ?= $(shell \
	for v in "$$(uname -r)" $$(ls /lib/modules 2>/dev/null | sort -rV); do \
		[ -e "/lib/modules/$$v/build/Makefile" ] && \
		printf '%s\n' $(FLOOR) "$$v" | sort -CV && echo "$$v" && break; \
	done)
KDIR ?= $(KVER:%=/lib/modules/%/build)
NO_KDIR = $(error no headers of Linux >= $(FLOOR): run "make packages", or set KDIR)

# kernel/lookup/, but for what is part of vsw.ko.
LOOKUPS := ACL CHAIN FLOW HUB LB STATIC
KBUILD = $(MAKE) -C "$(or $(KDIR),$(NO_KDIR))" M="$(CURDIR)/kernel" CONFIG_VSW=m \
	$(LOOKUPS:%=CONFIG_VSW_LOOKUP_%=m)

# What a lookup outside of this tree needs is installed below here: two headers,
# and those that they include.
vswdir = $(prefix)/src/vsw
LOOKUP_HEADERS := lookup parse pkt vsw fdb stats drop

# The library comes first.
PROGRAMS := vswctl vsw-gen

LAB = tools/lab/run.sh --cpus 2 --memory 4096
RUN = selftests/run.sh
LAB_TIMEOUT ?= 3600

TOOL_TESTS := tools/lib/tests/ring tools/lib/tests/nl tools/lib/tests/spec.py \
	tools/lib/tests/headers.sh tools/vswctl/tests/cli.sh \
	tools/vsw-gen/tests/histogram tools/vsw-gen/tests/cli.sh

# T="fdb_learn.sh netns.sh" runs only these.
T ?= $(shell $(MAKE) -s --no-print-directory -C selftests list)

TOOL_TESTS += tools/vsw-perf/tests/unit.py tools/vsw-perf/tests/cli.sh

.PHONY: all help module tools lib $(PROGRAMS) selftests packages generate \
	demo shell check check-lab check-static check-tools check-bench \
	check-selftests bench bench-instr bench-netdev bench-native bench-overload \
	test-modules install clean

all: module tools selftests test-modules

help:
	@echo 'Building:'
	@echo '  all              the module, the tools and the test programs (default)'
	@echo '  module           kernel/vsw.ko, for the kernel of KDIR=$(KDIR)'
	@echo '  tools            libvsw, $(PROGRAMS)'
	@echo '  packages         install the Debian packages that are missing'
	@echo '  generate         netlink code from Documentation/netlink/specs/vsw.yaml'
	@echo '  install          module, tools, headers, manual; DESTDIR=, prefix=$(prefix)'
	@echo '  install-headers  what lookups need that are built elsewhere: $(vswdir)'
	@echo '  clean            remove what was built'
	@echo 'Writing a lookup (Documentation/networking/vsw-lookup.rst):'
	@echo '  new-lookup       NAME=foo DIR=path: a folder with a small one, to begin with'
	@echo 'Trying, in a virtual machine (tools/lab), so on any kernel and without risk:'
	@echo '  demo             containers that talk through a switch'
	@echo '  shell            a root shell beside the module'
	@echo 'Testing; the last line says "N passed, N failed":'
	@echo '  check            all of these'
	@echo '  check-lab        the virtual machine itself'
	@echo '  check-static     compiler warnings, sparse, checkpatch, spelling, ...'
	@echo '  check-tools      the library and the tools, as far as they need no module'
	@echo '  check-bench      instructions per frame, against tools/bench/budget.json'
	@echo '  check-selftests  the tests in selftests/; T="fdb_learn.sh netns.sh" for some'
	@echo '  On a kernel that may load the module: make -C selftests run_tests'
	@echo 'Measuring; instructions per frame repeat exactly, the rest does not:'
	@echo '  bench            containers on vsw and on other switches: page and plots in OUT='
	@echo '  bench-instr      all cases; CASE=REGEX for some, PROFILE=1 by function'
	@echo '  bench-netdev     interfaces next to veth, bridge and netkit; CASE=, PROFILE=1'
	@echo '  bench-native     nanoseconds per frame next to a bare copy, in user-mode Linux'
	@echo '  bench-overload   sent, received and lost at full load, next to a bridge'
	@echo '                   (exact, without the bridge: bench-instr CASE=overload)'
	@echo 'Variables: V=1 shows commands, SAN=1 adds sanitizers to the tools'

module:
	+$(KBUILD) modules

tools: lib $(PROGRAMS)

lib:
	+$(MAKE) -C tools/lib

$(PROGRAMS): lib
	+$(MAKE) -C tools/$@

selftests: lib
	+$(MAKE) -C selftests all

test-modules: module
	+$(MAKE) -C "$(or $(KDIR),$(NO_KDIR))" M="$(CURDIR)/selftests/modules" \
		KBUILD_EXTRA_SYMBOLS="$(CURDIR)/kernel/Module.symvers" modules

packages:
	@tools/packages.sh --install

generate:
	tools/ynl-gen.sh

demo: packages
	+$(MAKE) all
	tools/demo.sh

shell: all
	tools/lab/shell.sh

# Each part prints KTAP; the sum is made here, outside of the virtual machine. A
# virtual machine that fails although the tests in it passed has found something
# in the kernel log.
lab-part       = $(RUN) tools/lab/test.sh
static-part    = $(RUN) selftests/static/check.sh
tools-part     = $(RUN) $(TOOL_TESTS)
bench-part     = $(RUN) tools/bench/check-budget.sh
selftests-part = $(LAB) --timeout $(LAB_TIMEOUT) $(CURDIR)/$(RUN) $(T) || \
		 echo "not ok 0 lab \# exit $$?"

check: packages
	+$(MAKE) all
	+$(MAKE) -C tools/lib tests
	+$(MAKE) -C tools/vsw-gen tests
	@{ $(lab-part); $(static-part); $(tools-part); $(bench-part); \
	   $(selftests-part); } | $(RUN) --sum 5

check-lab:
	@$(lab-part) | $(RUN) --sum

check-static:
	@$(static-part) | $(RUN) --sum

check-tools: all
	+$(MAKE) -C tools/lib tests
	+$(MAKE) -C tools/vsw-gen tests
	@$(tools-part) | $(RUN) --sum

check-bench: module tools
	@$(bench-part) | $(RUN) --sum

check-selftests: all
	@{ $(selftests-part); } | $(RUN) --sum

install: all
	+$(KBUILD) INSTALL_MOD_PATH="$(DESTDIR)" modules_install
	$(if $(DESTDIR),,depmod "$$($(KBUILD) -s kernelrelease)")
	+for dir in lib $(PROGRAMS); do \
		$(MAKE) -C tools/$$dir install || exit; \
	done
	$(INSTALL) -d "$(DESTDIR)$(lxcdir)"
	$(INSTALL) tools/lxc/vsw-port "$(DESTDIR)$(lxcdir)"
	$(INSTALL) -m 644 tools/lxc/lxc.conf "$(DESTDIR)$(lxcdir)"
	$(INSTALL) -D tools/vsw-perf/vsw-perf "$(DESTDIR)$(prefix)/bin/vsw-perf"
	cd tools/vsw-perf && find vswperf -name '*.py' -exec $(INSTALL) -D -m 644 {} \
		"$(DESTDIR)$(prefix)/share/vsw/perf/{}" \;
	$(INSTALL) -d "$(DESTDIR)$(includedir)/linux"
	$(INSTALL) -m 644 uapi/linux/*.h "$(DESTDIR)$(includedir)/linux"
	+$(MAKE) install-headers
	for page in Documentation/man/*.[1-9]; do \
		$(INSTALL) -D -m 644 -t "$(DESTDIR)$(mandir)/man$${page##*.}" $$page || exit; \
	done
	$(if $(DESTDIR),,ldconfig)

.PHONY: install-headers new-lookup

# Whoever has built the module need not do so again, nor may.
kernel/Module.symvers:
	+$(KBUILD) modules

install-headers: kernel/Module.symvers
	$(INSTALL) -d "$(DESTDIR)$(vswdir)/include/vsw" \
		"$(DESTDIR)$(vswdir)/include/uapi/linux"
	$(INSTALL) -m 644 $(LOOKUP_HEADERS:%=kernel/%.h) \
		"$(DESTDIR)$(vswdir)/include/vsw"
	$(INSTALL) -m 644 uapi/linux/*.h \
		"$(DESTDIR)$(vswdir)/include/uapi/linux"
	$(INSTALL) -m 644 $< "$(DESTDIR)$(vswdir)"

# Variables of the command line are in the environment, as they are.
new-lookup:
	@tools/new-lookup.sh "$$NAME" "$$DIR"

OUT ?= bench

bench: packages
	+$(MAKE) all
	tools/vsw-perf/bench.sh "$(OUT)"

CASE ?= .

bench-instr: all
	tools/bench/instr.sh --table --case '$(CASE)'

bench-netdev: module tools
	tools/bench/netdev.sh --case '$(CASE)' $(if $(PROFILE),--profile)

bench-native: tools
	tools/bench/native.sh --table

bench-overload: all
	tools/bench/overload.sh

# Without kernel headers the module was not built either.
clean:
	+$(if $(KDIR),$(KBUILD) clean)
	+$(if $(KDIR),$(MAKE) -C "$(KDIR)" M="$(CURDIR)/selftests/modules" clean)
	+for dir in tools/lib $(PROGRAMS:%=tools/%) selftests; do \
		$(MAKE) -C $$dir clean || exit; \
	done
