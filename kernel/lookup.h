/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lookups: the switching logic, which anybody can write as a module
 *
 * The switch fetches frames from a port in batches, asks the lookup where they
 * go, and delivers them. A batch has runs: frames that follow each other and
 * have something in common, &enum vsw_grain says what. The lookup writes a
 * verdict into each run and is done.
 *
 * Documentation/networking/vsw-lookup.rst leads from an empty folder to a loaded
 * module.
 */
#ifndef _VSW_LOOKUP_H
#define _VSW_LOOKUP_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>
#include <net/netlink.h>

#include "pkt.h"
#include "vsw.h"

struct sk_buff;
struct vsw_lookup;

/* Loads the module that has a lookup when a switch asks for it. */
#define MODULE_ALIAS_VSW_LOOKUP(name)	MODULE_ALIAS("vsw-lookup-" name)

/* Most attributes, and most reasons to drop, that a lookup can have. */
#define VSW_LOOKUP_MAX_ATTRS	32
#define VSW_LOOKUP_MAX_REASONS	16

/**
 * enum vsw_port_event - what became of a port
 * @VSW_PORT_ADDED: it is on the switch from now on
 * @VSW_PORT_REMOVED: it is not any more; its index is not given to another
 *	before a grace period has passed
 */
enum vsw_port_event {
	VSW_PORT_ADDED,
	VSW_PORT_REMOVED,
};

/**
 * struct vsw_lookup_attr - an attribute of a lookup
 * @name: its name for people, as in "vswctl switch set s0 lookup flow ports p1"
 * @doc: one sentence about it
 * @type: enum vsw_attr_type
 * @flags: VSW_ATTR_FLAG_*
 * @min: least value of a number, unless @max is 0
 * @max: largest value of a number; 0: any. Most bytes of a string; 0: 255
 *
 * The attribute with index i of &vsw_lookup_ops.attrs has the number i + 1 in
 * netlink messages.
 */
struct vsw_lookup_attr {
	const char	*name;
	const char	*doc;
	u8		type;
	u8		flags;
	u32		min;
	u32		max;
};

/**
 * struct vsw_lookup_ops - a lookup, as its module describes it
 * @name: its name, shorter than VSW_NAME_SIZE
 * @doc: one sentence about it
 * @owner: THIS_MODULE
 * @priv_size: bytes of vsw_lookup_priv(), which are zero at first
 * @grain: what the frames of a run have in common
 * @flags: VSW_LOOKUP_*
 * @attrs: attributes that can be set, or are shown
 * @num_attrs: number of them
 * @reasons: names of the lookup's own reasons to drop; may be NULL
 * @num_reasons: number of them
 * @init: prepare the private memory. May sleep; &vsw_net.lock is held. Returns 0
 *	or a negative errno, and says by @extack why. May be NULL
 * @exit: undo @init. No batch is in @lookup any more. May sleep. May be NULL
 * @lookup: write the verdict of each run of a batch. Called under
 *	rcu_read_lock() in the context of the sender, by any number of senders at
 *	a time, and must not sleep. Runs without a verdict keep VSW_TO_NONE
 * @uncount: the last @frames frames of @run, on which the lookup has decided, are
 *	not to be counted: they stay with the sender, and come again. Called after
 *	@lookup, before rcu_read_unlock(). May be NULL
 * @configure: set attributes. @tb has those that are there by their number, each
 *	checked by its type; of those that are there several times it has the
 *	last, and @options has all. All or none of them must take effect. Called
 *	after @init and when somebody changes them. May sleep; &vsw_net.lock is
 *	held. Returns 0 or a negative errno, and names the attribute by @extack.
 *	May be NULL if @attrs has none that can be set
 * @fill: put attributes, as they are now, into a message, with their numbers.
 *	Returns 0 or -EMSGSIZE. May sleep; &vsw_net.lock is held. May be NULL
 * @port_event: a port came or goes. May sleep; &vsw_net.lock and vsw_lookups_lock
 *	are held. Not called for the ports that were there before @init. May be NULL
 * @node: in the list of lookups; the registry's
 * @instances: &vsw_lookup.node of those in use; the registry's
 * @num_instances: number of them that switches use; the registry's
 * @policy: what @attrs ask for; the registry's
 */
struct vsw_lookup_ops {
	const char			*name;
	const char			*doc;
	struct module			*owner;
	size_t				priv_size;
	enum vsw_grain			grain;
	u32				flags;
	const struct vsw_lookup_attr	*attrs;
	u32				num_attrs;
	const char *const		*reasons;
	u32				num_reasons;
	int	(*init)(struct vsw_lookup *lookup,
			struct netlink_ext_ack *extack);
	void	(*exit)(struct vsw_lookup *lookup);
	void	(*lookup)(struct vsw_lookup *lookup, struct vsw_batch *batch);
	void	(*uncount)(struct vsw_lookup *lookup, struct vsw_batch *batch,
			   const struct vsw_run *run, u32 frames);
	int	(*configure)(struct vsw_lookup *lookup, struct nlattr **tb,
			     const struct nlattr *options,
			     struct netlink_ext_ack *extack);
	int	(*fill)(struct vsw_lookup *lookup, struct sk_buff *skb);
	void	(*port_event)(struct vsw_lookup *lookup, u32 index,
			      enum vsw_port_event event);

