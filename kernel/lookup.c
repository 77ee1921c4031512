// SPDX-License-Identifier: GPL-2.0
/* The registry of lookups, after net/ipv4/tcp_cong.c */

#include <linux/mutex.h>
#include <linux/string.h>

#include "lookup.h"

static LIST_HEAD(vsw_lookups);
static DEFINE_MUTEX(vsw_lookups_lock);

static struct vsw_lookup_ops *vsw_lookup_find(const char *name)
{
	struct vsw_lookup_ops *ops;

	lockdep_assert_held(&vsw_lookups_lock);

	list_for_each_entry(ops, &vsw_lookups, node)
		if (!strcmp(ops->name, name))
			return ops;
	return NULL;
}

/**
 * vsw_lookup_register() - make a lookup available
 * @ops: the lookup
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL: something is missing or the name is too long; -EEXIST:
 * the name is taken.
 */
int vsw_lookup_register(struct vsw_lookup_ops *ops)
{
	int err = 0;

	if (!ops->name || !ops->lookup || strlen(ops->name) >= VSW_NAME_SIZE)
		return -EINVAL;

	mutex_lock(&vsw_lookups_lock);
	if (vsw_lookup_find(ops->name)) {
		err = -EEXIST;
	} else {
		atomic_set(&ops->switches, 0);
		list_add_tail(&ops->node, &vsw_lookups);
	}
	mutex_unlock(&vsw_lookups_lock);
	return err;
}

/**
 * vsw_lookup_unregister() - make a lookup unavailable
 * @ops: the lookup; no switch uses it, as each would hold its module
 *
 * Context: process context, may sleep.
 */
void vsw_lookup_unregister(struct vsw_lookup_ops *ops)
{
	mutex_lock(&vsw_lookups_lock);
	list_del(&ops->node);
	mutex_unlock(&vsw_lookups_lock);
}

/**
 * vsw_lookup_get() - take a lookup for a switch
 * @name: its name
 *
 * Context: process context, may sleep.
 * Return: the lookup, or NULL if it is not available.
 */
struct vsw_lookup_ops *vsw_lookup_get(const char *name)
{
	struct vsw_lookup_ops *ops;

	mutex_lock(&vsw_lookups_lock);
	ops = vsw_lookup_find(name);
	if (ops && !try_module_get(ops->owner))
		ops = NULL;
	if (ops)
		atomic_inc(&ops->switches);
	mutex_unlock(&vsw_lookups_lock);
	return ops;
}

/**
 * vsw_lookup_put() - give a lookup back
 * @ops: the lookup
 */
void vsw_lookup_put(struct vsw_lookup_ops *ops)
{
	atomic_dec(&ops->switches);
	module_put(ops->owner);
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
