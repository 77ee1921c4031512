// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: replies and notifications */

#include <linux/jiffies.h>

#include "registry.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "nl.h"
#include "ring.h"
#include "switch.h"
#include "vlan.h"

static void *vsw_nl_put_header(struct sk_buff *skb,
			       const struct vsw_nl_msg *msg)
{
	return genlmsg_put(skb, msg->portid, msg->seq, &vsw_nl_family,
			   msg->flags, msg->cmd);
}

/* End a message that is complete, or take back one that is not. */
static int vsw_nl_end(struct sk_buff *skb, void *header, bool complete)
{
	if (complete) {
		genlmsg_end(skb, header);
		return 0;
	}
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}

static bool vsw_nl_put_switch(struct sk_buff *skb, const struct vsw_switch *sw,
			      bool alone)
{
	const struct vsw_fdb *fdb = &sw->fdb;

	return !nla_put_string(skb, VSW_A_SWITCH_NAME, sw->name) &&
	       !nla_put_u32(skb, VSW_A_SWITCH_AGEING,
			    READ_ONCE(fdb->ageing) / HZ) &&
	       !nla_put_u32(skb, VSW_A_SWITCH_FDB_MAX, READ_ONCE(fdb->max)) &&
	       !nla_put_u32(skb, VSW_A_SWITCH_PORTS, sw->num_ports) &&
	       !nla_put_u32(skb, VSW_A_SWITCH_FDB_ENTRIES,
			    READ_ONCE(fdb->count)) &&
	       !nla_put_uint(skb, VSW_A_SWITCH_FDB_FULL,
			     atomic64_read(&fdb->full)) &&
	       !nla_put_u32(skb, VSW_A_SWITCH_PORTS_MAX, VSW_MAX_PORTS) &&
	       !nla_put_u32(skb, VSW_A_SWITCH_SWITCHES_MAX, VSW_MAX_SWITCHES) &&
	       (!sw->filters || !nla_put_u32(skb, VSW_A_SWITCH_LINK_LOCAL,
					     VSW_LINK_LOCAL_FILTER)) &&
	       !vsw_lookup_fill((struct vsw_switch *)sw, skb, alone);
}

/**
 * vsw_nl_fill_switch() - describe a switch
 * @skb: the message to put it into
 * @sw: struct vsw_switch
 * @msg: header of the message
 *
 * Context: &vsw_net.lock is held.
 * Return: 0 or -EMSGSIZE.
 */
int vsw_nl_fill_switch(struct sk_buff *skb, const void *sw,
		       const struct vsw_nl_msg *msg)
{
	bool alone = !skb->len;
	void *header = vsw_nl_put_header(skb, msg);

	if (!header)
		return -EMSGSIZE;
	return vsw_nl_end(skb, header, vsw_nl_put_switch(skb, sw, alone));
}

static bool vsw_nl_put_stats(struct sk_buff *skb, struct vsw_port *port)
{
	struct vsw_counters c;
	struct nlattr *stats, *drops;
	u32 i;

	port->ops->counters(port, &c);
	stats = nla_nest_start(skb, VSW_A_PORT_STATS);
	if (!stats ||
	    nla_put_uint(skb, VSW_A_STATS_TX_FRAMES, c.tx_frames) ||
	    nla_put_uint(skb, VSW_A_STATS_TX_BYTES, c.tx_bytes) ||
	    nla_put_uint(skb, VSW_A_STATS_RX_FRAMES, c.rx_frames) ||
	    nla_put_uint(skb, VSW_A_STATS_RX_BYTES, c.rx_bytes))
		return false;
	drops = nla_nest_start(skb, VSW_A_STATS_DROPS);
	if (!drops)
		return false;
	for (i = VSW_DROP_NONE + 1; i < VSW_NUM_DROPS; i++)
		if (nla_put_uint(skb, i, c.drops[i]))
			return false;
	nla_nest_end(skb, drops);
	nla_nest_end(skb, stats);
	return true;
}

/* Where the port is, as far as the reader may know. */
static bool vsw_nl_put_place(struct sk_buff *skb, const struct vsw_port *port,
			     struct net *reader)
{
	int id;

