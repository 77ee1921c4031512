/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A group of ports that share the frames from outside, for lookups which differ
 * in how; and the port to which the members send.
 *
 * Members do not see each other: what one sends goes to "via" only.
 */
#ifndef _VSW_LOOKUP_GROUP_H
#define _VSW_LOOKUP_GROUP_H

#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../lookup.h"

/* The first attributes, and the reasons to drop, of a lookup with a group. */
enum {
	VSW_GROUP_PORTS = 1,
	VSW_GROUP_VIA,
	VSW_GROUP_NUM_ATTRS = VSW_GROUP_VIA,
};

#define VSW_GROUP_ATTR_PORTS						\
	{								\
		.name	= "ports",					\
		.doc	= "The members of the group; replaces them all.", \
		.type	= VSW_ATTR_TYPE_PORT,				\
		.flags	= VSW_ATTR_FLAG_MULTI,				\
	}

#define VSW_GROUP_ATTR_VIA						\
	{								\
		.name	= "via",					\
		.doc	= "Port for all that members send; without it they cannot.", \
		.type	= VSW_ATTR_TYPE_PORT,				\
	}

/* Counters, written as numbers, of so many members fit into a message. */
#define VSW_GROUP_COUNTERS	64
#define VSW_GROUP_DIGITS	21

#define VSW_GROUP_ATTR_FRAMES						\
	{								\
		.name	= "frames",					\
		.doc	= "Frames that each member got by itself, in the order of \"ports\".", \
		.type	= VSW_ATTR_TYPE_STRING,				\
		.flags	= VSW_ATTR_FLAG_MULTI | VSW_ATTR_FLAG_READ_ONLY, \
	}

enum {
	VSW_GROUP_NO_WAY,
	VSW_GROUP_NO_MEMBER,
};

#define VSW_GROUP_REASONS						\
	[VSW_GROUP_NO_WAY]	= "no-way",				\
	[VSW_GROUP_NO_MEMBER]	= "no-member"

/**
 * struct vsw_members - the members of a group
 * @place: by index of a port, 1 + its place in @all; 0: it is no member
 * @left: number of members that have not gone
 * @frames: by place, frames that the member got by itself
 * @all: the members; VSW_TO_NONE in the place of one that has gone
 *
 * Another one takes its place when the group is configured. When a port goes, it
 * is taken out in place: that needs no memory, so cannot fail, and its index is
 * not another port's before nobody uses what he has read of it.
 */
struct vsw_members {
	u16			place[VSW_MAX_PORTS];
	u32			left;
	u64 __percpu		*frames;
	struct vsw_port_set	all;
};

/**
 * struct vsw_group_ports - a group, and the way back
 * @members: its members; never NULL
 * @via: index of the port to which members send, or VSW_TO_NONE
 */
struct vsw_group_ports {
	struct vsw_members __rcu	*members;
	u16				via;
};

/* For who holds &vsw_net.lock. */
static inline struct vsw_members *
vsw_group_members(const struct vsw_group_ports *group)
{
	return rcu_dereference_protected(group->members, true);
}

static inline void vsw_members_free(struct vsw_members *members)
{
	free_percpu(members->frames);
	kvfree(members);
}

/* Without any member, per-CPU memory has to have some size. */
static inline struct vsw_members *vsw_members_alloc(u32 num)
{
	struct vsw_members *members;

	members = kvzalloc(sizeof(*members) +
			   num * sizeof(members->all.index[0]),
			   GFP_KERNEL_ACCOUNT);
	if (!members)
		return NULL;
	members->all.num = num;
	members->frames = __alloc_percpu_gfp(max(num, 1U) * sizeof(u64),
					     sizeof(u64), GFP_KERNEL_ACCOUNT);
	if (members->frames)
		return members;
	kvfree(members);
	return NULL;
}

/* One that is named again is no second member. */
static inline void vsw_members_add(struct vsw_members *members, u16 port)
{
	if (members->place[port])
		return;
	members->all.index[members->left++] = port;
	members->place[port] = members->left;
}

static inline bool vsw_members_has(const struct vsw_members *members, u16 port)
{
	return READ_ONCE(members->place[port]);
}

/* How many frames the member at a place, counted from 0, got by itself. */
static inline u64 vsw_members_frames(const struct vsw_members *members,
				     u32 place)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(members->frames, cpu)[place]);
	return sum;
}

