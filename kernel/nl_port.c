// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: requests about ports and their regions */

#include <linux/align.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "netdev.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "nl.h"
#include "port.h"
#include "ring.h"
#include "switch.h"
#include "uplink.h"
#include "vlan.h"

/* For vsw_nl_walk_own(). */
static int vsw_nl_match_port(struct vsw_port *port, void *arg)
{
	struct vsw_nl_match *match = arg;

	if ((match->sw && port->sw != match->sw) ||
	    (match->net && port->net != match->net) ||
	    (match->name && strcmp(port->name, match->name)) ||
	    (match->index && port->index != nla_get_u32(match->index)))
		return 0;
	if (match->found)
		return -ENOTUNIQ;
	match->found = port;
	return 0;
}

/*
 * Call @fn for each port of the namespace's switches, or of @only. The ports
 * stay as long as vsw_net.lock is held.
 */
static int vsw_nl_walk_own(struct vsw_net *vn, struct vsw_nl_cursor *at,
			   const struct vsw_switch *only,
			   int (*fn)(struct vsw_port *port, void *arg),
			   void *arg)
{
	struct vsw_port_table *table;
	struct vsw_switch *sw;
	struct vsw_port *port;
	unsigned long id;
	int err;

	lockdep_assert_held(&vn->lock);

	xa_for_each_start(&vn->switches, id, sw, at->sw) {
		table = rcu_dereference_protected(sw->table,
						  lockdep_is_held(&vn->lock));
		if (only && sw != only)
			continue;
		/* The switch at which the dump stopped may be gone. */
		if (id != at->sw)
			at->port = 0;
		at->sw = id;
		for (; at->port < table->size; at->port++) {
			port = rcu_dereference_protected(table->port[at->port],
							 lockdep_is_held(&vn->lock));
			err = port ? fn(port, arg) : 0;
			if (err)
				return err;
		}
		at->sw = id + 1;
		at->port = 0;
	}
	return 0;
}

/*
 * Call @fn for each port that the namespace owns on switches elsewhere. A port
 * stays for the call.
 */
static int vsw_nl_walk_foreign(struct vsw_net *vn, struct vsw_nl_cursor *at,
			       int (*fn)(struct vsw_port *port, void *arg),
			       void *arg)
{
	struct vsw_port *port;
	struct rb_node *node;
	int err = 0;
	u32 pos = 0;

	mutex_lock(&vn->names_lock);
	for (node = rb_first(&vn->port_names); node; node = rb_next(node)) {
		port = rb_entry(node, struct vsw_port, name_node);
		if (vsw_net(port->sw->net) == vn || pos++ < at->foreign)
			continue;
		err = fn(port, arg);
		if (err)
			break;
		at->foreign = pos;
	}
	mutex_unlock(&vn->names_lock);
	return err;
}

/**
 * vsw_nl_find_port() - find a port of the namespace's switches
 * @info: the request
 * @match: what is known of the port
 * @bad: the attribute to blame if it is not found
 *
 * Context: &vsw_net.lock is held, and protects the port.
 * Return: the port or an ERR_PTR(): -ENODEV: there is none; -ENOTUNIQ: there
 * are several.
 */
struct vsw_port *vsw_nl_find_port(struct genl_info *info,
				  struct vsw_nl_match *match,
				  const struct nlattr *bad)
{
	struct vsw_nl_cursor at = {};
	int err;

	err = vsw_nl_walk_own(vsw_net(genl_info_net(info)), &at, match->sw,
			      vsw_nl_match_port, match);
	if (err) {
		NL_SET_ERR_MSG_ATTR(info->extack, bad,
				    "several ports have this name, give the index");
		return ERR_PTR(err);
	}
	if (match->found)
		return match->found;
	NL_SET_ERR_MSG_ATTR(info->extack, bad, "no such port");
	return ERR_PTR(-ENODEV);
}

