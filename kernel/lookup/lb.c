// SPDX-License-Identifier: GPL-2.0
/*
 * Balances load: frames go to the member of a group whose ring is filled least,
 * as of when their batch begins.
 *
 * A batch goes to one member as a whole, so frames of a flow can overtake each
 * other only from batch to batch. With "affinity" they do not: a flow stays with
 * the member that it began with, as long as that can receive and the flow does
 * not pause for longer. A flow is known by 12 bits of its hash; flows that have
 * these in common stay together.
 */

#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/random.h>

#include "flow_hash.h"
#include "group.h"

#define VSW_LB_BITS		12

/* Members that are compared, so that a batch costs no more in a large group. */
#define VSW_LB_CHOICES		8

#define VSW_LB_MAX_AFFINITY	3600	/* seconds */

enum {
	VSW_LB_AFFINITY = VSW_GROUP_NUM_ATTRS + 1,
	VSW_LB_FRAMES,
};

static const struct vsw_lookup_attr vsw_lb_attrs[] = {
	VSW_GROUP_ATTR_PORTS,
	VSW_GROUP_ATTR_VIA,
	{
		.name	= "affinity",
		.doc	= "Seconds for which a flow that pauses keeps its member; 0: none.",
		.type	= VSW_ATTR_TYPE_U32,
		.max	= VSW_LB_MAX_AFFINITY,
	},
	VSW_GROUP_ATTR_FRAMES,
};

static const char *const vsw_lb_reasons[] = {
	VSW_GROUP_REASONS,
};

/* A flow, to be read and written as one word. */
union vsw_lb_flow {
	struct {
		u16	member;		/* if @seen is not 0 */
		u16	seen;		/* when, as vsw_lb_now() says */
	};
	u32	word;
};

/**
 * struct vsw_lb - a group that shares load
 * @key: for the hash of a flow
 * @group: the group
 * @affinity: seconds for which flows are remembered
 * @flow: by hash of a flow, where it goes; any sender writes
 * @turn: counts batches, so that members which are equally full get frames in
 *	turn; roughly, for senders do not wait for each other
 */
struct vsw_lb {
	struct vsw_flow_key	key;
	struct vsw_group_ports	group;
	u32			affinity;

	union vsw_lb_flow	flow[BIT(VSW_LB_BITS)];
	u32			turn ____cacheline_aligned_in_smp;
};

/**
 * struct vsw_lb_batch - what is known for the length of a batch
 * @lb: the group
 * @members: its members
 * @batch: the batch
 * @least: the member that was filled least, or VSW_TO_NONE: not looked for
 * @good: a member that is known to receive, or VSW_TO_NONE
 * @now: the time, as vsw_lb_now() says
 * @affinity: seconds for which flows are remembered
 */
struct vsw_lb_batch {
	struct vsw_lb			*lb;
	const struct vsw_members	*members;
	struct vsw_batch		*batch;
	u16				least;
	u16				good;
	u16				now;
	u32				affinity;
};

/* Seconds, modulo 65535; never 0. */
static u16 vsw_lb_now(void)
{
	return (u32)(jiffies / HZ) % U16_MAX + 1;
}

/*
 * The member that is filled least; if nobody has attached any, the one whose
 * turn it is.
 */
static noinline u16 vsw_lb_least(struct vsw_lb_batch *b)
{
	const struct vsw_port_set *all = &b->members->all;
	u32 turn = READ_ONCE(b->lb->turn), choices = 0, i, fill, least;
	u16 port, found = VSW_TO_NONE;

	WRITE_ONCE(b->lb->turn, turn + 1);
	for (i = 0; i < all->num && choices < VSW_LB_CHOICES; i++) {
		port = READ_ONCE(all->index[(turn + i) % all->num]);
		if (port == VSW_TO_NONE)
			continue;
		fill = vsw_port_fill(b->batch->sw, port, b->batch->rx_ring);
		if (!choices++ || fill < least) {
			least = fill;
			found = port;
		}
	}
	return found;
}

static inline u16 vsw_lb_choose(struct vsw_lb_batch *b)
{
	if (unlikely(b->least == VSW_TO_NONE))
		b->least = vsw_lb_least(b);
	return b->least;
}

/* Whether a member is one still, and somebody has attached it. */
static bool vsw_lb_receives(struct vsw_lb_batch *b, u16 port)
{
	if (likely(port == b->good))
		return true;
	if (!vsw_members_has(b->members, port) ||
	    vsw_port_fill(b->batch->sw, port, b->batch->rx_ring) ==
	    VSW_FILL_NOBODY)
		return false;
	b->good = port;
	return true;
}