	if (net_eq(port->sw->net, reader) &&
	    (nla_put_string(skb, VSW_A_PORT_SWITCH, port->sw->name) ||
	     nla_put_u32(skb, VSW_A_PORT_INDEX, port->index)))
		return false;
	if (net_eq(port->net, reader))
		return true;
	id = peernet2id_alloc(reader, port->net, GFP_KERNEL);
	return !nla_put_s32(skb, VSW_A_PORT_NETNS_ID, id);
}

static bool vsw_nl_put_security(struct sk_buff *skb,
				const struct vsw_port *port)
{
	const struct vsw_port_security *s = &port->security;

	return !nla_put_u32(skb, VSW_A_PORT_LOCKED, s->locked) &&
	       !nla_put_u32(skb, VSW_A_PORT_ISOLATED, s->isolated) &&
	       !nla_put_u32(skb, VSW_A_PORT_LEARN_MAX, s->learn_max) &&
	       !nla_put_u32(skb, VSW_A_PORT_FLOOD_RATE, s->flood_rate) &&
	       !nla_put_u32(skb, VSW_A_PORT_LEARNED,
			    max(atomic_read(&port->learned), 0));
}

static bool vsw_nl_put_vlans(struct sk_buff *skb, const struct vsw_port *port)
{
	const struct vsw_vlans *vlans;

	vlans = rcu_dereference_protected(port->vlans,
					  lockdep_is_held(&port->lock));
	if (!vlans)
		return true;
	if (vlans->pvid && nla_put_u32(skb, VSW_A_PORT_VLAN, vlans->pvid))
		return false;
	return !memchr_inv(vlans->trunk, 0, sizeof(vlans->trunk)) ||
	       !nla_put(skb, VSW_A_PORT_TRUNK, sizeof(vlans->trunk),
			vlans->trunk);
}

/* The same with vsw_port.lock held. */
static int vsw_nl_fill_locked_port(struct sk_buff *skb, struct vsw_port *port,
				   const struct vsw_nl_msg *msg)
{
	void *header = vsw_nl_put_header(skb, msg);

	if (!header)
		return -EMSGSIZE;
	return vsw_nl_end(skb, header,
			  !nla_put_string(skb, VSW_A_PORT_NAME, port->name) &&
			  !nla_put_u32(skb, VSW_A_PORT_TYPE, port->ops->type) &&
			  vsw_nl_put_place(skb, port, msg->net) &&
			  !port->ops->fill(port, skb, msg->net) &&
			  vsw_nl_put_security(skb, port) &&
			  vsw_nl_put_vlans(skb, port) &&
			  vsw_nl_put_stats(skb, port));
}

/**
 * vsw_nl_fill_port() - describe a port
 * @skb: the message to put it into
 * @port: struct vsw_port
 * @msg: header of the message
 *
 * Context: process context, may sleep.
 * Return: 0, -EMSGSIZE, or -ENODEV if the port is gone.
 */
int vsw_nl_fill_port(struct sk_buff *skb, const void *port,
		     const struct vsw_nl_msg *msg)
{
	struct vsw_port *p = (struct vsw_port *)port;
	int err = -ENODEV;

	mutex_lock(&p->lock);
	if (!p->gone)
		err = vsw_nl_fill_locked_port(skb, p, msg);
	mutex_unlock(&p->lock);
	return err;
}

static bool vsw_nl_put_region(struct sk_buff *skb, const struct vsw_port *port,
			      const struct vsw_region *region, u32 files,
			      struct net *reader)
{
	if (net_eq(port->sw->net, reader) &&
	    (nla_put_string(skb, VSW_A_REGION_SWITCH, port->sw->name) ||
	     nla_put_u32(skb, VSW_A_REGION_PORT_INDEX, port->index)))
		return false;
	return !nla_put_u32(skb, VSW_A_REGION_ID, region->id) &&
	       !nla_put_string(skb, VSW_A_REGION_PORT, port->name) &&
	       !nla_put_uint(skb, VSW_A_REGION_SIZE, region->layout.size) &&
	       !nla_put_u32(skb, VSW_A_REGION_BUF_SIZE,
			    region->layout.buf_size) &&
	       !nla_put_u32(skb, VSW_A_REGION_BUFFERS,
			    region->layout.num_bufs) &&
	       !nla_put_u32(skb, VSW_A_REGION_FILES, files);
}