/*
 * The owner namespace that a request names, to be given back with put_net().
 * NULL if it names none, or an ERR_PTR().
 */
static struct net *vsw_nl_owner_net(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *id = info->attrs[VSW_A_PORT_NETNS_ID];
	struct nlattr *fd = info->attrs[VSW_A_PORT_NETNS_FD];
	struct nlattr *pid = info->attrs[VSW_A_PORT_NETNS_PID];
	struct nlattr *attr = id ?: fd ?: pid;
	struct net *net;

	if (!attr)
		return NULL;
	if (!!id + !!fd + !!pid > 1) {
		NL_SET_ERR_MSG(info->extack,
			       "only one of netns-id, netns-fd and netns-pid may be given");
		return ERR_PTR(-EINVAL);
	}
	if (id)
		net = get_net_ns_by_id(genl_info_net(info), nla_get_s32(id));
	else if (fd)
		net = get_net_ns_by_fd(nla_get_u32(fd));
	else
		net = get_net_ns_by_pid(nla_get_u32(pid));
	if (IS_ERR_OR_NULL(net)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "no such network namespace");
		return net ?: ERR_PTR(-EINVAL);
	}
	if (!netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "CAP_NET_ADMIN over the port's namespace is needed");
		put_net(net);
		return ERR_PTR(-EPERM);
	}
	return net;
}

/* The port of the namespace's switches that a request names by its owner. */
static struct vsw_port *vsw_nl_port_of(struct sk_buff *skb,
				       struct genl_info *info)
{
	struct nlattr *name = info->attrs[VSW_A_PORT_NAME];
	struct vsw_nl_match match = { .index = info->attrs[VSW_A_PORT_INDEX] };
	struct vsw_port *port;
	struct net *net;

	if (info->attrs[VSW_A_PORT_SWITCH]) {
		match.sw = vsw_nl_switch(info, VSW_A_PORT_SWITCH);
		if (IS_ERR(match.sw))
			return ERR_CAST(match.sw);
	}
	if (match.index && !match.sw) {
		GENL_SET_ERR_MSG(info, "an index needs the switch");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSW_A_PORT_SWITCH);
		return ERR_PTR(-EINVAL);
	}
	if (!match.index && GENL_REQ_ATTR_CHECK(info, VSW_A_PORT_NAME))
		return ERR_PTR(-EINVAL);

	net = vsw_nl_owner_net(skb, info);
	if (IS_ERR(net))
		return ERR_CAST(net);
	match.net = net;
	match.name = name ? nla_data(name) : NULL;
	port = vsw_nl_find_port(info, &match, name ?: match.index);
	if (net)
		put_net(net);
	return port;
}

/*
 * The port that a request names, with a reference. A bare name means a port
 * that the namespace owns or, failing that, one of its switches' ports.
 */
static struct vsw_port *vsw_nl_get_port(struct sk_buff *skb,
					struct genl_info *info)
{
	struct nlattr *name = info->attrs[VSW_A_PORT_NAME];
	struct vsw_port *port = NULL;

	if (name && !info->attrs[VSW_A_PORT_SWITCH] &&
	    !info->attrs[VSW_A_PORT_INDEX] &&
	    !info->attrs[VSW_A_PORT_NETNS_ID] &&
	    !info->attrs[VSW_A_PORT_NETNS_FD] &&
	    !info->attrs[VSW_A_PORT_NETNS_PID])
		port = vsw_port_get_owned(vsw_net(genl_info_net(info)),
					  nla_data(name));
	if (port)
		return port;
	port = vsw_nl_port_of(skb, info);
	if (!IS_ERR(port))
		refcount_inc(&port->refs);
	return port;
}

/* The same for a change, which only the namespace of the switch may make. */
static struct vsw_port *vsw_nl_get_own_port(struct sk_buff *skb,
					    struct genl_info *info)
{
	struct vsw_port *port = vsw_nl_get_port(skb, info);

