/* SPDX-License-Identifier: GPL-2.0 */
/* Switches and the network namespaces that own them */
#ifndef _VSW_SWITCH_H
#define _VSW_SWITCH_H

#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "vsw.h"

/**
 * struct vsw_net - what belongs to a network namespace
 * @lock: protects @switches, @switch_names, and what is on the switches
 * @switches: switches by a number that they keep
 * @switch_names: switches by name
 * @num_devs: number of ports on the switches that have an interface
 * @names_lock: protects @port_names
 * @port_names: ports that the namespace owns by name, also those that belong
 *	to switches of other namespaces
 */
struct vsw_net {
	struct mutex	lock;		/* order: 1 */
	struct xarray	switches;
	struct rb_root	switch_names;
	u32		num_devs;

	struct mutex	names_lock;	/* order: 2 */
	struct rb_root	port_names;
};

/**
 * struct vsw_switch_config - attributes of a switch
 * @lookup: name of the lookup
 * @options: attributes of the lookup, or NULL
 * @ageing: seconds after which learned entries are removed; 0: never
 * @fdb_max: largest number of FDB entries
 * @filters: drop link-local frames
 */
struct vsw_switch_config {
	const char	*lookup;
	const struct nlattr *options;
	u32		ageing;
	u32		fdb_max;
	bool		filters;
};

extern unsigned int vsw_net_id;
extern struct workqueue_struct *vsw_wq;

/**
 * vsw_net() - what belongs to a network namespace
 * @net: the namespace
 *
 * Return: it is there as long as the namespace.
 */
static inline struct vsw_net *vsw_net(const struct net *net)
{
	return net_generic(net, vsw_net_id);
}

struct vsw_port_table *vsw_port_table_alloc(u32 size);
struct vsw_switch *vsw_switch_find(struct vsw_net *vn, const char *name);
struct vsw_switch *vsw_switch_create(struct net *net, const char *name,
				     const struct vsw_switch_config *config,
				     struct netlink_ext_ack *extack);
void vsw_switch_delete(struct vsw_switch *sw);
void vsw_switch_put(struct vsw_switch *sw);
int vsw_switch_init(void);
void vsw_switch_exit(void);

#endif /* _VSW_SWITCH_H */
