// SPDX-License-Identifier: GPL-2.0
/*
 * Lookups: who has registered one, and which switch uses which
 *
 * Registering and loading on demand are those of net/ipv4/tcp_cong.c. A lookup
 * in use is an object of its own, so that a switch can get another one while
 * frames pass: each batch takes the one that it finds, and uses it to its end.
 */

#include <linux/capability.h>
#include <linux/kmod.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "forward.h"
#include "registry.h"
#include "switch.h"
#include "trace.h"

#define VSW_ATTR_MAX_STRING	255

static const struct nla_policy vsw_next_policy[VSW_A_SWITCH_OPTIONS + 1] = {
	[VSW_A_SWITCH_LOOKUP]	= {
		.type	= NLA_NUL_STRING,
		.len	= VSW_NAME_SIZE - 1,
	},
	[VSW_A_SWITCH_OPTIONS]	= { .type = NLA_BINARY },
};

static LIST_HEAD(vsw_lookups);
/* Order: 2. Also protects vsw_switch.lookup. */
static DEFINE_MUTEX(vsw_lookups_lock);

/* For switches whose lookup was taken away by force: everything is dropped. */
static void vsw_lookup_nowhere(struct vsw_lookup *lookup,
			       struct vsw_batch *batch)
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		run->verdict = VSW_TO_NONE;
}

static struct vsw_lookup_ops vsw_lookup_none_ops = {
	.name	= "none",
	.lookup	= vsw_lookup_nowhere,
};

static struct vsw_lookup vsw_lookup_none = {
	.lookup	= vsw_lookup_nowhere,
	.ops	= &vsw_lookup_none_ops,
	.nested	= LIST_HEAD_INIT(vsw_lookup_none.nested),
};

/* A batch of a lookup by frame; runs are joined afterwards. */
static void vsw_lookup_by_frame(struct vsw_lookup *lookup,
				struct vsw_batch *batch)
{
	lookup->ops->lookup(lookup, batch);
	vsw_join_runs(batch);
}

static struct vsw_lookup_ops *vsw_lookup_find(const char *name)
{
	struct vsw_lookup_ops *ops;

	lockdep_assert_held(&vsw_lookups_lock);

	list_for_each_entry(ops, &vsw_lookups, node)
		if (!strcmp(ops->name, name))
			return ops;
	return NULL;
}

/* What netlink has to check of an attribute; @range is for numbers. */
static void vsw_attr_policy(const struct vsw_lookup_attr *attr,
			    struct netlink_range_validation *range,
			    struct nla_policy *to)
{
	const struct nla_policy by_type[] = {
		[VSW_ATTR_TYPE_U32]	= NLA_POLICY_FULL_RANGE(NLA_U32, range),
		[VSW_ATTR_TYPE_STRING]	= {
			.type	= NLA_NUL_STRING,
			.len	= attr->max ?: VSW_ATTR_MAX_STRING,
		},
		[VSW_ATTR_TYPE_PORT]	= { .type = NLA_U32 },
		[VSW_ATTR_TYPE_ADDRESS]	= NLA_POLICY_EXACT_LEN(ETH_ALEN),
		[VSW_ATTR_TYPE_LOOKUP]	= NLA_POLICY_NESTED(vsw_next_policy),
	}, reject = { .type = NLA_REJECT };

	range->min = attr->min;
	range->max = attr->max ?: U32_MAX;
	/* Some members are constant, so that it cannot be assigned. */
	memcpy(to, attr->flags & VSW_ATTR_FLAG_READ_ONLY ?
		   &reject : &by_type[attr->type], sizeof(*to));
}

/* Make a policy of what the lookup tells of its attributes. */
static struct nla_policy *vsw_lookup_policy(const struct vsw_lookup_ops *ops)
{
	struct netlink_range_validation *range;
	struct nla_policy *policy;
	u32 i;