/* Who stays a member keeps its counter. Nobody counts in @old any more. */
static inline void vsw_members_take_over(struct vsw_members *members,
					 const struct vsw_members *old)
{
	u32 i, place;

	for (i = 0; i < old->all.num; i++) {
		if (old->all.index[i] == VSW_TO_NONE)
			continue;
		place = members->place[old->all.index[i]];
		if (place)
			this_cpu_add(members->frames[place - 1],
				     vsw_members_frames(old, i));
	}
}

static inline int vsw_group_init(struct vsw_group_ports *group)
{
	struct vsw_members *members = vsw_members_alloc(0);

	if (!members)
		return -ENOMEM;
	RCU_INIT_POINTER(group->members, members);
	group->via = VSW_TO_NONE;
	return 0;
}

static inline void vsw_group_exit(struct vsw_group_ports *group)
{
	vsw_members_free(vsw_group_members(group));
}

/* Take the members among the attributes; there are at most @num. */
static inline struct vsw_members *
vsw_group_read(struct vsw_lookup *lookup, const struct nlattr *options, u32 num,
	       struct netlink_ext_ack *extack)
{
	struct vsw_members *members = vsw_members_alloc(num);
	const struct nlattr *attr;
	int rem, port;

	if (!members)
		return ERR_PTR(-ENOMEM);
	nla_for_each_nested(attr, options, rem) {
		if (nla_type(attr) != VSW_GROUP_PORTS)
			continue;
		port = vsw_lookup_nl_port(lookup, attr, extack);
		if (port < 0) {
			vsw_members_free(members);
			return ERR_PTR(port);
		}
		vsw_members_add(members, port);
	}
	members->all.num = members->left;
	return members;
}

/**
 * vsw_group_configure() - take the attributes of the group
 * @lookup: the lookup
 * @group: its group
 * @tb: as for &vsw_lookup_ops.configure
 * @options: as for &vsw_lookup_ops.configure
 * @extack: as for &vsw_lookup_ops.configure
 *
 * Return: 1: there are other members, and no batch has the old ones any more; 0:
 * there are not; or a negative errno: nothing has changed.
 */
static inline int vsw_group_configure(struct vsw_lookup *lookup,
				      struct vsw_group_ports *group,
				      struct nlattr **tb,
				      const struct nlattr *options,
				      struct netlink_ext_ack *extack)
{
	struct vsw_members *old = vsw_group_members(group), *members = old;
	const struct nlattr *attr;
	int rem, via = group->via;
	u32 num = 0;

	if (tb[VSW_GROUP_VIA]) {
		via = vsw_lookup_nl_port(lookup, tb[VSW_GROUP_VIA], extack);
		if (via < 0)
			return via;
	}
	nla_for_each_nested(attr, options, rem)
		num += nla_type(attr) == VSW_GROUP_PORTS;
	if (num)
		members = vsw_group_read(lookup, options,
					 min(num, VSW_MAX_PORTS), extack);
	if (IS_ERR(members))
		return PTR_ERR(members);
	if (via != VSW_TO_NONE && members->place[via]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[VSW_GROUP_VIA] ?: options,
				    "\"via\" cannot be a member");
		if (members != old)
			vsw_members_free(members);
		return -EINVAL;
	}
	WRITE_ONCE(group->via, via);
	if (members == old)
		return 0;
	rcu_assign_pointer(group->members, members);
	synchronize_rcu();
	vsw_members_take_over(members, old);
	vsw_members_free(old);
	return 1;
}

static inline int vsw_group_fill_frames(const struct vsw_members *members,
					u32 place, u16 type,
					struct sk_buff *skb)
{
	char frames[VSW_GROUP_DIGITS];

	snprintf(frames, sizeof(frames), "%llu",
		 vsw_members_frames(members, place));
	return nla_put_string(skb, type, frames);
}

/**
 * vsw_group_fill() - put the attributes of the group into a message
 * @group: the group
 * @skb: the message
 * @frames: number of the attribute VSW_GROUP_ATTR_FRAMES
 *
 * Return: 0 or -EMSGSIZE.
 */
