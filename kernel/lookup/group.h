/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A group of ports that share the frames from outside, for lookups which differ
 * in how; and the port to which the members send.
 *
 * Members do not see each other: what one sends goes to "via" only.
 */
#ifndef _VSW_LOOKUP_GROUP_H
#define _VSW_LOOKUP_GROUP_H

#include <linux/bitmap.h>
#include <linux/overflow.h>
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

enum {
	VSW_GROUP_NO_WAY,
	VSW_GROUP_NO_MEMBER,
};

#define VSW_GROUP_REASONS						\
	[VSW_GROUP_NO_WAY]	= "no-way",				\
	[VSW_GROUP_NO_MEMBER]	= "no-member"

/**
 * struct vsw_members - the members of a group
 * @has: by index of a port, whether it is a member
 * @left: number of members that have not gone
 * @all: the members; VSW_TO_NONE in the place of one that has gone
 *
 * Another one takes its place when the group is configured. When a port goes, it
 * is taken out in place: that needs no memory, so cannot fail, and its index is
 * not another port's before nobody uses what he has read of it.
 */
struct vsw_members {
	DECLARE_BITMAP(has, VSW_MAX_PORTS);
	u32			left;
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

static inline struct vsw_members *vsw_members_alloc(u32 num)
{
	struct vsw_members *members;

	members = kzalloc(sizeof(*members) +
			  num * sizeof(members->all.index[0]),
			  GFP_KERNEL_ACCOUNT);
	if (members)
		members->all.num = num;
	return members;
}

/* One that is named again is no second member. */
static inline void vsw_members_add(struct vsw_members *members, u16 port)
{
	if (!__test_and_set_bit(port, members->has))
		members->all.index[members->left++] = port;
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
	kfree(vsw_group_members(group));
}

/* Take the members among the attributes; there are @num. */
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
			kfree(members);
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
 * Return: 0 or a negative errno; then nothing has changed.
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
		members = vsw_group_read(lookup, options, num, extack);
	if (IS_ERR(members))
		return PTR_ERR(members);
	if (via != VSW_TO_NONE && test_bit(via, members->has)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[VSW_GROUP_VIA] ?: options,
				    "\"via\" cannot be a member");
		if (members != old)
			kfree(members);
		return -EINVAL;
	}
	WRITE_ONCE(group->via, via);
	if (members != old) {
		rcu_assign_pointer(group->members, members);
		kfree_rcu(old, all.rcu);
	}
	return 0;
}

static inline int vsw_group_fill(const struct vsw_group_ports *group,
				 struct sk_buff *skb)
{
	const struct vsw_members *members = vsw_group_members(group);
	u32 i;

	for (i = 0; i < members->all.num; i++)
		if (members->all.index[i] != VSW_TO_NONE &&
		    nla_put_u32(skb, VSW_GROUP_PORTS, members->all.index[i]))
			return -EMSGSIZE;
	if (group->via == VSW_TO_NONE)
		return 0;
	return nla_put_u32(skb, VSW_GROUP_VIA, group->via);
}

/* A port has gone. Returns whether it was a member. */
static inline bool vsw_group_remove(struct vsw_group_ports *group, u16 port)
{
	struct vsw_members *members = vsw_group_members(group);
	u32 i;

	if (group->via == port)
		WRITE_ONCE(group->via, VSW_TO_NONE);
	if (!test_and_clear_bit(port, members->has))
		return false;
	WRITE_ONCE(members->left, members->left - 1);
	for (i = 0; i < members->all.num; i++)
		if (members->all.index[i] == port)
			WRITE_ONCE(members->all.index[i], VSW_TO_NONE);
	return true;
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

static noinline void vsw_group_nobody(struct vsw_batch *batch)
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		vsw_run_drop(run, VSW_GROUP_NO_MEMBER);
}

/**
 * vsw_group_enter() - begin with a batch
 * @group: the group
 * @batch: the batch
 *
 * Context: rcu_read_lock().
 * Return: the members, one of which shall get each frame; NULL if all frames
 * have their verdict, as they come from a member or there is none.
 */
static inline const struct vsw_members *
vsw_group_enter(const struct vsw_group_ports *group, struct vsw_batch *batch)
{
	const struct vsw_members *members = rcu_dereference(group->members);

	if (test_bit(batch->src->index, members->has)) {
		vsw_group_back(group, batch);
		return NULL;
	}
	if (unlikely(!READ_ONCE(members->left))) {
		vsw_group_nobody(batch);
		return NULL;
	}
	return members;
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
