/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWCTL_PARSE_H
#define _VSWCTL_PARSE_H

#include "vswctl.h"

/* The words after a command. Returns 0 or an exit code. */
int parse_command(const struct object *object, const struct command *command,
		  int argc, char **argv, union request *req);

/* A decimal or hexadecimal number, the whole of @word; or false. */
bool parse_u64(const char *word, uint64_t *number);

/* Six bytes in hexadecimal with colons between; or false. */
bool parse_mac(const char *word, uint8_t *mac);

/* Set a member of the kind of @attr. Returns 0 or an exit code. */
int parse_value(const struct vsw_nl_attr *attr, const char *value,
		void *member);

/*
 * How many of @n words are a value whose type is not known: 2 for "index" and a
 * number, which is a port; else 1.
 */
int words_of_value(char **word, int n);

int unknown_word(const char *word, const char *object);

#endif /* _VSWCTL_PARSE_H */