/**
 * vsw_nl_fill_region() - describe the region of a port
 * @skb: the message to put it into
 * @port: struct vsw_port
 * @msg: header of the message
 *
 * Context: process context, may sleep.
 * Return: 0, -EMSGSIZE, or -ENODEV if there is no region.
 */
int vsw_nl_fill_region(struct sk_buff *skb, const void *port,
		       const struct vsw_nl_msg *msg)
{
	struct vsw_port *p = (struct vsw_port *)port;
	const struct vsw_region *region;
	int err = -ENODEV;
	void *header;
	u32 files;

	mutex_lock(&p->lock);
	region = vsw_ring_region(p, &files);
	if (region) {
		header = vsw_nl_put_header(skb, msg);
		err = header ? vsw_nl_end(skb, header,
					  vsw_nl_put_region(skb, p, region,
							    files, msg->net)) :
			       -EMSGSIZE;
	}
	mutex_unlock(&p->lock);
	return err;
}

static bool vsw_nl_put_fdb(struct sk_buff *skb, const struct vsw_nl_fdb *fdb)
{
	const struct vsw_fdb_entry *entry = fdb->entry;
	u16 index = READ_ONCE(entry->port), vlan = vsw_fdb_vlan(entry->addr);
	unsigned long age = jiffies - READ_ONCE(entry->updated);
	const struct vsw_port *port;
	u8 addr[ETH_ALEN];
	int err = 0;

	vsw_addr_unpack(entry->addr, addr);
	rcu_read_lock();
	port = vsw_switch_port(fdb->sw, index);
	if (port)
		err = nla_put_string(skb, VSW_A_FDB_PORT, port->name);
	rcu_read_unlock();
	return !err &&
	       !nla_put_string(skb, VSW_A_FDB_SWITCH, fdb->sw->name) &&
	       !nla_put(skb, VSW_A_FDB_ADDRESS, ETH_ALEN, addr) &&
	       !nla_put_u32(skb, VSW_A_FDB_PORT_INDEX, index) &&
	       !(vlan && nla_put_u32(skb, VSW_A_FDB_VLAN, vlan)) &&
	       !(entry->is_static ?
		 nla_put_flag(skb, VSW_A_FDB_STATIC) :
		 nla_put_u32(skb, VSW_A_FDB_AGE, jiffies_to_msecs(age)));
}

/**
 * vsw_nl_fill_fdb() - describe an FDB entry
 * @skb: the message to put it into
 * @fdb: struct vsw_nl_fdb
 * @msg: header of the message
 *
 * Context: any; the entry and the switch must stay.
 * Return: 0 or -EMSGSIZE.
 */
int vsw_nl_fill_fdb(struct sk_buff *skb, const void *fdb,
		    const struct vsw_nl_msg *msg)
{
	void *header = vsw_nl_put_header(skb, msg);

	if (!header)
		return -EMSGSIZE;
	return vsw_nl_end(skb, header, vsw_nl_put_fdb(skb, fdb));
}

static bool vsw_nl_put_attr(struct sk_buff *skb, u32 id,
			    const struct vsw_lookup_attr *attr)
{
	struct nlattr *nest = nla_nest_start(skb, VSW_A_LOOKUP_ATTR);

	if (!nest || nla_put_u32(skb, VSW_A_ATTR_ID, id) ||
	    nla_put_string(skb, VSW_A_ATTR_NAME, attr->name) ||
	    nla_put_u32(skb, VSW_A_ATTR_TYPE, attr->type) ||
	    nla_put_u32(skb, VSW_A_ATTR_FLAGS, attr->flags) ||
	    nla_put_string(skb, VSW_A_ATTR_DOC, attr->doc))
		return false;
	nla_nest_end(skb, nest);
	return true;
}