	if (IS_ERR(port))
		return port;
	mutex_lock(&port->lock);
	if (!port->gone && net_eq(port->sw->net, genl_info_net(info))) {
		mutex_unlock(&port->lock);
		return port;
	}
	mutex_unlock(&port->lock);
	vsw_port_put(port);
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSW_A_PORT_NAME],
			    "the port belongs to a switch of another namespace");
	return ERR_PTR(-EPERM);
}

int vsw_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_port *port = vsw_nl_get_port(skb, info);
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	err = vsw_nl_reply(info, vsw_nl_fill_port, port);
	vsw_port_put(port);
	return err;
}

static int vsw_nl_dump_port(struct vsw_port *port, void *arg)
{
	struct vsw_nl_dump *dump = arg;
	int err = dump->fill(dump->skb, port, &dump->msg);

	/* What is not there, or not any more, is passed over. */
	return err == -ENODEV ? 0 : err;
}

static int vsw_nl_dump_ports(struct sk_buff *skb, struct netlink_callback *cb,
			     vsw_nl_fill_t fill, u32 sw_attr)
{
	struct genl_info *info = (struct genl_info *)genl_info_dump(cb);
	struct vsw_nl_dump dump = {
		.skb	= skb,
		.msg	= vsw_nl_msg_info(info, NLM_F_MULTI),
		.fill	= fill,
	};
	struct vsw_net *vn = vsw_net(dump.msg.net);
	struct vsw_switch *only = NULL;
	int err = 0;

	mutex_lock(&vn->lock);
	if (sw_attr && info->attrs[sw_attr]) {
		only = vsw_nl_switch(info, sw_attr);
		err = PTR_ERR_OR_ZERO(only);
	}
	if (!err)
		err = vsw_nl_walk_own(vn, vsw_nl_cursor(cb), only,
				      vsw_nl_dump_port, &dump);
	if (!err && !only)
		err = vsw_nl_walk_foreign(vn, vsw_nl_cursor(cb),
					  vsw_nl_dump_port, &dump);
	mutex_unlock(&vn->lock);
	return err;
}

int vsw_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vsw_nl_dump_ports(skb, cb, vsw_nl_fill_port, VSW_A_PORT_SWITCH);
}

/* The attributes of a ring port, as far as a request changes them. */
static int vsw_nl_ring_config(struct genl_info *info,
			      struct vsw_ring_config *config)
{
	struct vsw_layout *layout = &config->layout;
	u32 buf_size = vsw_nl_u32(info, VSW_A_PORT_BUF_SIZE, layout->buf_size);
	int err;

	if (!IS_ALIGNED(buf_size, VSW_BUF_ALIGN)) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack,
					info->attrs[VSW_A_PORT_BUF_SIZE],
					"the buffer size must be a multiple of %u",
					VSW_BUF_ALIGN);
		return -EINVAL;
	}
	err = vsw_layout_init(layout,
			      vsw_nl_u32(info, VSW_A_PORT_RINGS, layout->rings),
			      vsw_nl_u32(info, VSW_A_PORT_SLOTS, layout->slots),
			      buf_size);
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "rings, slots and buffer size make a region of more than 4 GiB");
	config->on_full = vsw_nl_u32(info, VSW_A_PORT_ON_FULL,
				     config->on_full);
	config->deadline = vsw_nl_u32(info, VSW_A_PORT_DEADLINE,
				      config->deadline);
	config->vnet_hdr = vsw_nl_u32(info, VSW_A_PORT_VNET_HDR,
				      config->vnet_hdr);
	return err;
}