/* Where a flow goes, now and until it pauses. */
static __always_inline u16 vsw_lb_flow(void *arg, u64 hash)
{
	struct vsw_lb_batch *b = arg;
	union vsw_lb_flow *at = &b->lb->flow[hash_64(hash, VSW_LB_BITS)];
	union vsw_lb_flow flow = { .word = READ_ONCE(at->word) };
	u16 pause = b->now - flow.seen;

	if (likely(flow.seen && pause <= b->affinity &&
		   vsw_lb_receives(b, flow.member))) {
		if (likely(!pause))
			return flow.member;
	} else {
		flow.member = vsw_lb_choose(b);
	}
	flow.seen = b->now;
	WRITE_ONCE(at->word, flow.word);
	return flow.member;
}

/* Without affinity a batch goes to one member as a whole. */
static void vsw_lb_whole(struct vsw_lb_batch *b)
{
	struct vsw_run *run;
	u32 frames = 0;

	vsw_for_each_run(run, b->batch) {
		if (unlikely(vsw_group_is_for_all(run))) {
			vsw_run_to_set(b->batch, run, &b->members->all);
			continue;
		}
		run->verdict = vsw_lb_choose(b);
		frames += run->frames;
	}
	vsw_group_count(b->members, b->least, frames);
}

static void vsw_lb(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_lb *lb = vsw_lookup_priv(lookup);
	struct vsw_lb_batch b = {
		.lb		= lb,
		.batch		= batch,
		.least		= VSW_TO_NONE,
		.good		= VSW_TO_NONE,
		.affinity	= READ_ONCE(lb->affinity),
	};

	b.members = vsw_group_enter(lookup, &lb->group, batch);
	if (!b.members)
		return;
	if (!b.affinity) {
		vsw_lb_whole(&b);
		return;
	}
	b.now = vsw_lb_now();
	vsw_flow_each(lookup, batch, &lb->key, b.members, vsw_lb_flow, &b);
	vsw_group_count_runs(b.members, batch);
}

static int vsw_lb_init(struct vsw_lookup *lookup,
		       struct netlink_ext_ack *extack)
{
	struct vsw_lb *lb = vsw_lookup_priv(lookup);

	get_random_bytes(&lb->key, sizeof(lb->key));
	return vsw_group_init(&lb->group);
}

static void vsw_lb_exit(struct vsw_lookup *lookup)
{
	struct vsw_lb *lb = vsw_lookup_priv(lookup);

	vsw_group_exit(&lb->group);
}

static int vsw_lb_configure(struct vsw_lookup *lookup, struct nlattr **tb,
			    const struct nlattr *options,
			    struct netlink_ext_ack *extack)
{
	struct vsw_lb *lb = vsw_lookup_priv(lookup);
	int ret;

	ret = vsw_group_configure(lookup, &lb->group, tb, options, extack);
	if (ret >= 0 && tb[VSW_LB_AFFINITY])
		WRITE_ONCE(lb->affinity, nla_get_u32(tb[VSW_LB_AFFINITY]));
	return min(ret, 0);
}

static int vsw_lb_fill(struct vsw_lookup *lookup, struct sk_buff *skb)
{
	const struct vsw_lb *lb = vsw_lookup_priv(lookup);

	return vsw_group_fill(&lb->group, skb, VSW_LB_FRAMES) ?:
	       nla_put_u32(skb, VSW_LB_AFFINITY, lb->affinity);
}

static void vsw_lb_port_event(struct vsw_lookup *lookup, u32 index,
			      enum vsw_port_event event)
{
	struct vsw_lb *lb = vsw_lookup_priv(lookup);

	/* Its flows are noticed not to be at a member. */
	if (event == VSW_PORT_REMOVED)
		vsw_group_remove(&lb->group, index);
}

static struct vsw_lookup_ops vsw_lb_ops = {
	.name		= "lb",
	.doc		= "Sends frames to the port of a group whose ring is filled least.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct vsw_lb),
	.grain		= VSW_BY_FRAME,
	.attrs		= vsw_lb_attrs,
	.num_attrs	= ARRAY_SIZE(vsw_lb_attrs),
	.reasons	= vsw_lb_reasons,
	.num_reasons	= ARRAY_SIZE(vsw_lb_reasons),
	.init		= vsw_lb_init,
	.exit		= vsw_lb_exit,
	.lookup		= vsw_lb,
	.uncount	= vsw_group_uncount,
	.configure	= vsw_lb_configure,
	.fill		= vsw_lb_fill,
	.port_event	= vsw_lb_port_event,
};

module_vsw_lookup(vsw_lb_ops);

MODULE_DESCRIPTION("vsw lookup: load balancer");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("lb");
