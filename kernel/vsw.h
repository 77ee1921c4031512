/* SPDX-License-Identifier: GPL-2.0 */
/* Switches and ports, and how they are locked */
#ifndef _VSW_H
#define _VSW_H

#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <uapi/linux/vsw.h>
#include <uapi/linux/vsw_netlink.h>

#include "fdb.h"
#include "stats.h"

/**
 * DOC: vsw locking
 *
 * The data path (forward.c, ring_tx.c, ring_rx.c, lookup/) runs under RCU in the
 * context of the sender. Besides, it holds the locks of the rings that it
 * touches; they are described in ring.h.
 *
 * The control path takes locks in this order, outermost first; none nests in
 * another of its own number, but where that is said. vsw_file.lock is outside of
 * them all.
 *
 * 0. RTNL, if ports have interfaces that come or go: vsw_nl_pre_dev() takes it
 *    before anything else. vsw_port_del() asserts it.
 * 1. vsw_net.lock, a mutex for each network namespace: its switches, their
 *    ports and static FDB entries come and go under it. Who deletes a port with
 *    its interface, under RTNL, may take another one: that of an uplink which was
 *    on top of the interface.
 * 2. vsw_net.names_lock, a mutex: the names of the ports that the namespace
 *    owns, whichever switch they belong to; and vsw_lookups_lock, a mutex:
 *    which lookups there are, and which switch has which. Nothing of 3 is taken
 *    under the latter: works on vsw_wq take it, for which ring.c waits under 3.
 * 3. vsw_port.lock, a mutex: who has attached the port, and its region.
 * 4. vsw_tx_ring.lock and vsw_rx_ring.lock, mutexes: one sync of a ring at a
 *    time. Sync takes nothing above. And that of vsw_skb_prepare().
 * 5. vsw_rx_ring.reserve_lock, vsw_fdb.lock and vsw_switch.active_lock,
 *    spinlocks.
 *
 * A file that attaches a port holds a reference to the
 * port, and a port one to its switch; a reference keeps the memory, not the
 * function: vsw_port.gone tells when the port has been deleted. A switch and
 * what it owns goes through a grace period before it is freed.
 */

#define VSW_MAX_SWITCHES	1000	/* in one network namespace */
#define VSW_MAX_PORTS		4096	/* on one switch */

#define VSW_DEF_LOOKUP		"learn"
#define VSW_DEF_AGEING		300	/* seconds, as IEEE 802.1D recommends */
#define VSW_DEF_FDB_MAX		4096
#define VSW_DEF_RINGS		1
#define VSW_DEF_SLOTS		1024
#define VSW_DEF_BUF_SIZE	2048

struct netlink_ext_ack;
struct sk_buff;
struct vsw_batch;
struct vsw_list;
struct vsw_lookup;
struct vsw_net;
struct vsw_ring_set;
struct vsw_vlans;

/**
 * struct vsw_port_table - the ports of a switch by their index
 * @rcu: defers freeing
 * @size: number of places
 * @port: the ports; NULL where there is none
 */
struct vsw_port_table {
	struct rcu_head		rcu;
	u32			size;
	struct vsw_port __rcu	*port[] __counted_by(size);
};

/**
 * struct vsw_switch - an L2 domain
 * @table: ports by index; replaced when it grows
 * @lookup: decides where frames go; changed under vsw_lookups_lock
 * @active: ports that can receive, for flooding; changed under @active_lock
 * @changes: counts how often a port has begun or ceased to receive; changed under
 *	@active_lock
 * @fdb: addresses and the ports behind them
 * @active_lock: serialises changes of @active and @changes
 * @filters: frames to link-local addresses are dropped, as IEEE 802.1D has it
 * @name: unique in @net; constant
 * @net: the network namespace that owns the switch; valid until the switch
 *	is deleted
 * @id: number in vsw_net.switches; constant
 * @num_ports: number of ports; under vsw_net.lock
 * @num_vlan_ports: number of ports that have VLANs; under vsw_net.lock
 * @by_vlan: there are such ports, as far as senders know
 * @indices: port indices in use, also those that wait for a grace period
 * @name_node: in vsw_net.switch_names
 * @refs: one until deletion, and one for each port
 * @free_work: frees the switch after a grace period
 */
struct vsw_switch {
	struct vsw_port_table __rcu	*table;
	struct vsw_lookup __rcu		*lookup;
	struct list_head		active;
	u32				changes;
	struct vsw_fdb			fdb;

	spinlock_t			active_lock;	/* order: 5 */
	bool				filters;
	char				name[VSW_NAME_SIZE];
	struct net			*net;
	u32				id;
	u32				num_ports;
	u32				num_vlan_ports;
	bool				by_vlan;
	struct ida			indices;
	struct rb_node			name_node;
	refcount_t			refs;
	struct rcu_work			free_work;
};

/* What the data path reads is together. */
static_assert(offsetofend(struct vsw_switch, changes) <= SMP_CACHE_BYTES);

/**
 * struct vsw_port_ops - a kind of port
 * @type: the kind
 * @deliver: give the port the frames of a list and those that are flooded;
 *	called under rcu_read_lock(), returns whether anybody listens there
 * @stop: detach everybody; afterwards the port neither sends nor receives;
 *	called under vsw_port.lock; NULL: @detach has done so
 * @counters: add up the port's counters; called under vsw_port.lock
 * @secure: &vsw_port.security has changed; called under vsw_port.lock; NULL: each
 *	frame is looked at anew
 * @fill: put the attributes of this kind into a netlink message for a namespace;
 *	called under vsw_port.lock, returns 0 or -EMSGSIZE
 * @detach: let the interface go; afterwards nothing comes from it. Called under
 *	RTNL, first of all when the port is deleted; NULL: the port has none
 * @free: free the port, with all that it still has
 */