/* The same of what a port may not do. */
static struct vsw_port_security
vsw_nl_security(const struct genl_info *info,
		const struct vsw_port_security *old)
{
	return (struct vsw_port_security) {
		.locked	    = vsw_nl_u32(info, VSW_A_PORT_LOCKED, old->locked),
		.isolated   = vsw_nl_u32(info, VSW_A_PORT_ISOLATED,
					 old->isolated),
		.learn_max  = vsw_nl_u32(info, VSW_A_PORT_LEARN_MAX,
					 old->learn_max),
		.flood_rate = vsw_nl_u32(info, VSW_A_PORT_FLOOD_RATE,
					 old->flood_rate),
	};
}

/* The VLANs of a port, as a request changes @old; NULL if there are none. */
static struct vsw_vlans *vsw_nl_make_vlans(const struct genl_info *info,
					   const struct vsw_vlans *old)
{
	const struct nlattr *trunk = info->attrs[VSW_A_PORT_TRUNK];
	struct vsw_vlans *vlans = kzalloc(sizeof(*vlans), GFP_KERNEL_ACCOUNT);

	if (!vlans)
		return ERR_PTR(-ENOMEM);
	if (old)
		*vlans = *old;
	vlans->pvid = vsw_nl_u32(info, VSW_A_PORT_VLAN, vlans->pvid);
	if (trunk)
		memcpy(vlans->trunk, nla_data(trunk), sizeof(vlans->trunk));
	if (vsw_vlans_trunk(vlans, 0) ||
	    vsw_vlans_trunk(vlans, VLAN_VID_MASK)) {
		NL_SET_ERR_MSG_ATTR(info->extack, trunk,
				    "a VLAN is a number from 1 to 4094");
		kfree(vlans);
		return ERR_PTR(-EINVAL);
	}
	if (vlans->pvid || memchr_inv(vlans->trunk, 0, sizeof(vlans->trunk)))
		return vlans;
	kfree(vlans);
	return NULL;
}

static bool vsw_nl_same_vlans(const struct vsw_vlans *a,
			      const struct vsw_vlans *b)
{
	if (!a || !b)
		return a == b;
	return a->pvid == b->pvid &&
	       !memcmp(a->trunk, b->trunk, sizeof(a->trunk));
}

/* Prepare what a request changes of the VLANs of a port, which are @old. */
static int vsw_nl_vlans(const struct genl_info *info, struct vsw_switch *sw,
			struct vsw_vlans *old, struct vsw_vlan_change *change)
{
	struct vsw_vlans *vlans;
	int err = 0;

	if (!info->attrs[VSW_A_PORT_VLAN] && !info->attrs[VSW_A_PORT_TRUNK])
		return 0;
	vlans = vsw_nl_make_vlans(info, old);
	if (IS_ERR(vlans))
		return PTR_ERR(vlans);
	if (!vsw_nl_same_vlans(old, vlans)) {
		err = vsw_vlan_prepare(change, sw, old, vlans, info->extack);
		if (!err)
			return 0;
	}
	kfree(vlans);
	return err;
}

/* Refuse attributes that a kind of port does not have. */
static int vsw_nl_refuse(struct genl_info *info, const u8 *attrs, u32 num,
			 const char *why)
{
	u32 i;

	for (i = 0; i < num; i++) {
		if (!info->attrs[attrs[i]])
			continue;
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, info->attrs[attrs[i]],
					"%s", why);
		return -EINVAL;
	}
	return 0;
}

static int vsw_nl_refuse_ring(struct genl_info *info)
{
	static const u8 attrs[] = {
		VSW_A_PORT_SLOTS, VSW_A_PORT_BUF_SIZE, VSW_A_PORT_ON_FULL,
		VSW_A_PORT_DEADLINE, VSW_A_PORT_VNET_HDR,
	};

	return vsw_nl_refuse(info, attrs, ARRAY_SIZE(attrs),
			     "only ring ports have this");
}

static int vsw_nl_refuse_rings(struct genl_info *info)
{
	static const u8 attrs[] = { VSW_A_PORT_RINGS };

	return vsw_nl_refuse(info, attrs, ARRAY_SIZE(attrs),
			     "the device has the queues that it has");
}

