// SPDX-License-Identifier: GPL-2.0
/* Switches and the network namespaces that own them */

#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "registry.h"
#include "netlink.h"
#include "port.h"
#include "switch.h"

#define VSW_MIN_TABLE_SIZE	8

unsigned int vsw_net_id __read_mostly;

/* Frees what had to wait for a grace period. */
struct workqueue_struct *vsw_wq;

/**
 * vsw_port_table_alloc() - allocate an empty port table
 * @size: number of places
 *
 * Return: the table or NULL.
 */
struct vsw_port_table *vsw_port_table_alloc(u32 size)
{
	struct vsw_port_table *table;

	table = kzalloc(struct_size(table, port, size), GFP_KERNEL_ACCOUNT);
	if (table)
		table->size = size;
	return table;
}

static int vsw_switch_cmp(const void *name, const struct rb_node *node)
{
	return strcmp(name, rb_entry(node, struct vsw_switch, name_node)->name);
}

static bool vsw_switch_less(struct rb_node *a, const struct rb_node *b)
{
	return vsw_switch_cmp(rb_entry(a, struct vsw_switch, name_node)->name,
			      b) < 0;
}

/**
 * vsw_switch_find() - find a switch by its name
 * @vn: namespace of the switch
 * @name: its name
 *
 * Context: &vsw_net.lock is held, and protects the switch.
 * Return: the switch or NULL.
 */
struct vsw_switch *vsw_switch_find(struct vsw_net *vn, const char *name)
{
	struct rb_node *node;

	lockdep_assert_held(&vn->lock);

	node = rb_find(name, &vn->switch_names, vsw_switch_cmp);
	return rb_entry_safe(node, struct vsw_switch, name_node);
}

static void vsw_switch_free(struct vsw_switch *sw)
{
	vsw_fdb_free(&sw->fdb);
	ida_destroy(&sw->indices);
	kfree(rcu_access_pointer(sw->table));
	kfree(sw);
}

static void vsw_switch_free_work(struct work_struct *work)
{
	vsw_switch_free(container_of(to_rcu_work(work), struct vsw_switch,
				     free_work));
}

/**
 * vsw_switch_put() - drop a reference
 * @sw: the switch; is freed a grace period after the last one
 */
void vsw_switch_put(struct vsw_switch *sw)
{
	if (refcount_dec_and_test(&sw->refs))
		queue_rcu_work(vsw_wq, &sw->free_work);
}

static struct vsw_switch *vsw_switch_alloc(const char *name)
{
	struct vsw_port_table *table;
	struct vsw_switch *sw;

	sw = kzalloc(sizeof(*sw), GFP_KERNEL_ACCOUNT);
	if (!sw)
		return NULL;
	table = vsw_port_table_alloc(VSW_MIN_TABLE_SIZE);
	if (!table)
		goto err_free;
	if (vsw_fdb_init(&sw->fdb))
		goto err_table;

	RCU_INIT_POINTER(sw->table, table);
	INIT_LIST_HEAD(&sw->active);
	spin_lock_init(&sw->active_lock);
	ida_init(&sw->indices);
	refcount_set(&sw->refs, 1);
	INIT_RCU_WORK(&sw->free_work, vsw_switch_free_work);
	strscpy(sw->name, name);
	return sw;

err_table:
	kfree(table);
err_free:
	kfree(sw);
	return NULL;
}

/* Give the switch a number. There are as many as there may be switches. */
static int vsw_switch_number(struct vsw_net *vn, struct vsw_switch *sw,
			     struct netlink_ext_ack *extack)
{
	int err = xa_alloc(&vn->switches, &sw->id, sw,
			   XA_LIMIT(1, VSW_MAX_SWITCHES), GFP_KERNEL);

	if (err != -EBUSY)
		return err;
	NL_SET_ERR_MSG_FMT(extack, "a network namespace has at most %u switches",
			   VSW_MAX_SWITCHES);
	return -ENOSPC;
}

/**
 * vsw_switch_create() - create a switch
 * @net: namespace that owns it
 * @name: its name, checked
 * @config: its attributes
 * @extack: for the reason of an error
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 * Return: the switch or an ERR_PTR(): -EEXIST: the name is taken; -ENOSPC: the
 * namespace has VSW_MAX_SWITCHES switches; -ENOMEM; the errors of
 * vsw_lookup_set().
 */
struct vsw_switch *vsw_switch_create(struct net *net, const char *name,
				     const struct vsw_switch_config *config,
				     struct netlink_ext_ack *extack)
{
	struct vsw_net *vn = vsw_net(net);
	struct vsw_switch *sw;
	int err;

	if (vsw_switch_find(vn, name)) {
		NL_SET_ERR_MSG(extack, "a switch of this name exists");
		return ERR_PTR(-EEXIST);
	}
	sw = vsw_switch_alloc(name);
	if (!sw)
		return ERR_PTR(-ENOMEM);
	sw->net = net;
	err = vsw_lookup_set(sw, config->lookup, config->options, extack);
	if (err)
		goto err_free;
	err = vsw_switch_number(vn, sw, extack);
	if (err)
		goto err_lookup;

