/* SPDX-License-Identifier: GPL-2.0 */
/* The switching logic: says where frames go */
#ifndef _VSW_LOOKUP_H
#define _VSW_LOOKUP_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/refcount.h>

#include "pkt.h"
#include "vsw.h"

struct sk_buff;

/**
 * struct vsw_lookup_ops - a lookup
 * @name: its name, shorter than VSW_NAME_SIZE
 * @owner: the module that has it
 * @lookup: set &vsw_run.verdict of every run of a batch. Called under
 *	rcu_read_lock() by any number of senders at a time; must not sleep
 * @node: in the list of lookups; the registry's
 * @switches: number of switches that use it; the registry's
 */
struct vsw_lookup_ops {
	const char		*name;
	struct module		*owner;
	void (*lookup)(struct vsw_switch *sw, struct vsw_batch *batch);

	struct list_head	node;
	atomic_t		switches;
};

int vsw_lookup_register(struct vsw_lookup_ops *ops);
void vsw_lookup_unregister(struct vsw_lookup_ops *ops);
struct vsw_lookup_ops *vsw_lookup_get(const char *name);
void vsw_lookup_put(struct vsw_lookup_ops *ops);
int vsw_lookup_walk(int (*fn)(const struct vsw_lookup_ops *ops, void *arg),
		    void *arg, u32 *pos);

extern struct vsw_lookup_ops vsw_lookup_learn;

#endif /* _VSW_LOOKUP_H */