static int vsw_nl_refuse_dev(struct genl_info *info)
{
	static const u8 attrs[] = { VSW_A_PORT_DEV };

	return vsw_nl_refuse(info, attrs, ARRAY_SIZE(attrs),
			     "only uplink ports have this");
}

static int vsw_nl_add_ring(struct vsw_switch *sw, const char *name,
			   struct net *owner, struct genl_info *info,
			   const struct vsw_port_setup *setup)
{
	struct vsw_ring_config config = {
		.layout.rings	 = VSW_DEF_RINGS,
		.layout.slots	 = VSW_DEF_SLOTS,
		.layout.buf_size = VSW_DEF_BUF_SIZE,
	};
	struct vsw_port *port;
	int err;

	err = vsw_nl_refuse_dev(info) ?: vsw_nl_ring_config(info, &config);
	if (err)
		return err;
	port = vsw_ring_port_create(&config);
	if (!port)
		return -ENOMEM;
	port->security = setup->security;
	RCU_INIT_POINTER(port->vlans, setup->vlans);
	err = vsw_port_add(sw, port, name, owner, info->extack);
	if (err)
		port->ops->free(port);
	return err;
}

static int vsw_nl_add_netdev(struct vsw_switch *sw, const char *name,
			     struct net *owner, struct genl_info *info,
			     const struct vsw_port_setup *setup)
{
	int err = vsw_nl_refuse_ring(info) ?: vsw_nl_refuse_dev(info);

	return err ?: vsw_netdev_add(sw, name, owner,
				     vsw_nl_u32(info, VSW_A_PORT_RINGS,
						VSW_DEF_RINGS),
				     setup, info->extack);
}

static int vsw_nl_add_uplink(struct vsw_switch *sw, const char *name,
			     struct net *owner, struct genl_info *info,
			     const struct vsw_port_setup *setup)
{
	int err = vsw_nl_refuse_ring(info) ?: vsw_nl_refuse_rings(info);

	if (!err && GENL_REQ_ATTR_CHECK(info, VSW_A_PORT_DEV))
		err = -EINVAL;
	return err ?: vsw_uplink_add(sw, name, owner,
				     info->attrs[VSW_A_PORT_DEV], setup,
				     info->extack);
}

static int vsw_nl_add_port(struct vsw_switch *sw, const char *name,
			   struct net *owner, struct genl_info *info)
{
	const struct vsw_port_security none = {};
	struct vsw_vlan_change change = {};
	struct vsw_port_setup setup;
	int err;

	err = vsw_nl_vlans(info, sw, NULL, &change);
	if (err)
		return err;
	setup = (struct vsw_port_setup) {
		.security = vsw_nl_security(info, &none),
		.vlans	  = change.vlans,
	};
	switch (vsw_nl_u32(info, VSW_A_PORT_TYPE, VSW_PORT_TYPE_RING)) {
	case VSW_PORT_TYPE_NETDEV:
		err = vsw_nl_add_netdev(sw, name, owner, info, &setup);
		break;
	case VSW_PORT_TYPE_UPLINK:
		err = vsw_nl_add_uplink(sw, name, owner, info, &setup);
		break;
	default:
		err = vsw_nl_add_ring(sw, name, owner, info, &setup);
	}
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_PORT_NAME]);
	if (err == -ENOSPC)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_PORT_SWITCH]);
	if (err)
		vsw_vlan_abort(&change);
	else
		vsw_vlan_finish(&change);
	return err;
}

int vsw_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw;
	struct net *owner;
	const char *name;
	int err;

	name = vsw_nl_new_name(info, VSW_A_PORT_NAME, &err);
	if (!name)
		return err;
	sw = vsw_nl_switch(info, VSW_A_PORT_SWITCH);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	owner = vsw_nl_owner_net(skb, info);
	if (IS_ERR(owner))
		return PTR_ERR(owner);
	if (!owner)
		owner = get_net(genl_info_net(info));
	err = vsw_nl_add_port(sw, name, owner, info);
	put_net(owner);
	return err;
}