	policy = kzalloc((ops->num_attrs + 1) * sizeof(*policy) +
			 ops->num_attrs * sizeof(*range), GFP_KERNEL);
	if (!policy)
		return NULL;
	range = (void *)&policy[ops->num_attrs + 1];
	for (i = 0; i < ops->num_attrs; i++)
		vsw_attr_policy(&ops->attrs[i], &range[i], &policy[i + 1]);
	return policy;
}

static bool vsw_lookup_is_valid(const struct vsw_lookup_ops *ops)
{
	u32 i;

	if (!ops->name || !ops->doc || !*ops->name || strlen(ops->name) >= VSW_NAME_SIZE ||
	    !strcmp(ops->name, vsw_lookup_none_ops.name) ||
	    !ops->lookup || ops->grain > VSW_BY_FRAME ||
	    ops->flags & ~VSW_LOOKUP_SNAPSHOT ||
	    (ops->flags & VSW_LOOKUP_SNAPSHOT && ops->grain != VSW_BY_FRAME) ||
	    ops->num_attrs > VSW_LOOKUP_MAX_ATTRS ||
	    ops->num_reasons > VSW_LOOKUP_MAX_REASONS)
		return false;
	for (i = 0; i < ops->num_attrs; i++) {
		const struct vsw_lookup_attr *attr = &ops->attrs[i];

		if (!attr->name || !attr->doc ||
		    attr->type > VSW_ATTR_TYPE_LOOKUP ||
		    (!(attr->flags & VSW_ATTR_FLAG_READ_ONLY) && !ops->configure))
			return false;
	}
	return true;
}

/**
 * vsw_lookup_register() - make a lookup available
 * @ops: the lookup
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL: something is missing, too long, or contradicts itself;
 * -EEXIST: the name is taken; -ENOMEM.
 */
int vsw_lookup_register(struct vsw_lookup_ops *ops)
{
	int err = 0;

	if (!vsw_lookup_is_valid(ops))
		return -EINVAL;
	ops->policy = vsw_lookup_policy(ops);
	if (!ops->policy)
		return -ENOMEM;

	mutex_lock(&vsw_lookups_lock);
	if (vsw_lookup_find(ops->name)) {
		err = -EEXIST;
	} else {
		INIT_LIST_HEAD(&ops->instances);
		ops->num_instances = 0;
		list_add_tail(&ops->node, &vsw_lookups);
	}
	mutex_unlock(&vsw_lookups_lock);
	if (err)
		kfree(ops->policy);
	return err;
}
EXPORT_SYMBOL_GPL(vsw_lookup_register);

static struct vsw_lookup *vsw_lookup_of(const struct vsw_switch *sw)
{
	return rcu_dereference_protected(sw->lookup,
					 lockdep_is_held(&vsw_lookups_lock) ||
					 lockdep_is_held(&vsw_net(sw->net)->lock));
}

/* Nobody uses the lookup any more. */
static void vsw_lookup_free(struct vsw_lookup *lookup)
{
	if (!lookup->passed_on)
		free_percpu(lookup->drops);
	kvfree(lookup);
}

/**
 * vsw_lookup_discard() - give a lookup up
 * @lookup: a lookup that no batch uses, or uses any more, and that was put nowhere
 *	or replaced
 *
 * Context: process context, may sleep.
 */
void vsw_lookup_discard(struct vsw_lookup *lookup)
{
	struct module *owner = lookup->ops->owner;

	if (lookup->ops->exit)
		lookup->ops->exit(lookup);
	vsw_lookup_free(lookup);
	module_put(owner);
}

static void vsw_lookup_free_work(struct work_struct *work)
{
	vsw_lookup_discard(container_of(to_rcu_work(work), struct vsw_lookup,
					free_work));
}

/* Give a switch another lookup; returns the old one, which batches may use. */
static struct vsw_lookup *vsw_lookup_replace(struct vsw_switch *sw,
					     struct vsw_lookup *new)
{
	struct vsw_lookup *old = vsw_lookup_of(sw);

	lockdep_assert_held(&vsw_lookups_lock);

