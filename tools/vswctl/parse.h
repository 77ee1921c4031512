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

int unknown_word(const char *word, const char *object);

#endif /* _VSWCTL_PARSE_H */
