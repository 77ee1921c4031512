# SPDX-License-Identifier: GPL-2.0
#
# Flags and rules that the user-space programs share. A program's Makefile sets
# VSW_TOP to the top of the tree, and PKGS to the pkg-config modules it needs,
# then includes this file.
#
#   V=1     show the commands
#   SAN=1   build with the address and undefined behaviour sanitizers
#   WERROR=1  warnings are errors (make check-static)

VSW_TOP ?= ../..
CC      ?= gcc
AR      ?= ar
INSTALL ?= install
PKG_CONFIG ?= pkg-config

prefix     ?= /usr/local
bindir     ?= $(prefix)/bin
sbindir    ?= $(prefix)/sbin
libdir     ?= $(prefix)/lib
includedir ?= $(prefix)/include
mandir     ?= $(prefix)/share/man

# CFLAGS and LDFLAGS stay free for the packager; ours are in VSW_*.
CFLAGS ?= -O2 -g
VSW_CPPFLAGS := -D_GNU_SOURCE -I$(VSW_TOP)/uapi -I$(VSW_TOP)/tools/lib/include
VSW_CFLAGS   := -std=gnu11 -Wall -Wextra -Wshadow -Wmissing-prototypes
VSW_LDFLAGS  :=

ifeq ($(SAN),1)
VSW_CFLAGS  += -fsanitize=address,undefined -fno-omit-frame-pointer
VSW_LDFLAGS += -fsanitize=address,undefined
endif

ifeq ($(WERROR),1)
VSW_CFLAGS += -Werror
endif

ifneq ($(PKGS),)
VSW_CPPFLAGS += $(shell $(PKG_CONFIG) --cflags $(PKGS))
VSW_LDLIBS   += $(shell $(PKG_CONFIG) --libs $(PKGS))
endif

# $(call quiet,CC,FILE) goes before a command: a short line unless V=1.
ifeq ($(V),1)
quiet =
else
quiet = @printf '  %-7s %s\n' '$(1)' '$(2)';
endif

COMPILE = $(CC) $(VSW_CPPFLAGS) $(CPPFLAGS) $(VSW_CFLAGS) $(CFLAGS) -MMD -MP
LINK    = $(CC) $(VSW_CFLAGS) $(CFLAGS) $(VSW_LDFLAGS) $(LDFLAGS)

%.o: %.c
	$(call quiet,CC,$@)$(COMPILE) -c -o $@ $<

# Position independent objects, for a shared library.
%.pic.o: %.c
	$(call quiet,CC,$@)$(COMPILE) -fPIC -c -o $@ $<

# Not the first rule that the dependency files bring in.
.DEFAULT_GOAL := all

-include $(wildcard *.d)