	rcu_assign_pointer(sw->lookup, new);
	if (!old || old == &vsw_lookup_none)
		return NULL;
	list_del(&old->node);
	old->ops->num_instances--;
	return old;
}

/* No batch comes to a lookup any more, whose module is removed by force. */
static void vsw_lookup_disarm(struct vsw_lookup *lookup)
{
	if (lookup->outer) {
		WRITE_ONCE(lookup->lookup, vsw_lookup_nowhere);
		WRITE_ONCE(lookup->ops, &vsw_lookup_none_ops);
	} else {
		rcu_assign_pointer(lookup->sw->lookup, &vsw_lookup_none);
	}
}

/*
 * Take the instances of a lookup away from those who use them. Those behind
 * another lookup stay that one's, as something that drops all. The others go to
 * @orphans: in their exit they may give up such as are behind them, which needs
 * the lock.
 */
static void vsw_lookup_disarm_all(struct vsw_lookup_ops *ops,
				  struct list_head *orphans)
{
	struct vsw_lookup *lookup, *next;

	lockdep_assert_held(&vsw_lookups_lock);

	if (list_empty(&ops->instances))
		return;
	list_for_each_entry(lookup, &ops->instances, node)
		vsw_lookup_disarm(lookup);
	synchronize_rcu();
	list_for_each_entry_safe(lookup, next, &ops->instances, node) {
		if (!lookup->outer) {
			list_move_tail(&lookup->node, orphans);
			continue;
		}
		list_del_init(&lookup->node);
		if (ops->exit)
			ops->exit(lookup);
	}
}

/**
 * vsw_lookup_unregister() - make a lookup unavailable
 * @ops: the lookup
 *
 * Who uses it holds its module, so nobody does, unless the module is removed by
 * force. Then switches drop all frames until they get another lookup, and so do
 * lookups that have it behind them.
 *
 * Context: process context, may sleep.
 */
void vsw_lookup_unregister(struct vsw_lookup_ops *ops)
{
	struct vsw_lookup *lookup, *next;
	LIST_HEAD(orphans);

	mutex_lock(&vsw_lookups_lock);
	list_del(&ops->node);
	vsw_lookup_disarm_all(ops, &orphans);
	mutex_unlock(&vsw_lookups_lock);
	list_for_each_entry_safe(lookup, next, &orphans, node) {
		if (ops->exit)
			ops->exit(lookup);
		vsw_lookup_free(lookup);
	}
	/* Those that were replaced before are freed by their work. */
	rcu_barrier();
	flush_workqueue(vsw_wq);
	kfree(ops->policy);
}
EXPORT_SYMBOL_GPL(vsw_lookup_unregister);

/* Take a lookup that is registered. */
static struct vsw_lookup_ops *vsw_lookup_try_get(const char *name)
{
	struct vsw_lookup_ops *ops;

	mutex_lock(&vsw_lookups_lock);
	ops = vsw_lookup_find(name);
	if (ops && !try_module_get(ops->owner))
		ops = NULL;
	mutex_unlock(&vsw_lookups_lock);
	return ops;
}

/* Take a lookup; load its module if the caller may have that done. */
static struct vsw_lookup_ops *vsw_lookup_get(const char *name)
{
	struct vsw_lookup_ops *ops = vsw_lookup_try_get(name);

	if (ops || !capable(CAP_NET_ADMIN))
		return ops;
	request_module("vsw-lookup-%s", name);
	return vsw_lookup_try_get(name);
}

static struct vsw_lookup *vsw_lookup_alloc(struct vsw_lookup_ops *ops,
					   struct vsw_switch *sw,
					   struct vsw_lookup *outer)
{
	struct vsw_lookup *lookup;

