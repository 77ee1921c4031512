// SPDX-License-Identifier: GPL-2.0
/*
 * Spreads flows over a group of ports: frames of a flow, which have addresses,
 * protocol and ports in common, go to one member of the group, in order.
 *
 * A table has a member for each hash of a flow. Who gets a place of it is found
 * by rendezvous hashing (Thaler, Ravishankar: "Using name-based mappings to
 * increase hit rates", 1998): each member that receives draws a number for the
 * place, and the largest wins. So when a member goes, or nobody attaches it, only
 * its own places change hands, and one that comes takes only what it wins. Maglev
 * (Eisenbud et al., NSDI 2016) fills such a table more evenly, but moves some
 * flows of others as well.
 *
 * The table is a memory only: a place is found anew by the first frame that needs
 * it after some port of the switch has begun or ceased to receive.
 */

#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/random.h>

#include "flow_hash.h"
#include "group.h"

/* Places of the table: 2 to the power of this. Shares of 8 differ by 5 %. */
#define VSW_FLOW_BITS	12
#define VSW_FLOW_PLACES	BIT(VSW_FLOW_BITS)

enum {
	VSW_FLOW_FRAMES = VSW_GROUP_NUM_ATTRS + 1,
};

static const struct vsw_lookup_attr vsw_flow_attrs[] = {
	VSW_GROUP_ATTR_PORTS,
	VSW_GROUP_ATTR_VIA,
	VSW_GROUP_ATTR_FRAMES,
};

static const char *const vsw_flow_reasons[] = {
	VSW_GROUP_REASONS,
};

/* A place of the table, to be read and written as one word. */
union vsw_flow_place {
	struct {
		u32	changes;	/* vsw_switch_changes() by then */
		u16	member;
	};
	u64	word;
};

static_assert(sizeof(union vsw_flow_place) == sizeof(u64));

/**
 * struct vsw_flow - a group that shares flows
 * @key: for the hash of a flow
 * @group: the group
 * @place: by hash of a flow, the member that gets it; any sender writes
 */
struct vsw_flow {
	struct vsw_flow_key	key;
	struct vsw_group_ports	group;
	union vsw_flow_place	place[VSW_FLOW_PLACES];
};

/**
 * struct vsw_flow_batch - what is known for the length of a batch
 * @flow: the group
 * @members: its members
 * @sw: the switch
 * @changes: vsw_switch_changes(), before it was asked who receives
 * @nobody: there are flows that no member receives
 */
struct vsw_flow_batch {
	struct vsw_flow			*flow;
	const struct vsw_members	*members;
	const struct vsw_switch		*sw;
	u32				changes;
	bool				nobody;
};

/* Who of those that receive draws the largest number for a place. */
static u16 vsw_flow_winner(const struct vsw_flow_batch *b, u32 place)
{
	const struct vsw_port_set *all = &b->members->all;
	u64 most = 0, drawn;
	u16 winner = VSW_TO_NONE, port;
	u32 i;

	for (i = 0; i < all->num; i++) {
		port = READ_ONCE(all->index[i]);
		if (port == VSW_TO_NONE || !vsw_port_receives(b->sw, port))
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

/* Find who gets a place, and remember it. */
static noinline u16 vsw_flow_find(struct vsw_flow_batch *b, u32 place)
{
	union vsw_flow_place found = {
		.changes	= b->changes,
		.member		= vsw_flow_winner(b, place),
	};

	if (likely(found.member != VSW_TO_NONE))
		WRITE_ONCE(b->flow->place[place].word, found.word);
	else
		b->nobody = true;
	return found.member;
}

static __always_inline u16 vsw_flow_verdict(void *arg, u64 hash)
{
	struct vsw_flow_batch *b = arg;
	u32 place = hash_64(hash, VSW_FLOW_BITS);
	union vsw_flow_place known = {
		.word = READ_ONCE(b->flow->place[place].word),
	};

	if (likely(known.changes == b->changes))
		return known.member;
	return vsw_flow_find(b, place);
}

static void vsw_flow(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);
	struct vsw_flow_batch b = {
		.flow		= flow,
		.members	= vsw_group_enter(lookup, &flow->group, batch),
		.sw		= batch->sw,
		.changes	= vsw_switch_changes(batch->sw),
	};

	if (!b.members)
		return;
	vsw_flow_each(lookup, batch, &flow->key, b.members, vsw_flow_verdict,
		      &b);
	vsw_group_count_runs(b.members, batch);
	if (unlikely(b.nobody))
		vsw_group_nobody(batch);
}

static int vsw_flow_init(struct vsw_lookup *lookup,
			 struct netlink_ext_ack *extack)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);

	get_random_bytes(&flow->key, sizeof(flow->key));
	return vsw_group_init(&flow->group);
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
	int ret;
	u32 i;

	ret = vsw_group_configure(lookup, &flow->group, tb, options, extack);
	/* A member that came may win what others have, and one has left. */
	for (i = 0; ret > 0 && i < VSW_FLOW_PLACES; i++)
		WRITE_ONCE(flow->place[i].word, 0);
	return min(ret, 0);
}

static int vsw_flow_fill(struct vsw_lookup *lookup, struct sk_buff *skb)
{
	const struct vsw_flow *flow = vsw_lookup_priv(lookup);

	return vsw_group_fill(&flow->group, skb, VSW_FLOW_FRAMES);
}

static void vsw_flow_port_event(struct vsw_lookup *lookup, u32 index,
				enum vsw_port_event event)
{
	struct vsw_flow *flow = vsw_lookup_priv(lookup);

	if (event == VSW_PORT_REMOVED)
		vsw_group_remove(&flow->group, index);
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
	.uncount	= vsw_group_uncount,
	.configure	= vsw_flow_configure,
	.fill		= vsw_flow_fill,
	.port_event	= vsw_flow_port_event,
};

module_vsw_lookup(vsw_flow_ops);

MODULE_DESCRIPTION("vsw lookup: flows spread over a group");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("flow");