struct vsw_port_ops {
	enum vsw_port_type	type;
	bool	(*deliver)(struct vsw_port *port, struct vsw_batch *batch,
			   const struct vsw_list *own);
	void	(*stop)(struct vsw_port *port);
	void	(*counters)(struct vsw_port *port, struct vsw_counters *sum);
	void	(*secure)(struct vsw_port *port);
	int	(*fill)(struct vsw_port *port, struct sk_buff *skb,
			struct net *reader);
	void	(*detach)(struct vsw_port *port);
	void	(*free)(struct vsw_port *port);
};

/**
 * struct vsw_port_security - what a port may not do on a learning switch
 * @locked: frames may come only from addresses that are known to be behind the
 *	port; none is learned
 * @isolated: no frames are exchanged with other ports of that kind
 * @learn_max: most addresses that are learned from it; 0: any number
 * @flood_rate: flooded frames per second and ring; 0: any number
 */
struct vsw_port_security {
	bool	locked;
	bool	isolated;
	u32	learn_max;
	u32	flood_rate;
};

/**
 * struct vsw_port - an attachment to a switch; first in the struct of its kind
 * @ops: the kind of port; constant
 * @sw: the switch, of which the port holds a reference; constant
 * @index: number on the switch; constant
 * @receives: whether somebody receives there, as lookups may know; changed with
 *	vsw_switch.changes
 * @active_node: in vsw_switch.active while the port can receive
 * @vlans: the VLANs that it carries, or NULL; changed under vsw_net.lock and @lock
 * @rings: of a ring port, rings and memory while at least one ring pair is attached;
 *	NULL otherwise, and for other kinds
 * @security: what it may not do; changed under @lock
 * @learned: number of addresses that were learned from it
 * @inactive_since: when it last left @active_node, for cond_synchronize_rcu()
 * @lock: who has attached the port
 * @gone: the port has been deleted; under @lock
 * @name: unique in @net; constant
 * @net: owner network namespace; valid until the port is gone
 * @name_node: in vsw_net.port_names of the owner
 * @refs: one until a grace period after deletion, and one for each ring set
 * @free_work: gives the index back after a grace period
 */
struct vsw_port {
	const struct vsw_port_ops	*ops;
	struct vsw_switch		*sw;
	u32				index;
	bool				receives;
	struct list_head		active_node;
	struct vsw_vlans __rcu		*vlans;
	struct vsw_ring_set __rcu	*rings;

	struct vsw_port_security	security;
	atomic_t			learned;
	unsigned long			inactive_since;
	struct mutex			lock;	/* order: 3 */
	bool				gone;
	char				name[VSW_NAME_SIZE];
	struct net			*net;
	struct rb_node			name_node;
	refcount_t			refs;
	struct rcu_work			free_work;
};

static_assert(offsetofend(struct vsw_port, rings) <= SMP_CACHE_BYTES);

/**
 * vsw_port_is_secured() - is there anything that a port may not do?
 * @port: the port
 *
 * Return: whether there is.
 */
static inline bool vsw_port_is_secured(const struct vsw_port *port)
{
	const struct vsw_port_security *security = &port->security;

	return READ_ONCE(security->locked) || READ_ONCE(security->isolated) ||
	       READ_ONCE(security->learn_max) ||
	       READ_ONCE(security->flood_rate) ||
	       READ_ONCE(port->sw->filters);
}

/**
 * vsw_port_keeps_apart() - are two ports isolated from each other?
 * @a: a port
 * @b: another
 *
 * Return: whether they are.
 */
static inline bool vsw_port_keeps_apart(const struct vsw_port *a,
					const struct vsw_port *b)
{
	return READ_ONCE(a->security.isolated) &&
	       READ_ONCE(b->security.isolated);
}

/**
 * vsw_switch_port() - the port with an index
 * @sw: the switch
 * @index: the index, unchecked
 *
 * Context: rcu_read_lock().
 * Return: the port or NULL.
 */
static inline struct vsw_port *vsw_switch_port(const struct vsw_switch *sw,
					       u32 index)
{
	const struct vsw_port_table *table = rcu_dereference(sw->table);

	if (unlikely(index >= table->size))
		return NULL;
	return rcu_dereference(table->port[index]);
}

/**
 * vsw_port_receives() - does anybody receive at a port?
 * @sw: the switch
 * @index: index of the port, unchecked
 *
 * Frames to a port where nobody does are dropped. Who remembers the answer asks
 * vsw_switch_changes() before.
 *
 * Context: rcu_read_lock().
 * Return: whether there is such a port, and somebody has attached it.
 */
static inline bool vsw_port_receives(const struct vsw_switch *sw, u32 index)
{
	const struct vsw_port *port = vsw_switch_port(sw, index);

	return port && READ_ONCE(port->receives);
}

/**
 * vsw_switch_changes() - for how long vsw_port_receives() can be remembered
 * @sw: the switch
 *
 * Return: a number, not 0; as long as it is the same, so is the answer for each
 * port, if it was asked for later.
 */
static inline u32 vsw_switch_changes(const struct vsw_switch *sw)
{
	/* With vsw_port_announce(). */
	return smp_load_acquire(&sw->changes) ?: 1;
}

#endif /* _VSW_H */