	lookup = kvzalloc(sizeof(*lookup) + ops->priv_size, GFP_KERNEL_ACCOUNT);
	if (!lookup)
		return NULL;
	lookup->drops = alloc_percpu_gfp(struct vsw_lookup_drops,
					 GFP_KERNEL_ACCOUNT);
	if (!lookup->drops) {
		kvfree(lookup);
		return NULL;
	}
	/* The one in front joins runs when it is done. */
	lookup->lookup = ops->grain == VSW_BY_FRAME && !outer ?
			 vsw_lookup_by_frame : ops->lookup;
	lookup->grain = ops->grain;
	lookup->flags = ops->flags;
	lookup->sw = sw;
	lookup->ops = ops;
	lookup->outer = outer;
	INIT_LIST_HEAD(&lookup->nested);
	INIT_RCU_WORK(&lookup->free_work, vsw_lookup_free_work);
	return lookup;
}

/* Have a lookup take attributes. */
static int vsw_lookup_configure(struct vsw_lookup *lookup,
				const struct nlattr *options,
				struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSW_LOOKUP_MAX_ATTRS + 1];
	const struct vsw_lookup_ops *ops = lookup->ops;
	int err;

	if (!options)
		return 0;
	if (!ops->configure) {
		NL_SET_ERR_MSG_ATTR(extack, options,
				    "this lookup has no attributes to set");
		return -EINVAL;
	}
	err = nla_parse(tb, ops->num_attrs, nla_data(options),
			nla_len(options), ops->policy, extack);
	return err ?: ops->configure(lookup, tb, options, extack);
}

/* Make a lookup ready for use by a switch, or by the lookup @outer. */
static struct vsw_lookup *vsw_lookup_create(struct vsw_switch *sw,
					    struct vsw_lookup *outer,
					    const char *name,
					    const struct nlattr *options,
					    struct netlink_ext_ack *extack)
{
	struct vsw_lookup_ops *ops = vsw_lookup_get(name);
	struct vsw_lookup *lookup;
	int err = -ENOMEM;

	if (!ops) {
		NL_SET_ERR_MSG(extack, "no such lookup");
		return ERR_PTR(-ENOENT);
	}
	lookup = vsw_lookup_alloc(ops, sw, outer);
	if (!lookup)
		goto err_put;
	err = ops->init ? ops->init(lookup, extack) : 0;
	if (err)
		goto err_free;
	err = vsw_lookup_configure(lookup, options, extack);
	if (err)
		goto err_exit;
	return lookup;

err_exit:
	if (ops->exit)
		ops->exit(lookup);
err_free:
	vsw_lookup_free(lookup);
err_put:
	module_put(ops->owner);
	return ERR_PTR(err);
}

/* The caller has made sure that no batch begins any more, or sees the new one. */
static void vsw_lookup_release(struct vsw_lookup *old)
{
	if (old)
		queue_rcu_work(vsw_wq, &old->free_work);
}

/* Put a lookup that is ready in the place of that which a switch has. */
static void vsw_lookup_install(struct vsw_switch *sw, struct vsw_lookup *lookup)
{
	mutex_lock(&vsw_lookups_lock);
	list_add_tail(&lookup->node, &lookup->ops->instances);
	lookup->ops->num_instances++;
	vsw_lookup_release(vsw_lookup_replace(sw, lookup));
	mutex_unlock(&vsw_lookups_lock);
}

/**
 * vsw_lookup_set() - give a switch a lookup, or its lookup attributes
 * @sw: the switch
 * @name: name of the lookup, or NULL for the one that it has
 * @options: attributes of the lookup, or NULL
 * @extack: for the reason of an error
 *
 * Frames that pass meanwhile go by either the old or the new lookup. The FDB is
 * the switch's, and stays.
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 * Return: 0; -ENOENT: there is no such lookup; -ENOMEM; the errors of
 * &vsw_lookup_ops.init and &vsw_lookup_ops.configure. On an error nothing has
 * changed.
 */
int vsw_lookup_set(struct vsw_switch *sw, const char *name,
		   const struct nlattr *options, struct netlink_ext_ack *extack)
{
	struct vsw_lookup *lookup = vsw_lookup_of(sw);

	if (!name || (lookup && !strcmp(lookup->ops->name, name)))
		return vsw_lookup_configure(lookup, options, extack);

	lookup = vsw_lookup_create(sw, NULL, name, options, extack);
	if (IS_ERR(lookup))
		return PTR_ERR(lookup);
	vsw_lookup_install(sw, lookup);
	return 0;
}

