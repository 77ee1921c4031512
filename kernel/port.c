// SPDX-License-Identifier: GPL-2.0
/* Ports of any kind: life and names */

#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "netlink.h"
#include "port.h"
#include "registry.h"
#include "switch.h"
#include "trace.h"
#include "vlan.h"

static int vsw_port_cmp(const void *name, const struct rb_node *node)
{
	return strcmp(name, rb_entry(node, struct vsw_port, name_node)->name);
}

static bool vsw_port_less(struct rb_node *a, const struct rb_node *b)
{
	return vsw_port_cmp(rb_entry(a, struct vsw_port, name_node)->name,
			    b) < 0;
}

static struct vsw_port *vsw_port_find_owned(struct vsw_net *vn,
					    const char *name)
{
	struct rb_node *node;

	lockdep_assert_held(&vn->names_lock);

	node = rb_find(name, &vn->port_names, vsw_port_cmp);
	return rb_entry_safe(node, struct vsw_port, name_node);
}

/**
 * vsw_port_get_owned() - find a port that a namespace owns
 * @vn: the namespace
 * @name: name of the port
 *
 * Context: process context, may sleep.
 * Return: the port, to be given back with vsw_port_put(), or NULL. It may be
 * gone meanwhile: look at &vsw_port.gone under &vsw_port.lock.
 */
struct vsw_port *vsw_port_get_owned(struct vsw_net *vn, const char *name)
{
	struct vsw_port *port;

	mutex_lock(&vn->names_lock);
	port = vsw_port_find_owned(vn, name);
	if (port)
		refcount_inc(&port->refs);
	mutex_unlock(&vn->names_lock);
	return port;
}

/**
 * vsw_port_put() - drop a reference
 * @port: the port; is freed with the last one
 */
void vsw_port_put(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;

	if (!refcount_dec_and_test(&port->refs))
		return;
	kfree(rcu_access_pointer(port->vlans));
	port->ops->free(port);
	vsw_switch_put(sw);
}

/* No frame can have found the port any more: its index may mean another. */
static void vsw_port_free_work(struct work_struct *work)
{
	struct vsw_port *port = container_of(to_rcu_work(work),
					     struct vsw_port, free_work);

	ida_free(&port->sw->indices, port->index);
	vsw_port_put(port);
}

static struct vsw_port_table *vsw_port_table(struct vsw_switch *sw)
{
	return rcu_dereference_protected(sw->table,
			lockdep_is_held(&vsw_net(sw->net)->lock));
}

/* Take an index that is free, and make the table large enough for it. */
static int vsw_port_index(struct vsw_switch *sw, struct netlink_ext_ack *extack)
{
	struct vsw_port_table *old = vsw_port_table(sw), *new;
	int index;

	index = ida_alloc_max(&sw->indices, VSW_MAX_PORTS - 1, GFP_KERNEL);
	if (index == -ENOSPC)
		NL_SET_ERR_MSG_FMT(extack, "a switch has at most %u ports",
				   VSW_MAX_PORTS);
	if (index < 0 || index < old->size)
		return index;

	new = vsw_port_table_alloc(2 * old->size);
	if (!new) {
		ida_free(&sw->indices, index);
		return -ENOMEM;
	}
	memcpy(new->port, old->port, old->size * sizeof(old->port[0]));
	rcu_assign_pointer(sw->table, new);
	kfree_rcu(old, rcu);
	return index;
}

/* How many ports of the namespace's switches need RTNL to be deleted. */
static void vsw_port_count_dev(const struct vsw_port *port,
			       const struct vsw_switch *sw, int n)
{
	struct vsw_net *vn = vsw_net(sw->net);

	if (port->ops->detach)
		WRITE_ONCE(vn->num_devs, vn->num_devs + n);
}

/**
 * vsw_port_add() - put a port on a switch
 * @sw: the switch
 * @port: a port that vsw_ring_port_create() or the like has made
 * @name: name of the port, checked
 * @owner: namespace that owns the port; the caller holds a reference
 * @extack: for the reason of an error
 *
 * Context: process context, may sleep; &vsw_net.lock of the switch is held.
 * Return: 0; -EEXIST: the owner has a port of this name; -ENOSPC: the switch
 * has VSW_MAX_PORTS ports; -ENOMEM. On an error the port is the caller's.
 */
int vsw_port_add(struct vsw_switch *sw, struct vsw_port *port,
		 const char *name, struct net *owner,
		 struct netlink_ext_ack *extack)
{
	struct vsw_net *vn = vsw_net(owner);
	int index;

	lockdep_assert_held(&vsw_net(sw->net)->lock);

	mutex_lock(&vn->names_lock);
	if (vsw_port_find_owned(vn, name)) {
		NL_SET_ERR_MSG(extack, "a port of this name exists");
		index = -EEXIST;
		goto out;
	}
	index = vsw_port_index(sw, extack);
	if (index < 0)
		goto out;

	refcount_inc(&sw->refs);
	sw->num_ports++;
	vsw_port_count_dev(port, sw, 1);
	port->sw = sw;
	port->index = index;
	port->net = owner;
	strscpy(port->name, name);
	mutex_init(&port->lock);
	refcount_set(&port->refs, 1);
	INIT_RCU_WORK(&port->free_work, vsw_port_free_work);
	port->gone = false;
	port->inactive_since = get_completed_synchronize_rcu();
	/* Who finds the port waits until its creation has been told. */
	mutex_lock(&port->lock);
	rcu_assign_pointer(vsw_port_table(sw)->port[index], port);
	rb_add(&port->name_node, &vn->port_names, vsw_port_less);
	trace_vsw_port_state(port, "new");
out:
	mutex_unlock(&vn->names_lock);
	if (index < 0)
		return index;

