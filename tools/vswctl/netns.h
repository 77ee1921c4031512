/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWCTL_NETNS_H
#define _VSWCTL_NETNS_H

#include "vswctl.h"

/* The value of the word "netns" of a port. Returns 0 or an exit code. */
int netns_parse(const char *value, union request *req);

/* Close what netns_parse() opened. */
void netns_release(void);

/* Enter a namespace. Returns 0 or an exit code. */
int netns_enter(const char *value);

/* The name that ip-netns(8) gave to the namespace with this id; or NULL. */
const char *netns_name(int32_t id);

/* Namespaces may have changed since the last netns_name(). */
void netns_forget_names(void);

#endif /* _VSWCTL_NETNS_H */