/**
 * vsw_lookup_remake() - make a lookup of the kind that a switch has
 * @sw: the switch; what its ports are may be other than it was
 * @extack: for the reason of an error
 *
 * Its attributes are what they are at first.
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 * Return: the lookup, for vsw_lookup_swap() or vsw_lookup_discard(); or an
 * ERR_PTR() as for vsw_lookup_set().
 */
struct vsw_lookup *vsw_lookup_remake(struct vsw_switch *sw,
				     struct netlink_ext_ack *extack)
{
	return vsw_lookup_create(sw, NULL, vsw_lookup_of(sw)->ops->name, NULL,
				 extack);
}

/**
 * vsw_lookup_swap() - put a remade lookup in place
 * @sw: the switch
 * @lookup: from vsw_lookup_remake(); it goes on counting where the other was
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 */
void vsw_lookup_swap(struct vsw_switch *sw, struct vsw_lookup *lookup)
{
	struct vsw_lookup *old = vsw_lookup_of(sw);

	free_percpu(lookup->drops);
	lookup->drops = old->drops;
	old->passed_on = true;
	vsw_lookup_install(sw, lookup);
}

/**
 * vsw_lookup_clear() - take the lookup of a switch that has no ports any more
 * @sw: the switch
 *
 * Context: process context, may sleep.
 */
void vsw_lookup_clear(struct vsw_switch *sw)
{
	mutex_lock(&vsw_lookups_lock);
	vsw_lookup_release(vsw_lookup_replace(sw, &vsw_lookup_none));
	mutex_unlock(&vsw_lookups_lock);
}

/**
 * vsw_lookup_port_event() - tell the lookup of a switch about a port
 * @sw: the switch
 * @index: index of the port
 * @event: what has happened
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 */
void vsw_lookup_port_event(struct vsw_switch *sw, u32 index,
			   enum vsw_port_event event)
{
	struct vsw_lookup *lookup, *inner;

	/* Also against removal by force. */
	mutex_lock(&vsw_lookups_lock);
	lookup = vsw_lookup_of(sw);
	if (lookup->ops->port_event)
		lookup->ops->port_event(lookup, index, event);
	list_for_each_entry(inner, &lookup->nested, sibling)
		if (inner->ops->port_event)
			inner->ops->port_event(inner, index, event);
	mutex_unlock(&vsw_lookups_lock);
}

/* Whether frames as @lookup sees them are what @inner needs. */
static bool vsw_lookup_can_nest(const struct vsw_lookup *lookup,
				const struct vsw_lookup *inner)
{
	static const u8 fineness[] = {
		[VSW_BY_BATCH] = 0, [VSW_BY_ADDRESS] = 1, [VSW_BY_FRAME] = 2,
	};

	return fineness[inner->grain] <= fineness[lookup->grain] &&
	       !(inner->flags & ~lookup->flags);
}

/* Make a lookup that is behind another one. */
static struct vsw_lookup *vsw_lookup_nest_new(struct vsw_lookup *lookup,
					      const char *name,
					      const struct nlattr *options,
					      struct netlink_ext_ack *extack)
{
	struct vsw_lookup *inner;

	if (lookup->outer) {
		NL_SET_ERR_MSG(extack,
			       "this lookup cannot be behind another one");
		return ERR_PTR(-ELOOP);
	}
	inner = vsw_lookup_create(lookup->sw, lookup, name, options, extack);
	/* That would be about the name of the one in front. */
	if (inner == ERR_PTR(-ENOENT))
		return ERR_PTR(-EINVAL);
	if (IS_ERR(inner))
		return inner;
	mutex_lock(&vsw_lookups_lock);
	list_add_tail(&inner->node, &inner->ops->instances);
	list_add_tail(&inner->sibling, &lookup->nested);
	mutex_unlock(&vsw_lookups_lock);
	if (vsw_lookup_can_nest(lookup, inner))
		return inner;
	vsw_lookup_unnest(inner);
	NL_SET_ERR_MSG(extack, "this lookup needs to see more of frames");
	return ERR_PTR(-EINVAL);
}

