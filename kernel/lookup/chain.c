// SPDX-License-Identifier: GPL-2.0
/*
 * A service chain: what a member sends goes to the next member, whatever the
 * frame says; the frame is not looked at.
 *
 * The chain is a table that is replaced as a whole, so that a frame never sees
 * half a change. Members outlive the table: their counters go on when others
 * come and go.
 */

#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../lookup.h"

/* Most members; so many, with their counters, fit into a netlink message. */
#define VSW_CHAIN_MAX	64

/* Bytes of a counter, written as a number. */
#define VSW_CHAIN_DIGITS	21

enum {
	VSW_CHAIN_PORT = 1,
	VSW_CHAIN_INSERT,
	VSW_CHAIN_BEFORE,
	VSW_CHAIN_REMOVE,
	VSW_CHAIN_LOOP,
	VSW_CHAIN_FRAMES,
};

static const struct vsw_lookup_attr vsw_chain_attrs[] = {
	{
		.name	= "port",
		.doc	= "The members, in order; in the place of those that there were.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "insert",
		.doc	= "Port that becomes the last member.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "before",
		.doc	= "Behind \"insert\": the member before which it goes instead.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "remove",
		.doc	= "Port that is no member any more.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "loop",
		.doc	= "1: the last member sends to the first; 0: to nobody.",
		.type	= VSW_ATTR_TYPE_U32,
		.max	= 1,
	}, {
		.name	= "frames",
		.doc	= "Frames that each member has sent to the next, in the order of \"port\".",
		.type	= VSW_ATTR_TYPE_STRING,
		.flags	= VSW_ATTR_FLAG_MULTI | VSW_ATTR_FLAG_READ_ONLY,
	},
};

enum {
	VSW_CHAIN_DROP_END,
	VSW_CHAIN_DROP_NOT_IN_CHAIN,
};

static const char *const vsw_chain_reasons[] = {
	[VSW_CHAIN_DROP_END]		= "end",
	[VSW_CHAIN_DROP_NOT_IN_CHAIN]	= "not-in-chain",
};

/**
 * struct vsw_chain_member - a port in the chain
 * @rcu: defers freeing
 * @port: index of the port; constant
 * @frames: frames that it has sent to the next
 */
struct vsw_chain_member {
	struct rcu_head		rcu;
	u16			port;
	u64 __percpu		*frames;
};

/**
 * struct vsw_chain_table - the members; constant once it can be seen
 * @rcu: defers freeing
 * @num: number of members
 * @loop: whether the first follows the last
 * @port: indices of the ports, in order
 * @member: the members, in order
 * @place: by index of a port, 1 + its place in @member; 0: it is no member
 */
struct vsw_chain_table {
	struct rcu_head		rcu;
	u32			num;
	u32			loop;
	u16			port[VSW_CHAIN_MAX];
	struct vsw_chain_member	*member[VSW_CHAIN_MAX];
	u8			place[VSW_MAX_PORTS];
};

static_assert(VSW_CHAIN_MAX < U8_MAX);

/**
 * struct vsw_chain - private memory of the lookup
 * @table: the chain; changed under vsw_net.lock
 */
struct vsw_chain {
	struct vsw_chain_table __rcu *table;
};

static void vsw_chain_drop(struct vsw_batch *batch, u16 reason)
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		vsw_run_drop(run, reason);
}

static void vsw_chain(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	const struct vsw_chain *chain = vsw_lookup_priv(lookup);
	const struct vsw_chain_table *table = rcu_dereference(chain->table);
	u32 next = table->place[batch->src->index];
	const struct vsw_chain_member *member;
	struct vsw_run *run;
	u32 frames = 0;

	if (!next) {
		vsw_chain_drop(batch, VSW_CHAIN_DROP_NOT_IN_CHAIN);
		return;
	}
	member = table->member[next - 1];
	if (next == table->num) {
		/* A member that is alone is its own end. */
		if (!table->loop || next == 1) {
			vsw_chain_drop(batch, VSW_CHAIN_DROP_END);
			return;
		}
		next = 0;
	}
	*vsw_lookup_memo(lookup, batch) = member;
	vsw_for_each_run(run, batch) {
		run->verdict = table->port[next];
		frames += run->frames;
	}
	this_cpu_add(*member->frames, frames);
}

static void vsw_chain_uncount(struct vsw_lookup *lookup,
			      struct vsw_batch *batch,
			      const struct vsw_run *run, u32 frames)
{
	const struct vsw_chain_member *member = *vsw_lookup_memo(lookup, batch);

	if (run->verdict != VSW_TO_NONE)
		this_cpu_sub(*member->frames, frames);
}

/* control path */

/* The members; the caller holds vsw_net.lock, or nobody else is there. */
static struct vsw_chain_table *vsw_chain_table(struct vsw_lookup *lookup)
{
	struct vsw_chain *chain = vsw_lookup_priv(lookup);

	return rcu_dereference_protected(chain->table, true);
}