static bool vsw_nl_put_lookup(struct sk_buff *skb,
			      const struct vsw_lookup_ops *ops)
{
	u32 i;

	if (nla_put_string(skb, VSW_A_LOOKUP_NAME, ops->name) ||
	    nla_put_u32(skb, VSW_A_LOOKUP_SWITCHES, ops->num_instances) ||
	    nla_put_string(skb, VSW_A_LOOKUP_DOC, ops->doc))
		return false;
	for (i = 0; i < ops->num_attrs; i++)
		if (!vsw_nl_put_attr(skb, i + 1, &ops->attrs[i]))
			return false;
	return true;
}

/**
 * vsw_nl_fill_lookup() - describe a lookup
 * @skb: the message to put it into
 * @ops: struct vsw_lookup_ops
 * @msg: header of the message
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsw_nl_fill_lookup(struct sk_buff *skb, const void *ops,
		       const struct vsw_nl_msg *msg)
{
	const struct vsw_lookup_ops *o = ops;
	void *header = vsw_nl_put_header(skb, msg);

	if (!header)
		return -EMSGSIZE;
	return vsw_nl_end(skb, header, vsw_nl_put_lookup(skb, o));
}

/* Tell the members of @group in the namespace @net about an object. */
static void vsw_nl_notify(struct net *net, u8 cmd, unsigned int group, gfp_t gfp,
			  vsw_nl_fill_t fill, const void *obj)
{
	struct vsw_nl_msg msg = { .net = net, .cmd = cmd };
	struct sk_buff *skb;

	if (!genl_has_listeners(&vsw_nl_family, net, group))
		return;
	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, gfp);
	if (!skb || fill(skb, obj, &msg)) {
		nlmsg_free(skb);
		/* Let the listeners know that they have missed something. */
		genl_set_err(&vsw_nl_family, net, 0, group, -ENOBUFS);
		return;
	}
	genlmsg_multicast_netns(&vsw_nl_family, net, skb, 0, group, gfp);
}

/**
 * vsw_nl_switch_notify() - tell about a switch
 * @sw: the switch
 * @cmd: VSW_CMD_SWITCH_*_NTF
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 */
void vsw_nl_switch_notify(struct vsw_switch *sw, u8 cmd)
{
	vsw_nl_notify(sw->net, cmd, VSW_NLGRP_SWITCH, GFP_KERNEL,
		      vsw_nl_fill_switch, sw);
}

static int vsw_nl_fill_notified_port(struct sk_buff *skb, const void *port,
				     const struct vsw_nl_msg *msg)
{
	return vsw_nl_fill_locked_port(skb, (struct vsw_port *)port, msg);
}

/**
 * vsw_nl_port_notify() - tell about a port, to its switch's and its own side
 * @port: the port
 * @cmd: VSW_CMD_PORT_*_NTF
 *
 * Context: process context, may sleep; &vsw_port.lock is held, and the port
 * is not gone.
 */
void vsw_nl_port_notify(struct vsw_port *port, u8 cmd)
{
	lockdep_assert_held(&port->lock);

	vsw_nl_notify(port->sw->net, cmd, VSW_NLGRP_PORT, GFP_KERNEL,
		      vsw_nl_fill_notified_port, port);
	if (!net_eq(port->net, port->sw->net))
		vsw_nl_notify(port->net, cmd, VSW_NLGRP_PORT, GFP_KERNEL,
			      vsw_nl_fill_notified_port, port);
}

/**
 * vsw_fdb_notify() - tell about an FDB entry
 * @fdb: the database
 * @entry: the entry
 * @cmd: VSW_CMD_FDB_*_NTF
 *
 * Costs a test if nobody listens, as on the data path usually.
 *
 * Context: any; the entry must stay.
 */
void vsw_fdb_notify(struct vsw_fdb *fdb, const struct vsw_fdb_entry *entry,
		    u8 cmd)
{
	const struct vsw_switch *sw = container_of(fdb, struct vsw_switch, fdb);
	struct vsw_nl_fdb obj = { .sw = sw, .entry = entry };

	vsw_nl_notify(sw->net, cmd, VSW_NLGRP_FDB, GFP_ATOMIC, vsw_nl_fill_fdb,
		      &obj);
}