/**
 * vsw_lookup_nest() - have a lookup behind another one
 * @lookup: the one in front, which asks it by vsw_lookup_ask()
 * @old: the one that is behind it now, or NULL
 * @attr: attribute of the type VSW_ATTR_TYPE_LOOKUP that names it, and has
 *	attributes of it; NULL: @old as it is, or VSW_DEF_LOOKUP
 * @extack: for the reason of an error
 *
 * It learns of ports that come and go, and what it drops for reasons of its own
 * is shown with that of the switch. Its module is held; if that is removed by
 * force, it drops all frames. There is no third one behind it.
 *
 * If @attr names the one that is there, that gets the attributes: so let this be
 * the last step of a change that can fail.
 *
 * Context: process context, may sleep; &vsw_net.lock is held. To be called from
 * &vsw_lookup_ops.init and &vsw_lookup_ops.configure.
 * Return: the lookup, which is @old or, when @old is not asked any more, to be put
 * in its place; or an ERR_PTR(): -EINVAL: there is none with this name, or it
 * needs to see smaller runs than @lookup, or a snapshot; -ELOOP: @lookup is itself
 * behind another one; -ENOMEM; the errors of &vsw_lookup_ops.init and
 * &vsw_lookup_ops.configure.
 */
struct vsw_lookup *vsw_lookup_nest(struct vsw_lookup *lookup,
				   struct vsw_lookup *old,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSW_A_SWITCH_OPTIONS + 1] = {};
	const char *name = old ? old->ops->name : VSW_DEF_LOOKUP;
	struct vsw_lookup *inner;
	int err;

	err = attr ? nla_parse_nested(tb, VSW_A_SWITCH_OPTIONS, attr,
				      vsw_next_policy, extack) : 0;
	if (err)
		return ERR_PTR(err);
	if (tb[VSW_A_SWITCH_LOOKUP])
		name = nla_data(tb[VSW_A_SWITCH_LOOKUP]);
	if (old && !strcmp(name, old->ops->name)) {
		err = vsw_lookup_configure(old, tb[VSW_A_SWITCH_OPTIONS],
					   extack);
		inner = err ? ERR_PTR(err) : old;
	} else {
		inner = vsw_lookup_nest_new(lookup, name,
					    tb[VSW_A_SWITCH_OPTIONS], extack);
	}
	if (IS_ERR(inner) && attr && !extack->bad_attr)
		NL_SET_BAD_ATTR(extack, attr);
	return inner;
}
EXPORT_SYMBOL_GPL(vsw_lookup_nest);

/**
 * vsw_lookup_unnest() - give up a lookup from vsw_lookup_nest()
 * @inner: the lookup; batches that have begun may still ask it
 *
 * Context: process context, may sleep; &vsw_net.lock is held, or it is called
 * from &vsw_lookup_ops.exit.
 */
void vsw_lookup_unnest(struct vsw_lookup *inner)
{
	mutex_lock(&vsw_lookups_lock);
	list_del(&inner->node);
	list_del(&inner->sibling);
	vsw_lookup_release(inner);
	mutex_unlock(&vsw_lookups_lock);
}
EXPORT_SYMBOL_GPL(vsw_lookup_unnest);

/* Count what a lookup has dropped that is behind another one. */
static void vsw_lookup_count_drop(struct vsw_lookup *inner,
				  const struct vsw_lookup_ops *ops,
				  const struct vsw_batch *batch,
				  const struct vsw_run *run)
{
	if (run->reason > ops->num_reasons)
		return;
	this_cpu_add(inner->drops->frames[run->reason - 1], run->frames);
	trace_vsw_lookup_drop(batch->src, ops->name,
			      ops->reasons[run->reason - 1], run->frames);
}

