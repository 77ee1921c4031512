/* SPDX-License-Identifier: GPL-2.0 */
/* Lookups, as the rest of vsw uses them */
#ifndef _VSW_REGISTRY_H
#define _VSW_REGISTRY_H

#include "lookup.h"

int vsw_lookup_set(struct vsw_switch *sw, const char *name,
		   const struct nlattr *options, struct netlink_ext_ack *extack);
struct vsw_lookup *vsw_lookup_remake(struct vsw_switch *sw,
				     struct netlink_ext_ack *extack);
void vsw_lookup_swap(struct vsw_switch *sw, struct vsw_lookup *lookup);
void vsw_lookup_discard(struct vsw_lookup *lookup);
void vsw_lookup_clear(struct vsw_switch *sw);
bool vsw_lookup_is_behind(struct vsw_switch *sw,
			  const struct vsw_lookup_ops *ops);
int vsw_lookup_fill(struct vsw_switch *sw, struct sk_buff *skb, bool alone);
void vsw_lookup_port_event(struct vsw_switch *sw, u32 index,
			   enum vsw_port_event event);
int vsw_lookup_call(const char *name,
		    int (*fn)(const struct vsw_lookup_ops *ops, void *arg),
		    void *arg);
int vsw_lookup_walk(int (*fn)(const struct vsw_lookup_ops *ops, void *arg),
		    void *arg, u32 *pos);

extern struct vsw_lookup_ops vsw_lookup_learn;

#endif /* _VSW_REGISTRY_H */
