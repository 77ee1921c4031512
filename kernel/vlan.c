// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of ports on the control path
 *
 * What a port carries is never changed but replaced, so that a batch sees one
 * state. Whether any port of a switch has VLANs decides how "learn" looks at
 * frames: with the first and the last one the switch gets another instance of it,
 * unless it is behind another lookup, where one can do both.
 */

#include <linux/err.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "lookup/learn.h"
#include "port.h"
#include "switch.h"
#include "vlan.h"

/* Whether the lookup of the switch has to become another one; or why it cannot. */
static int vsw_vlan_needs_lookup(struct vsw_switch *sw,
				 struct netlink_ext_ack *extack)
{
	const struct vsw_lookup *lookup;

	lookup = rcu_dereference_protected(sw->lookup,
					   lockdep_is_held(&vsw_net(sw->net)->lock));
	if (lookup->ops == &vsw_lookup_learn)
		return (sw->num_vlan_ports > 0) !=
		       (lookup->lookup == vsw_learn_vlan);
	if (!sw->num_vlan_ports || lookup->flags & VSW_LOOKUP_SNAPSHOT ||
	    !vsw_lookup_is_behind(sw, &vsw_lookup_learn))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "learn is behind a lookup that does not copy headers, as VLANs need it");
	return -EOPNOTSUPP;
}

/**
 * vsw_vlan_prepare() - do what can fail of a change of a port's VLANs
 * @change: out: for vsw_vlan_commit(), vsw_vlan_finish() or vsw_vlan_abort()
 * @sw: the switch
 * @old: what the port has had, or NULL
 * @vlans: what it gets, or NULL; the port's own from the commit on
 * @extack: for the reason of an error
 *
 * Context: process context, may sleep; &vsw_net.lock is held until the end of
 * the change.
 * Return: 0; -EOPNOTSUPP: the lookup cannot have it; -ENOMEM. On an error there
 * is nothing to abort, and @vlans is the caller's.
 */
int vsw_vlan_prepare(struct vsw_vlan_change *change, struct vsw_switch *sw,
		     struct vsw_vlans *old, struct vsw_vlans *vlans,
		     struct netlink_ext_ack *extack)
{
	const bool had_any = sw->num_vlan_ports;
	struct vsw_lookup *lookup = NULL;
	int err;

	sw->num_vlan_ports += !!vlans - !!old;
	err = vsw_vlan_needs_lookup(sw, extack);
	if (err > 0) {
		lookup = vsw_lookup_remake(sw, extack);
		err = PTR_ERR_OR_ZERO(lookup);
	}
	if (err) {
		sw->num_vlan_ports -= !!vlans - !!old;
		return err;
	}
	*change = (struct vsw_vlan_change) {
		.sw = sw, .old = old, .vlans = vlans, .lookup = lookup,
		.turns = had_any != !!sw->num_vlan_ports,
	};
	return 0;
}

/**
 * vsw_vlan_abort() - leave the VLANs of a port as they were
 * @change: from vsw_vlan_prepare(), or all zero
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 */
void vsw_vlan_abort(struct vsw_vlan_change *change)
{
	if (!change->sw)
		return;
	change->sw->num_vlan_ports -= !!change->vlans - !!change->old;
	if (change->lookup)
		vsw_lookup_discard(change->lookup);
	kfree(change->vlans);
}

/* Forget what was learned of a port, or of all. */
static void vsw_vlan_flush(struct vsw_switch *sw, u32 index)
{
	/* Who has begun before the change may still learn. */
	if (!list_empty(&sw->active))
		synchronize_rcu();
	vsw_fdb_flush(&sw->fdb, index, false, true);
	/* Also what was not found there. */
	vsw_fdb_forget_memos(&sw->fdb);
}

/**
 * vsw_vlan_finish() - a port has come, or gone, whose VLANs the switch shall know
 * @change: from vsw_vlan_prepare(), or all zero
 *
 * Context: process context, may sleep; &vsw_net.lock is held, and not
 * &vsw_port.lock.
 */
void vsw_vlan_finish(struct vsw_vlan_change *change)
{
	if (change->lookup)
		vsw_lookup_swap(change->sw, change->lookup);
	else if (!change->turns)
		return;
	WRITE_ONCE(change->sw->by_vlan, change->sw->num_vlan_ports);
	vsw_vlan_flush(change->sw, VSW_FDB_ANY_PORT);
}

/**
 * vsw_vlan_commit() - change the VLANs of a port that is on its switch
 * @change: from vsw_vlan_prepare(), or all zero
 * @port: the port
 *
 * Context: process context, may sleep; &vsw_net.lock is held, and not
 * &vsw_port.lock.
 */
void vsw_vlan_commit(struct vsw_vlan_change *change, struct vsw_port *port)
{
	if (!change->sw)
		return;
	mutex_lock(&port->lock);
	rcu_assign_pointer(port->vlans, change->vlans);
	mutex_unlock(&port->lock);
	if (change->lookup || change->turns)
		vsw_vlan_finish(change);
	else
		vsw_vlan_flush(change->sw, port->index);
	if (change->old)
		kfree_rcu(change->old, rcu);
}

/**
 * vsw_vlan_forget() - a port has gone: do not count its VLANs any more
 * @port: the port
 *
 * Without memory for another lookup the switch keeps the one that looks at VLANs,
 * and all its ports are in the same one.
 *
 * Context: process context, may sleep; &vsw_net.lock is held, and not
 * &vsw_port.lock.
 */
void vsw_vlan_forget(struct vsw_port *port)
{
	struct vsw_net *vn = vsw_net(port->sw->net);
	struct vsw_vlan_change change = {};
	struct vsw_vlans *vlans;

	vlans = rcu_dereference_protected(port->vlans,
					  lockdep_is_held(&vn->lock));
	if (!vlans)
		return;
	if (vsw_vlan_prepare(&change, port->sw, vlans, NULL, NULL))
		port->sw->num_vlan_ports--;
	vsw_vlan_finish(&change);
}
