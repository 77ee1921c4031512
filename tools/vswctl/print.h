/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWCTL_PRINT_H
#define _VSWCTL_PRINT_H

#include <vsw/nl.h>

/* What the kernel did not tell of is available only. */
static inline bool lookup_is_loaded(const struct vsw_nl_lookup *lookup)
{
	return vsw_nl_has(lookup, LOOKUP_SWITCHES);
}

/* Around the objects of a list. */
void print_begin(void);
void print_end(void);

/* One object of the list; a vsw_nl_cb. */
int print_object(const struct vsw_nl_msg *msg, void *data);

/* One event, complete and flushed; a vsw_nl_cb. */
int print_event(const struct vsw_nl_msg *msg, void *data);

/* "02:00:00:00:00:01" */
#define MAC_TEXT_SIZE	18
void format_mac(char *to, const uint8_t *mac);

/*
 * One line of text; with @pasteable, the attributes that "add" takes first, and
 * the others behind a comment sign.
 */
void text_object(const struct vsw_nl_msg *msg, bool pasteable);

#endif /* _VSWCTL_PRINT_H */