static inline int vsw_group_fill(const struct vsw_group_ports *group,
				 struct sk_buff *skb, u16 frames)
{
	const struct vsw_members *members = vsw_group_members(group);
	u32 i, left = VSW_GROUP_COUNTERS;
	int err = 0;

	for (i = 0; !err && i < members->all.num; i++) {
		if (members->all.index[i] == VSW_TO_NONE)
			continue;
		err = nla_put_u32(skb, VSW_GROUP_PORTS, members->all.index[i]);
		if (!err && left && left--)
			err = vsw_group_fill_frames(members, i, frames, skb);
	}
	if (err || group->via == VSW_TO_NONE)
		return err;
	return nla_put_u32(skb, VSW_GROUP_VIA, group->via);
}

/* A port has gone. */
static inline void vsw_group_remove(struct vsw_group_ports *group, u16 port)
{
	struct vsw_members *members = vsw_group_members(group);
	u32 place = members->place[port];

	if (group->via == port)
		WRITE_ONCE(group->via, VSW_TO_NONE);
	if (!place)
		return;
	WRITE_ONCE(members->place[port], 0);
	WRITE_ONCE(members->left, members->left - 1);
	WRITE_ONCE(members->all.index[place - 1], VSW_TO_NONE);
}

/* Count frames that a member gets by itself. */
static __always_inline void vsw_group_count(const struct vsw_members *members,
					    u16 port, int frames)
{
	u32 place = port < VSW_MAX_PORTS ? READ_ONCE(members->place[port]) : 0;

	if (likely(place))
		this_cpu_add(members->frames[place - 1], frames);
}

static __always_inline void
vsw_group_count_runs(const struct vsw_members *members,
		     const struct vsw_batch *batch)
{
	const struct vsw_run *run = batch->runs, *end = run + batch->num_runs;

	for (; run < end; run++)
		vsw_group_count(members, run->verdict, run->frames);
}

/* What comes from a member goes all the same way. */
static noinline void vsw_group_back(const struct vsw_group_ports *group,
				    struct vsw_batch *batch)
{
	u16 via = READ_ONCE(group->via);
	struct vsw_run *run;

	vsw_for_each_run(run, batch) {
		if (via == VSW_TO_NONE)
			vsw_run_drop(run, VSW_GROUP_NO_WAY);
		else
			run->verdict = via;
	}
}

/* Frames without a verdict have none because no member can have them. */
static noinline void vsw_group_nobody(struct vsw_batch *batch)
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		if (run->verdict == VSW_TO_NONE)
			vsw_run_drop(run, VSW_GROUP_NO_MEMBER);
}

/**
 * vsw_group_enter() - begin with a batch
 * @lookup: the lookup
 * @group: its group
 * @batch: the batch
 *
 * Context: rcu_read_lock().
 * Return: the members, one of which shall get each frame; NULL if all frames
 * have their verdict, as they come from a member or there is none.
 */
static inline const struct vsw_members *
vsw_group_enter(const struct vsw_lookup *lookup,
		const struct vsw_group_ports *group, struct vsw_batch *batch)
{
	const struct vsw_members *members = rcu_dereference(group->members);

	*vsw_lookup_memo(lookup, batch) = members;
	if (vsw_members_has(members, batch->src->index)) {
		vsw_group_back(group, batch);
		return NULL;
	}
	if (unlikely(!READ_ONCE(members->left))) {
		vsw_group_nobody(batch);
		return NULL;
	}
	return members;
}

/* &vsw_lookup_ops.uncount. Nobody counts what members send back. */
static inline void vsw_group_uncount(struct vsw_lookup *lookup,
				     struct vsw_batch *batch,
				     const struct vsw_run *run, u32 frames)
{
	const struct vsw_members *members = *vsw_lookup_memo(lookup, batch);

	if (!vsw_members_has(members, batch->src->index))
		vsw_group_count(members, run->verdict, -frames);
}

/**
 * vsw_group_is_for_all() - is the frame of a run for all members?
 * @run: a run by frame
 *
 * Broadcast and multicast are: who asks for an address that members share does
 * not know which of them will get the rest of his frames.
 *
 * Return: whether the first byte of the destination says so.
 */
static inline bool vsw_group_is_for_all(const struct vsw_run *run)
{
	return run->lo & 1;
}

#endif /* _VSW_LOOKUP_GROUP_H */