static int vsw_nl_set_ring(struct vsw_port *port, struct genl_info *info)
{
	struct vsw_ring_config config = *vsw_ring_config(port);
	int err = vsw_nl_ring_config(info, &config);

	if (err)
		return err;
	err = vsw_ring_port_set(port, &config);
	if (err)
		NL_SET_ERR_MSG(info->extack, "the port is attached");
	return err;
}

/* What a request changes of a port, but for its VLANs; the port is locked. */
static int vsw_nl_set_port(struct genl_info *info, struct vsw_port *port)
{
	struct vsw_port_security security;
	int err;

	err = port->ops->type == VSW_PORT_TYPE_RING ?
	      vsw_nl_set_ring(port, info) :
	      vsw_nl_refuse_ring(info) ?: vsw_nl_refuse_rings(info);
	if (err)
		return err;
	security = vsw_nl_security(info, &port->security);
	vsw_port_secure(port, &security);
	return 0;
}

int vsw_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_port *port = vsw_nl_get_own_port(skb, info);
	struct vsw_net *vn = vsw_net(genl_info_net(info));
	struct vsw_vlan_change change = {};
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	err = vsw_nl_vlans(info, port->sw,
			   rcu_dereference_protected(port->vlans,
						     lockdep_is_held(&vn->lock)),
			   &change);
	if (err)
		goto out;
	mutex_lock(&port->lock);
	err = vsw_nl_set_port(info, port);
	mutex_unlock(&port->lock);
	if (err) {
		vsw_vlan_abort(&change);
		goto out;
	}
	vsw_vlan_commit(&change, port);
	mutex_lock(&port->lock);
	vsw_nl_port_notify(port, VSW_CMD_PORT_SET_NTF);
	mutex_unlock(&port->lock);
out:
	vsw_port_put(port);
	return err;
}

int vsw_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_port *port = vsw_nl_get_own_port(skb, info);

	if (IS_ERR(port))
		return PTR_ERR(port);
	vsw_port_del(port);
	vsw_port_put(port);
	return 0;
}

/* For vsw_nl_walk_own() and vsw_nl_walk_foreign(): the port with a region of the number @arg. */
struct vsw_nl_region_match {
	u32		id;
	struct vsw_port	*found;
};

static int vsw_nl_match_region(struct vsw_port *port, void *arg)
{
	struct vsw_nl_region_match *match = arg;
	const struct vsw_region *region;
	u32 files;

	mutex_lock(&port->lock);
	region = vsw_ring_region(port, &files);
	if (region && region->id == match->id) {
		refcount_inc(&port->refs);
		match->found = port;
	}
	mutex_unlock(&port->lock);
	return match->found ? 1 : 0;
}

int vsw_nl_region_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_net *vn = vsw_net(genl_info_net(info));
	struct vsw_nl_region_match match = {};
	struct vsw_nl_cursor at = {};
	int err = -ENOENT;

	if (GENL_REQ_ATTR_CHECK(info, VSW_A_REGION_ID))
		return -EINVAL;
	match.id = nla_get_u32(info->attrs[VSW_A_REGION_ID]);
	if (!vsw_nl_walk_own(vn, &at, NULL, vsw_nl_match_region, &match))
		vsw_nl_walk_foreign(vn, &at, vsw_nl_match_region, &match);
	if (match.found) {
		err = vsw_nl_reply(info, vsw_nl_fill_region, match.found);
		vsw_port_put(match.found);
	}
	if (err == -ENOENT || err == -ENODEV)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSW_A_REGION_ID],
				    "no such region");
	return err;
}

int vsw_nl_region_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vsw_nl_no_attrs(cb) ?:
	       vsw_nl_dump_ports(skb, cb, vsw_nl_fill_region, 0);
}