	struct list_head		node;
	struct list_head		instances;
	u32				num_instances;
	struct nla_policy		*policy;
};

/**
 * struct vsw_lookup_drops - frames that a lookup has dropped, on one CPU
 * @frames: by the lookup's own reasons
 */
struct vsw_lookup_drops {
	u64	frames[VSW_LOOKUP_MAX_REASONS];
};

/**
 * struct vsw_lookup - a lookup in use by a switch
 * @lookup: &vsw_lookup_ops.lookup; like the next two, "learn" has another one
 *	where ports have VLANs
 * @grain: &vsw_lookup_ops.grain
 * @flags: &vsw_lookup_ops.flags
 * @sw: the switch
 * @ops: the lookup; that of one behind another can be taken away by force
 * @drops: what it has dropped for reasons of its own
 * @passed_on: @drops belongs to the one that has taken its place
 * @outer: the lookup that it is behind, or NULL
 * @nested: those that are behind it; under vsw_lookups_lock
 * @node: in &vsw_lookup_ops.instances
 * @sibling: in @nested of @outer
 * @free_work: frees it when no batch uses it any more
 * @priv: its private memory
 */
struct vsw_lookup {
	void	(*lookup)(struct vsw_lookup *lookup, struct vsw_batch *batch);
	enum vsw_grain			grain;
	u32				flags;
	struct vsw_switch		*sw;

	struct vsw_lookup_ops		*ops;
	struct vsw_lookup_drops __percpu *drops;
	bool				passed_on;
	struct vsw_lookup		*outer;
	struct list_head		nested;
	struct list_head		node;
	struct list_head		sibling;
	struct rcu_work			free_work;
	u8				priv[] __aligned(SMP_CACHE_BYTES);
};

/**
 * vsw_lookup_priv() - the private memory of a lookup
 * @lookup: the lookup
 *
 * Return: &vsw_lookup_ops.priv_size bytes, aligned to a cache line.
 */
static inline void *vsw_lookup_priv(struct vsw_lookup *lookup)
{
	return lookup->priv;
}

/**
 * vsw_lookup_memo() - what a lookup remembers of a batch
 * @lookup: the lookup
 * @batch: the batch
 *
 * So that &vsw_lookup_ops.uncount finds the counters that were used, also if they
 * have been replaced meanwhile. Of lookups that are behind the same one, those
 * that it asks about the same batch share it.
 *
 * Return: where to write a pointer, and to read it.
 */
static inline const void **vsw_lookup_memo(const struct vsw_lookup *lookup,
					   struct vsw_batch *batch)
{
	return &batch->memo[!!lookup->outer];
}

/**
 * vsw_for_each_run() - go through the runs of a batch
 * @run: struct vsw_run *
 * @batch: the batch
 */
#define vsw_for_each_run(run, batch) \
	for ((run) = (batch)->runs; \
	     (run) < &(batch)->runs[(batch)->num_runs]; (run)++)

/**
 * vsw_lookup_each() - a batch function for lookups that decide run by run
 * @lookup: the lookup
 * @batch: the batch
 * @verdict: the verdict for a run; inlined if the compiler sees it
 *
 * To be called by &vsw_lookup_ops.lookup.
 */
static __always_inline void
vsw_lookup_each(struct vsw_lookup *lookup, struct vsw_batch *batch,
		u16 (*verdict)(struct vsw_lookup *lookup,
			       struct vsw_batch *batch, struct vsw_run *run))
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		run->verdict = verdict(lookup, batch, run);
}

int vsw_lookup_nl_port(struct vsw_lookup *lookup, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

struct vsw_lookup *vsw_lookup_nest(struct vsw_lookup *lookup,
				   struct vsw_lookup *old,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack);
int vsw_lookup_fill_next(struct vsw_lookup *inner, struct sk_buff *skb,
			 int type);
void vsw_lookup_unnest(struct vsw_lookup *inner);
void vsw_lookup_ask(struct vsw_lookup *inner, struct vsw_batch *batch);

/**
 * vsw_lookup_uncount() - tell a lookup that frames are not to be counted
 * @lookup: the lookup, such as one from vsw_lookup_nest() that was asked
 * @batch: the batch
 * @run: one of its runs, with the verdict of @lookup
 * @frames: how many of its frames, the last ones
 *
 * Context: as &vsw_lookup_ops.uncount.
 */
static inline void vsw_lookup_uncount(struct vsw_lookup *lookup,
				      struct vsw_batch *batch,
				      const struct vsw_run *run, u32 frames)
{
	const struct vsw_lookup_ops *ops = READ_ONCE(lookup->ops);

	if (ops->uncount)
		ops->uncount(lookup, batch, run, frames);
}

/* Slots used of a ring that nobody has attached. */
#define VSW_FILL_NOBODY		U32_MAX

u32 vsw_port_fill(const struct vsw_switch *sw, u32 index, u32 ring);

int vsw_lookup_register(struct vsw_lookup_ops *ops);
void vsw_lookup_unregister(struct vsw_lookup_ops *ops);

/**
 * module_vsw_lookup() - all that a module needs which has one lookup
 * @ops: struct vsw_lookup_ops
 */
#define module_vsw_lookup(ops) \
	module_driver(ops, vsw_lookup_register, vsw_lookup_unregister)

#endif /* _VSW_LOOKUP_H */