	vsw_nl_port_notify(port, VSW_CMD_PORT_NEW_NTF);
	mutex_unlock(&port->lock);
	vsw_lookup_port_event(sw, index, VSW_PORT_ADDED);
	return 0;
}

/**
 * vsw_port_secure() - say what a port may not do
 * @port: the port
 * @security: what it may not do
 *
 * Context: process context, may sleep; &vsw_port.lock is held.
 */
void vsw_port_secure(struct vsw_port *port,
		     const struct vsw_port_security *security)
{
	WRITE_ONCE(port->security.locked, security->locked);
	WRITE_ONCE(port->security.isolated, security->isolated);
	WRITE_ONCE(port->security.learn_max, security->learn_max);
	WRITE_ONCE(port->security.flood_rate, security->flood_rate);
	if (port->ops->secure)
		port->ops->secure(port);
	/* Who is remembered as allowed may not be so any more. */
	vsw_fdb_forget_memos(&port->sw->fdb);
}

/*
 * The namespace whose vsw_net.lock is held while an interface is let go; under
 * RTNL. Other interfaces may go with it, whose ports are to be deleted, too.
 */
static struct vsw_net *vsw_port_detaching;

static void vsw_port_detach(struct vsw_port *port)
{
	struct vsw_net *outer = vsw_port_detaching;

	ASSERT_RTNL();

	vsw_port_detaching = vsw_net(port->sw->net);
	port->ops->detach(port);
	vsw_port_detaching = outer;
}

/**
 * vsw_port_del() - delete a port
 * @port: a port that is not gone
 *
 * Context: process context, may sleep; &vsw_net.lock of the port's switch is
 * held, and RTNL if the port has an interface.
 */
void vsw_port_del(struct vsw_port *port)
{
	struct vsw_net *owner = vsw_net(port->net);
	struct vsw_switch *sw = port->sw;

	lockdep_assert_held(&vsw_net(sw->net)->lock);

	if (port->ops->detach)
		vsw_port_detach(port);
	mutex_lock(&port->lock);
	if (port->ops->stop)
		port->ops->stop(port);
	/* Nobody learns the port any more. */
	vsw_fdb_flush(&sw->fdb, port->index, true, true);
	vsw_nl_port_notify(port, VSW_CMD_PORT_DEL_NTF);
	port->gone = true;
	mutex_unlock(&port->lock);

	RCU_INIT_POINTER(vsw_port_table(sw)->port[port->index], NULL);
	sw->num_ports--;
	vsw_port_count_dev(port, sw, -1);
	trace_vsw_port_state(port, "deleted");
	vsw_lookup_port_event(sw, port->index, VSW_PORT_REMOVED);
	vsw_vlan_forget(port);

	/* Last, as the owner may cease to exist when it owns nothing more. */
	mutex_lock(&owner->names_lock);
	rb_erase(&port->name_node, &owner->port_names);
	mutex_unlock(&owner->names_lock);
	queue_rcu_work(vsw_wq, &port->free_work);
}

/**
 * vsw_port_vanish() - delete the port of an interface that is going
 * @port: the port, which may be gone
 *
 * Context: process context, may sleep; RTNL is held, so that nobody else deletes
 * the port meanwhile.
 */
void vsw_port_vanish(struct vsw_port *port)
{
	struct vsw_net *vn;

	ASSERT_RTNL();

	if (port->gone)
		return;
	vn = vsw_net(port->sw->net);
	if (vn == vsw_port_detaching) {
		vsw_port_del(port);
		return;
	}
	mutex_lock_nested(&vn->lock, vsw_port_detaching ? SINGLE_DEPTH_NESTING :
							  0);
	vsw_port_del(port);
	mutex_unlock(&vn->lock);
}

/**
 * vsw_port_activate() - from now on the port gets flooded frames
 * @port: the port
 *
 * Context: process context, may sleep; &vsw_port.lock is held.
 */
void vsw_port_activate(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;

	/* Who still stands on the node would be led astray. */
	cond_synchronize_rcu(port->inactive_since);

	spin_lock(&sw->active_lock);
	list_add_tail_rcu(&port->active_node, &sw->active);
	spin_unlock(&sw->active_lock);
}

/**
 * vsw_port_deactivate() - from now on the port gets no flooded frames
 * @port: an active port that does not send any more
 *
 * What was learned of the port is forgotten.
 *
 * Context: process context, may sleep; &vsw_port.lock is held.
 */
void vsw_port_deactivate(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;

	spin_lock(&sw->active_lock);
	list_del_rcu(&port->active_node);
	spin_unlock(&sw->active_lock);
	port->inactive_since = get_state_synchronize_rcu();

	vsw_fdb_flush(&sw->fdb, port->index, false, true);
}

/**
 * vsw_port_announce() - tell lookups whether anybody receives at a port
 * @port: the port
 * @receives: whether somebody does
 *
 * Lookups look (vsw_port_receives()) instead of being called: what they have
 * changes under &vsw_net.lock, which is outside of &vsw_port.lock.
 *
 * Context: process context, may sleep; &vsw_port.lock is held.
 */
void vsw_port_announce(struct vsw_port *port, bool receives)
{
	struct vsw_switch *sw = port->sw;

	spin_lock(&sw->active_lock);
	WRITE_ONCE(port->receives, receives);
	/* Who sees the number sees the answer: vsw_switch_changes(). */
	smp_store_release(&sw->changes, sw->changes + 1);
	spin_unlock(&sw->active_lock);
}
