// SPDX-License-Identifier: GPL-2.0
/*
 * Spreads flows over a group of ports: frames of a flow, which have addresses,
 * protocol and ports in common, go to one member of the group, in order.
 *
 * A table has a member for each hash of a flow. Who gets a place of it is found
 * by rendezvous hashing (Thaler, Ravishankar: "Using name-based mappings to
 * increase hit rates", 1998): each member draws a number for the place, and the
 * largest wins. So when a member goes, only its own places change hands, and
 * one that comes takes only what it wins. Maglev (Eisenbud et al., NSDI 2016)
 * fills such a table more evenly, but moves some flows of others as well.
 */

#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/sched.h>

#include "flow_hash.h"
#include "group.h"

/* Places of the table: 2 to the power of this. Shares of 8 differ by 5 %. */
#define VSW_FLOW_BITS	12
#define VSW_FLOW_PLACES	BIT(VSW_FLOW_BITS)

static const struct vsw_lookup_attr vsw_flow_attrs[] = {
	VSW_GROUP_ATTR_PORTS,
	VSW_GROUP_ATTR_VIA,
};

static const char *const vsw_flow_reasons[] = {
	VSW_GROUP_REASONS,
};

/**
 * struct vsw_flow - a group that shares flows
 * @key: for the hash of a flow
 * @group: the group
 * @member: by hash of a flow, the member that gets it; VSW_TO_NONE if there is
 *	none
 *
 * Places change one by one while frames pass: each flow goes to either the old
 * or the new member, and when a port goes no memory is needed.
 */
struct vsw_flow {
	struct vsw_flow_key	key;
	struct vsw_group_ports	group;
	u16			member[VSW_FLOW_PLACES];
};

static __always_inline u16 vsw_flow_verdict(void *arg, u64 hash)
{
	const struct vsw_flow *flow = arg;

	return READ_ONCE(flow->member[hash_64(hash, VSW_FLOW_BITS)]);
}

static void vsw_flow(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);
	const struct vsw_members *members;

	members = vsw_group_enter(&flow->group, batch);
	if (members)
		vsw_flow_each(lookup, batch, &flow->key, members,
			      vsw_flow_verdict, flow);
}

/* Who draws the largest number for a place. */
static u16 vsw_flow_winner(const struct vsw_members *members, u32 place)
{
	u64 most = 0, drawn;
	u16 winner = VSW_TO_NONE, port;
	u32 i;

	for (i = 0; i < members->all.num; i++) {
		port = members->all.index[i];
		if (port == VSW_TO_NONE)
			continue;
		/* No two are the same, and none is 0. */
		drawn = (u64)jhash_2words(place, port, 0) << 16 | (port + 1);
		if (drawn > most) {
			most = drawn;
			winner = port;
		}
	}
	return winner;
}

/* Give away anew the places of @port, or all of them if it is VSW_TO_ALL. */
static void vsw_flow_share(struct vsw_flow *flow, u16 port)
{
	const struct vsw_members *members = vsw_group_members(&flow->group);
	u32 i;

	for (i = 0; i < VSW_FLOW_PLACES; i++) {
		if (port != VSW_TO_ALL && flow->member[i] != port)
			continue;
		WRITE_ONCE(flow->member[i], vsw_flow_winner(members, i));
		cond_resched();
	}
}

static int vsw_flow_init(struct vsw_lookup *lookup,
			 struct netlink_ext_ack *extack)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);
	int err = vsw_group_init(&flow->group);

	if (err)
		return err;
	get_random_bytes(&flow->key, sizeof(flow->key));
	vsw_flow_share(flow, VSW_TO_ALL);
	return 0;
}

static void vsw_flow_exit(struct vsw_lookup *lookup)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);

	vsw_group_exit(&flow->group);
}

static int vsw_flow_configure(struct vsw_lookup *lookup, struct nlattr **tb,
			      const struct nlattr *options,
			      struct netlink_ext_ack *extack)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);
	int err;

	err = vsw_group_configure(lookup, &flow->group, tb, options, extack);
	if (!err && tb[VSW_GROUP_PORTS])
		vsw_flow_share(flow, VSW_TO_ALL);
	return err;
}

static int vsw_flow_fill(struct vsw_lookup *lookup, struct sk_buff *skb)
{
	const struct vsw_flow *flow = vsw_lookup_priv(lookup);

	return vsw_group_fill(&flow->group, skb);
}

static void vsw_flow_port_event(struct vsw_lookup *lookup, u32 index,
				enum vsw_port_event event)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);

	if (event == VSW_PORT_REMOVED && vsw_group_remove(&flow->group, index))
		vsw_flow_share(flow, index);
}

static struct vsw_lookup_ops vsw_flow_ops = {
	.name		= "flow",
	.doc		= "Spreads flows over a group of ports by a hash.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct vsw_flow),
	.grain		= VSW_BY_FRAME,
	.attrs		= vsw_flow_attrs,
	.num_attrs	= ARRAY_SIZE(vsw_flow_attrs),
	.reasons	= vsw_flow_reasons,
	.num_reasons	= ARRAY_SIZE(vsw_flow_reasons),
	.init		= vsw_flow_init,
	.exit		= vsw_flow_exit,
	.lookup		= vsw_flow,
	.configure	= vsw_flow_configure,
	.fill		= vsw_flow_fill,
	.port_event	= vsw_flow_port_event,
};

module_vsw_lookup(vsw_flow_ops);

MODULE_DESCRIPTION("vsw lookup: flows spread over a group");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("flow");