/**
 * vsw_lookup_ask() - have a lookup from vsw_lookup_nest() decide
 * @inner: the lookup
 * @batch: frames; at least one run. If @inner is not by frame, runs of single
 *	frames may be joined to runs of frames with the same addresses, mark and
 *	VLAN
 *
 * The one in front may change the verdicts, take runs out before and put others
 * in behind; it must not change the order of those that are delivered. Frames
 * that it sends elsewhere by &vsw_run.mark are seen by @inner, and not counted.
 *
 * Context: as &vsw_lookup_ops.lookup.
 */
void vsw_lookup_ask(struct vsw_lookup *inner, struct vsw_batch *batch)
{
	const struct vsw_lookup_ops *ops = READ_ONCE(inner->ops);
	void (*lookup)(struct vsw_lookup *lookup, struct vsw_batch *batch);
	struct vsw_run *run;

	lookup = READ_ONCE(inner->lookup);
	lookup(inner, batch);
	vsw_for_each_run(run, batch) {
		if (run->verdict == VSW_TO_NONE && run->reason) {
			vsw_lookup_count_drop(inner, ops, batch, run);
			/* Not to be taken for one of the lookup in front. */
			run->reason = 0;
		} else if (unlikely(run->mark)) {
			vsw_lookup_uncount(inner, batch, run, run->frames);
			run->verdict = run->mark - 1;
		}
	}
}
EXPORT_SYMBOL_GPL(vsw_lookup_ask);

/**
 * vsw_lookup_nl_port() - the index of a port in an attribute of that type
 * @lookup: the lookup
 * @attr: the attribute
 * @extack: names the attribute if there is no such port
 *
 * Context: &vsw_net.lock of the switch is held.
 * Return: the index, or -ENODEV.
 */
int vsw_lookup_nl_port(struct vsw_lookup *lookup, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	u32 index = nla_get_u32(attr);
	struct vsw_port *port;

	rcu_read_lock();
	port = vsw_switch_port(lookup->sw, index);
	rcu_read_unlock();
	if (port)
		return index;
	NL_SET_ERR_MSG_ATTR(extack, attr, "no port with this index");
	return -ENODEV;
}
EXPORT_SYMBOL_GPL(vsw_lookup_nl_port);

/* How many frames a lookup has dropped for one of its reasons. */
static u64 vsw_lookup_dropped(const struct vsw_lookup *lookup, u32 reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(lookup->drops,
					     cpu)->frames[reason]);
	return sum;
}

static int vsw_lookup_fill_drop(struct sk_buff *skb,
				const struct vsw_lookup *lookup, u32 reason)
{
	struct nlattr *nest = nla_nest_start(skb, VSW_A_SWITCH_REASON);

	if (!nest ||
	    nla_put_string(skb, VSW_A_REASON_NAME,
			   lookup->ops->reasons[reason]) ||
	    nla_put_uint(skb, VSW_A_REASON_FRAMES,
			 vsw_lookup_dropped(lookup, reason)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/*
 * Put the attributes of a lookup into a message, of which they are the last. A
 * message that has nothing else before it cannot become shorter: then they are
 * left out.
 */
static int vsw_lookup_fill_options(struct sk_buff *skb,
				   struct vsw_lookup *lookup, bool alone)
{
	struct nlattr *nest;

	if (!lookup->ops->fill)
		return 0;
	/* Not flagged as nested: only the lookup knows what is in it. */
	nest = nla_nest_start_noflag(skb, VSW_A_SWITCH_OPTIONS);
	if (nest && !lookup->ops->fill(lookup, skb)) {
		nla_nest_end(skb, nest);
		return 0;
	}
	if (nest)
		nla_nest_cancel(skb, nest);
	return alone ? 0 : -EMSGSIZE;
}

/**
 * vsw_lookup_fill_next() - put a lookup from vsw_lookup_nest() into a message
 * @inner: the lookup
 * @skb: the message
 * @type: number of the attribute
 *
 * Context: as &vsw_lookup_ops.fill.
 * Return: 0 or -EMSGSIZE.
 */
int vsw_lookup_fill_next(struct vsw_lookup *inner, struct sk_buff *skb,
			 int type)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    nla_put_string(skb, VSW_A_SWITCH_LOOKUP, inner->ops->name) ||
	    vsw_lookup_fill_options(skb, inner, false))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
EXPORT_SYMBOL_GPL(vsw_lookup_fill_next);

static int vsw_lookup_fill_drops(struct sk_buff *skb,
				 const struct vsw_lookup *lookup)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < lookup->ops->num_reasons; i++)
		err = vsw_lookup_fill_drop(skb, lookup, i);
	return err;
}