static struct vsw_chain_member *vsw_chain_member_new(u16 port)
{
	struct vsw_chain_member *member;

	member = kmalloc(sizeof(*member), GFP_KERNEL_ACCOUNT);
	if (!member)
		return NULL;
	member->port = port;
	member->frames = alloc_percpu_gfp(u64, GFP_KERNEL_ACCOUNT);
	if (member->frames)
		return member;
	kfree(member);
	return NULL;
}

static void vsw_chain_member_free(struct rcu_head *rcu)
{
	struct vsw_chain_member *member =
		container_of(rcu, struct vsw_chain_member, rcu);

	free_percpu(member->frames);
	kfree(member);
}

static u64 vsw_chain_member_frames(const struct vsw_chain_member *member)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(member->frames, cpu));
	return sum;
}

/* The member that a port is; NULL if it is none. */
static struct vsw_chain_member *
vsw_chain_find(const struct vsw_chain_table *table, u16 port)
{
	return table->place[port] ? table->member[table->place[port] - 1] : NULL;
}

/* Free the members of a table that another one does not have. */
static void vsw_chain_free_others(const struct vsw_chain_table *table,
				  const struct vsw_chain_table *keep)
{
	struct vsw_chain_member *member;
	u32 i;

	for (i = 0; i < table->num; i++) {
		member = table->member[i];
		if (member && vsw_chain_find(keep, member->port) != member)
			call_rcu(&member->rcu, vsw_chain_member_free);
	}
}

/* A table with the ports of another, of which members are still to be made. */
static struct vsw_chain_table *vsw_chain_copy(const struct vsw_chain_table *old,
					      gfp_t gfp)
{
	struct vsw_chain_table *new = kzalloc(sizeof(*new), gfp);

	if (!new)
		return NULL;
	new->num = old->num;
	new->loop = old->loop;
	memcpy(new->port, old->port, sizeof(new->port));
	return new;
}

/* Make members of the ports of a new table; who was one before stays the same. */
static int vsw_chain_enlist(struct vsw_chain_table *new,
			    const struct vsw_chain_table *old)
{
	struct vsw_chain_member *member;
	u32 i;

	for (i = 0; i < new->num; i++) {
		member = vsw_chain_find(old, new->port[i]) ?:
			 vsw_chain_member_new(new->port[i]);
		if (!member)
			return -ENOMEM;
		new->member[i] = member;
		new->place[new->port[i]] = i + 1;
	}
	return 0;
}

static void vsw_chain_replace(struct vsw_lookup *lookup,
			      struct vsw_chain_table *new)
{
	struct vsw_chain_table *old = vsw_chain_table(lookup);
	struct vsw_chain *chain = vsw_lookup_priv(lookup);

	rcu_assign_pointer(chain->table, new);
	vsw_chain_free_others(old, new);
	kfree_rcu(old, rcu);
}

/* The place of a port in a table whose members are still to be made, or -1. */
static int vsw_chain_place(const struct vsw_chain_table *table, u16 port)
{
	u32 i;

	for (i = 0; i < table->num; i++)
		if (table->port[i] == port)
			return i;
	return -1;
}

static void vsw_chain_remove(struct vsw_chain_table *table, u32 place)
{
	u16 *port = &table->port[place];

	table->num--;
	memmove(port, port + 1, (table->num - place) * sizeof(*port));
}

/* The last port of the table goes to an earlier place. */
static void vsw_chain_move_last(struct vsw_chain_table *table, u32 place)
{
	u16 *port = &table->port[place], last = table->port[table->num - 1];

	memmove(port + 1, port, (table->num - 1 - place) * sizeof(*port));
	*port = last;
}

static int vsw_chain_append(struct vsw_chain_table *table, u16 port,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	if (vsw_chain_place(table, port) >= 0) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "port is in the chain");
		return -EEXIST;
	}
	if (table->num == VSW_CHAIN_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "chain is full");
		return -ENOSPC;
	}
	table->port[table->num++] = port;
	return 0;
}

/* The place of a port that must be a member before @end. */
static int vsw_chain_place_of(const struct vsw_chain_table *table, u16 port,
			      u32 end, const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	int place = vsw_chain_place(table, port);

	if (place >= 0 && place < end)
		return place;
	NL_SET_ERR_MSG_ATTR(extack, attr, "port is not in the chain");
	return -EINVAL;
}

/* Attribute "before", which counts only behind an "insert". */
static int vsw_chain_before(struct vsw_chain_table *table, u16 port, int last,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	int place;

	if (last != VSW_CHAIN_INSERT) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "\"before\" needs an \"insert\" in front of it");
		return -EINVAL;
	}
	place = vsw_chain_place_of(table, port, table->num - 1, attr, extack);
	if (place >= 0)
		vsw_chain_move_last(table, place);
	return place;
}