	sw->filters = config->filters;
	vsw_fdb_set_max(&sw->fdb, config->fdb_max);
	vsw_fdb_set_ageing(&sw->fdb, config->ageing);
	rb_add(&sw->name_node, &vn->switch_names, vsw_switch_less);
	/* The module stays while there are switches. */
	__module_get(THIS_MODULE);
	vsw_nl_switch_notify(sw, VSW_CMD_SWITCH_NEW_NTF);
	return sw;

err_lookup:
	vsw_lookup_clear(sw);
	vsw_switch_put(sw);
	return ERR_PTR(err);
err_free:
	vsw_switch_free(sw);
	return ERR_PTR(err);
}

/**
 * vsw_switch_delete() - delete a switch and its ports
 * @sw: the switch
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 */
void vsw_switch_delete(struct vsw_switch *sw)
{
	struct vsw_net *vn = vsw_net(sw->net);
	struct vsw_port_table *table;
	struct vsw_port *port;
	u32 i;

	lockdep_assert_held(&vn->lock);

	table = rcu_dereference_protected(sw->table,
					  lockdep_is_held(&vn->lock));
	for (i = 0; i < table->size; i++) {
		port = rcu_dereference_protected(table->port[i],
						 lockdep_is_held(&vn->lock));
		if (port)
			vsw_port_del(port);
	}
	/* No port sends any more, so nobody looks up, learns or ages. */
	vsw_fdb_stop(&sw->fdb);
	vsw_nl_switch_notify(sw, VSW_CMD_SWITCH_DEL_NTF);
	rb_erase(&sw->name_node, &vn->switch_names);
	xa_erase(&vn->switches, sw->id);
	vsw_lookup_clear(sw);
	vsw_switch_put(sw);
	module_put(THIS_MODULE);
}

static int __net_init vsw_net_init(struct net *net)
{
	struct vsw_net *vn = vsw_net(net);

	mutex_init(&vn->lock);
	xa_init_flags(&vn->switches, XA_FLAGS_ALLOC1);
	vn->switch_names = RB_ROOT;
	mutex_init(&vn->names_lock);
	vn->port_names = RB_ROOT;
	return 0;
}

/* Any port that the namespace owns, with a reference; NULL if there is none. */
static struct vsw_port *vsw_net_get_port(struct vsw_net *vn)
{
	struct vsw_port *port;

	mutex_lock(&vn->names_lock);
	port = rb_entry_safe(rb_first(&vn->port_names), struct vsw_port,
			     name_node);
	if (port)
		refcount_inc(&port->refs);
	mutex_unlock(&vn->names_lock);
	return port;
}

/*
 * Delete what the namespace owns: switches, and ports of switches elsewhere.
 * The namespaces of those are still there: a switch is deleted with all its
 * ports when its namespace goes, and namespaces go one by one.
 */
static void __net_exit vsw_net_exit(struct net *net)
{
	struct vsw_net *vn = vsw_net(net), *other;
	struct vsw_switch *sw;
	struct vsw_port *port;
	unsigned long id;

	/* Nobody can change the namespace any more, but for who deletes ports. */
	if (xa_empty(&vn->switches) && RB_EMPTY_ROOT(&vn->port_names))
		return;
	rtnl_lock();
	mutex_lock(&vn->lock);
	xa_for_each(&vn->switches, id, sw)
		vsw_switch_delete(sw);
	mutex_unlock(&vn->lock);

	while ((port = vsw_net_get_port(vn))) {
		other = vsw_net(port->sw->net);
		mutex_lock(&other->lock);
		if (!port->gone)
			vsw_port_del(port);
		mutex_unlock(&other->lock);
		vsw_port_put(port);
	}
	rtnl_unlock();
	xa_destroy(&vn->switches);
}

static struct pernet_operations vsw_net_ops = {
	.init	= vsw_net_init,
	.exit	= vsw_net_exit,
	.id	= &vsw_net_id,
	.size	= sizeof(struct vsw_net),
};

/**
 * vsw_switch_init() - make network namespaces ready for switches
 *
 * Return: 0 or a negative errno.
 */
int __init vsw_switch_init(void)
{
	int err;

	vsw_wq = alloc_workqueue("vsw", WQ_UNBOUND, 0);
	if (!vsw_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&vsw_net_ops);
	if (err)
		destroy_workqueue(vsw_wq);
	return err;
}

/**
 * vsw_switch_exit() - undo vsw_switch_init(), and wait for what is being freed
 */
void vsw_switch_exit(void)
{
	unregister_pernet_subsys(&vsw_net_ops);
	/* First ring sets and ports, then the switches that these held. */
	rcu_barrier();
	flush_workqueue(vsw_wq);
	rcu_barrier();
	destroy_workqueue(vsw_wq);
}