/**
 * vsw_lookup_is_behind() - is a lookup behind that of a switch?
 * @sw: the switch
 * @ops: the lookup
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 * Return: whether it is.
 */
bool vsw_lookup_is_behind(struct vsw_switch *sw,
			  const struct vsw_lookup_ops *ops)
{
	const struct vsw_lookup *inner;
	bool found = false;

	mutex_lock(&vsw_lookups_lock);
	list_for_each_entry(inner, &vsw_lookup_of(sw)->nested, sibling)
		found = found || inner->ops == ops;
	mutex_unlock(&vsw_lookups_lock);
	return found;
}

/**
 * vsw_lookup_fill() - put the lookup of a switch into a message, at its end
 * @sw: the switch
 * @skb: the message
 * @alone: nothing is before it in @skb
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 * Return: 0 or -EMSGSIZE.
 */
int vsw_lookup_fill(struct vsw_switch *sw, struct sk_buff *skb, bool alone)
{
	const struct vsw_lookup *inner;
	struct vsw_lookup *lookup;
	int err;

	/* Also against removal by force. */
	mutex_lock(&vsw_lookups_lock);
	lookup = vsw_lookup_of(sw);
	err = nla_put_string(skb, VSW_A_SWITCH_LOOKUP, lookup->ops->name);
	err = err ?: vsw_lookup_fill_drops(skb, lookup);
	list_for_each_entry(inner, &lookup->nested, sibling)
		err = err ?: vsw_lookup_fill_drops(skb, inner);
	err = err ?: vsw_lookup_fill_options(skb, lookup, alone);
	mutex_unlock(&vsw_lookups_lock);
	return err;
}

/**
 * vsw_lookup_call() - call a function for one lookup
 * @name: its name; it is loaded if the caller may have that done
 * @fn: the function
 * @arg: for @fn
 *
 * Context: process context, may sleep.
 * Return: the result of @fn, or -ENOENT: there is no such lookup.
 */
int vsw_lookup_call(const char *name,
		    int (*fn)(const struct vsw_lookup_ops *ops, void *arg),
		    void *arg)
{
	struct vsw_lookup_ops *ops = vsw_lookup_get(name);
	int err;

	if (!ops)
		return -ENOENT;
	mutex_lock(&vsw_lookups_lock);
	err = fn(ops, arg);
	mutex_unlock(&vsw_lookups_lock);
	module_put(ops->owner);
	return err;
}

/**
 * vsw_lookup_walk() - call a function for each lookup
 * @fn: the function; an error ends the walk
 * @arg: for @fn
 * @pos: number of lookups to pass over; moved on by those that were done
 *
 * Context: process context, may sleep.
 * Return: 0 or the error of @fn.
 */
int vsw_lookup_walk(int (*fn)(const struct vsw_lookup_ops *ops, void *arg),
		    void *arg, u32 *pos)
{
	struct vsw_lookup_ops *ops;
	u32 i = 0;
	int err = 0;

	mutex_lock(&vsw_lookups_lock);
	list_for_each_entry(ops, &vsw_lookups, node) {
		if (i++ < *pos)
			continue;
		err = fn(ops, arg);
		if (err)
			break;
		(*pos)++;
	}
	mutex_unlock(&vsw_lookups_lock);
	return err;
}