/* An attribute that names a port; @last is the type of the one before it. */
static int vsw_chain_edit(struct vsw_chain_table *table, u16 port, int last,
			  const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	int place;

	switch (nla_type(attr)) {
	case VSW_CHAIN_BEFORE:
		return vsw_chain_before(table, port, last, attr, extack);
	case VSW_CHAIN_REMOVE:
		place = vsw_chain_place_of(table, port, table->num, attr,
					   extack);
		if (place >= 0)
			vsw_chain_remove(table, place);
		return place;
	default:
		return vsw_chain_append(table, port, attr, extack);
	}
}

/* Change the ports of a new table, one attribute after the other. */
static int vsw_chain_apply(struct vsw_lookup *lookup,
			   struct vsw_chain_table *table, struct nlattr **tb,
			   const struct nlattr *options,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, port, err, last = 0;

	if (tb[VSW_CHAIN_LOOP])
		table->loop = nla_get_u32(tb[VSW_CHAIN_LOOP]);
	if (tb[VSW_CHAIN_PORT])
		table->num = 0;
	nla_for_each_nested(attr, options, rem) {
		if (nla_type(attr) == VSW_CHAIN_LOOP)
			continue;
		port = vsw_lookup_nl_port(lookup, attr, extack);
		if (port < 0)
			return port;
		err = vsw_chain_edit(table, port, last, attr, extack);
		if (err < 0)
			return err;
		last = nla_type(attr);
	}
	return 0;
}

static int vsw_chain_configure(struct vsw_lookup *lookup, struct nlattr **tb,
			       const struct nlattr *options,
			       struct netlink_ext_ack *extack)
{
	struct vsw_chain_table *old = vsw_chain_table(lookup), *new;
	int err;

	new = vsw_chain_copy(old, GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	err = vsw_chain_apply(lookup, new, tb, options, extack) ?:
	      vsw_chain_enlist(new, old);
	if (err) {
		vsw_chain_free_others(new, old);
		kfree(new);
		return err;
	}
	vsw_chain_replace(lookup, new);
	return 0;
}

static int vsw_chain_fill_member(struct sk_buff *skb,
				 const struct vsw_chain_member *member)
{
	char frames[VSW_CHAIN_DIGITS];

	snprintf(frames, sizeof(frames), "%llu",
		 vsw_chain_member_frames(member));
	return nla_put_u32(skb, VSW_CHAIN_PORT, member->port) ?:
	       nla_put_string(skb, VSW_CHAIN_FRAMES, frames);
}

static int vsw_chain_fill(struct vsw_lookup *lookup, struct sk_buff *skb)
{
	const struct vsw_chain_table *table = vsw_chain_table(lookup);
	int err = nla_put_u32(skb, VSW_CHAIN_LOOP, table->loop);
	u32 i;

	for (i = 0; !err && i < table->num; i++)
		err = vsw_chain_fill_member(skb, table->member[i]);
	return err;
}

/* A member that is deleted cannot stay for want of memory: its index is reused. */
static void vsw_chain_port_event(struct vsw_lookup *lookup, u32 index,
				 enum vsw_port_event event)
{
	struct vsw_chain_table *old = vsw_chain_table(lookup), *new;

	if (event != VSW_PORT_REMOVED || !old->place[index])
		return;
	new = vsw_chain_copy(old, GFP_KERNEL | __GFP_NOFAIL);
	vsw_chain_remove(new, old->place[index] - 1);
	/* All that remain are members, so that nothing is to be allocated. */
	vsw_chain_enlist(new, old);
	vsw_chain_replace(lookup, new);
}

static int vsw_chain_init(struct vsw_lookup *lookup,
			  struct netlink_ext_ack *extack)
{
	struct vsw_chain *chain = vsw_lookup_priv(lookup);
	struct vsw_chain_table *table;

	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	rcu_assign_pointer(chain->table, table);
	return 0;
}

static void vsw_chain_exit(struct vsw_lookup *lookup)
{
	struct vsw_chain_table *table = vsw_chain_table(lookup);
	u32 i;

	for (i = 0; i < table->num; i++)
		vsw_chain_member_free(&table->member[i]->rcu);
	kfree(table);
	/* For members that have left: what frees them is in this module. */
	rcu_barrier();
}

static struct vsw_lookup_ops vsw_chain_ops = {
	.name		= "chain",
	.doc		= "A service chain: frames go from each member to the next.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct vsw_chain),
	.grain		= VSW_BY_BATCH,
	.attrs		= vsw_chain_attrs,
	.num_attrs	= ARRAY_SIZE(vsw_chain_attrs),
	.reasons	= vsw_chain_reasons,
	.num_reasons	= ARRAY_SIZE(vsw_chain_reasons),
	.init		= vsw_chain_init,
	.exit		= vsw_chain_exit,
	.lookup		= vsw_chain,
	.uncount	= vsw_chain_uncount,
	.configure	= vsw_chain_configure,
	.fill		= vsw_chain_fill,
	.port_event	= vsw_chain_port_event,
};

module_vsw_lookup(vsw_chain_ops);

MODULE_DESCRIPTION("vsw lookup: service chain");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("chain");
