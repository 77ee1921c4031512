// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: requests
 *
 * Requests that change something come from the namespace of the switch, with
 * CAP_NET_ADMIN over it. vsw_net.lock is held around each, by the pre and
 * post hooks of the spec or by the dump itself.
 */

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "fdb.h"
#include "lookup.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "nl_msg.h"
#include "port.h"
#include "ring.h"
#include "switch.h"

/**
 * vsw_nl_pre_get() - before a request that reads
 * @ops: the operation
 * @skb: the request
 * @info: its attributes
 *
 * Return: 0.
 */
int vsw_nl_pre_get(const struct genl_split_ops *ops, struct sk_buff *skb,
		   struct genl_info *info)
{
	mutex_lock(&vsw_net(genl_info_net(info))->lock);
	return 0;
}

/**
 * vsw_nl_pre_set() - before a request that changes something
 * @ops: the operation
 * @skb: the request
 * @info: its attributes
 *
 * Return: 0 or -EPERM.
 */
int vsw_nl_pre_set(const struct genl_split_ops *ops, struct sk_buff *skb,
		   struct genl_info *info)
{
	struct net *net = genl_info_net(info);

	if (!netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(info->extack,
			       "CAP_NET_ADMIN over the namespace is needed");
		return -EPERM;
	}
	mutex_lock(&vsw_net(net)->lock);
	return 0;
}

/**
 * vsw_nl_post() - after a request
 * @ops: the operation
 * @skb: the request
 * @info: its attributes
 */
void vsw_nl_post(const struct genl_split_ops *ops, struct sk_buff *skb,
		 struct genl_info *info)
{
	mutex_unlock(&vsw_net(genl_info_net(info))->lock);
}

/* The name in an attribute that must be there; NULL and an error otherwise. */
static const char *vsw_nl_new_name(struct genl_info *info, u32 attr, int *err)
{
	const char *name;

	*err = -EINVAL;
	if (GENL_REQ_ATTR_CHECK(info, attr))
		return NULL;
	name = nla_data(info->attrs[attr]);
	/* Names go where names of network devices go. */
	if (!dev_valid_name(name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
				    "a name must not be empty, '.' or '..', nor contain '/', ':' or spaces");
		return NULL;
	}
	return name;
}

/* The switch that an attribute names, or an ERR_PTR(). */
static struct vsw_switch *vsw_nl_switch(struct genl_info *info, u32 attr)
{
	struct vsw_switch *sw;

	if (GENL_REQ_ATTR_CHECK(info, attr))
		return ERR_PTR(-EINVAL);
	sw = vsw_switch_find(vsw_net(genl_info_net(info)),
			     nla_data(info->attrs[attr]));
	if (sw)
		return sw;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr], "no such switch");
	return ERR_PTR(-ENODEV);
}

static u32 vsw_nl_u32(const struct genl_info *info, u32 attr, u32 otherwise)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : otherwise;
}

/* Send one object, which @fill puts into the message, to who asked for it. */
static int vsw_nl_reply(struct genl_info *info,
			int (*fill)(struct sk_buff *skb, const void *obj,
				    const struct vsw_nl_msg *msg),
			const void *obj)
{
	struct vsw_nl_msg msg = vsw_nl_msg_info(info, 0);
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	err = fill(skb, obj, &msg);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

int vsw_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_SWITCH_NAME);

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	return vsw_nl_reply(info, vsw_nl_fill_switch, sw);
}

int vsw_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_nl_msg msg = vsw_nl_msg_info(genl_info_dump(cb), NLM_F_MULTI);
	struct vsw_net *vn = vsw_net(msg.net);
	struct vsw_nl_cursor *at = vsw_nl_cursor(cb);
	unsigned long id;
	struct vsw_switch *sw;
	int err = 0;

	mutex_lock(&vn->lock);
	xa_for_each_start(&vn->switches, id, sw, at->sw) {
		err = vsw_nl_fill_switch(skb, sw, &msg);
		if (err)
			break;
		at->sw = id + 1;
	}
	mutex_unlock(&vn->lock);
	return err;
}

int vsw_nl_switch_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch_config config = {
		.lookup	 = VSW_DEF_LOOKUP,
		.ageing	 = vsw_nl_u32(info, VSW_A_SWITCH_AGEING,
				      VSW_DEF_AGEING),
		.fdb_max = vsw_nl_u32(info, VSW_A_SWITCH_FDB_MAX,
				      VSW_DEF_FDB_MAX),
	};
	struct vsw_switch *sw;
	const char *name;
	int err;

	name = vsw_nl_new_name(info, VSW_A_SWITCH_NAME, &err);
	if (!name)
		return err;
	if (info->attrs[VSW_A_SWITCH_LOOKUP])
		config.lookup = nla_data(info->attrs[VSW_A_SWITCH_LOOKUP]);
	sw = vsw_switch_create(genl_info_net(info), name, &config,
			       info->extack);
	err = PTR_ERR_OR_ZERO(sw);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_SWITCH_NAME]);
	if (err == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_SWITCH_LOOKUP]);
	return err;
}

int vsw_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_SWITCH_NAME);

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (info->attrs[VSW_A_SWITCH_AGEING])
		vsw_fdb_set_ageing(&sw->fdb,
				   vsw_nl_u32(info, VSW_A_SWITCH_AGEING, 0));
	if (info->attrs[VSW_A_SWITCH_FDB_MAX])
		vsw_fdb_set_max(&sw->fdb,
				vsw_nl_u32(info, VSW_A_SWITCH_FDB_MAX, 0));
	vsw_nl_switch_notify(sw, VSW_CMD_SWITCH_SET_NTF);
	return 0;
}

int vsw_nl_switch_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_SWITCH_NAME);

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	vsw_switch_delete(sw);
	return 0;
}

/**
 * struct vsw_nl_match - which port is meant
 * @sw: the switch; NULL: any
 * @net: owner of the port; NULL: any
 * @name: name of the port; NULL: any
 * @index: attribute with the index of the port; NULL: any
 * @found: the port
 */
struct vsw_nl_match {
	const struct vsw_switch	*sw;
	const struct net	*net;
	const char		*name;
	const struct nlattr	*index;
	struct vsw_port		*found;
};

/* For vsw_nl_for_each_port(). */
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
 * Call @fn for each port of the namespace's switches, or of @only, and then,
 * unless @only is given, for each port that it owns on switches elsewhere.
 * Ports of own switches stay as long as vsw_net.lock is held, the others for
 * the call.
 */
static int vsw_nl_for_each_port(struct vsw_net *vn, struct vsw_nl_cursor *at,
				const struct vsw_switch *only,
				int (*fn)(struct vsw_port *port, void *arg),
				void *arg)
{
	struct vsw_port_table *table;
	struct vsw_switch *sw;
	struct vsw_port *port;
	unsigned long id;
	u32 pos = 0;
	int err = 0;
	u32 bucket;

	lockdep_assert_held(&vn->lock);

	xa_for_each_start(&vn->switches, id, sw, at->sw) {
		table = rcu_dereference_protected(sw->table,
						  lockdep_is_held(&vn->lock));
		if (only && sw != only)
			continue;
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
	if (only)
		return 0;

	mutex_lock(&vn->names_lock);
	hash_for_each(vn->port_names, bucket, port, name_node) {
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

/* Find a port of a switch of the namespace; an ERR_PTR() tells why not. */
static struct vsw_port *vsw_nl_find_port(struct genl_info *info,
					 struct vsw_nl_match *match,
					 const struct nlattr *bad)
{
	struct vsw_net *vn = vsw_net(genl_info_net(info));
	struct vsw_switch *sw;
	unsigned long id;
	int err = 0;

	xa_for_each(&vn->switches, id, sw) {
		struct vsw_nl_cursor at = { .sw = id };

		if (!match->sw || match->sw == sw)
			err = vsw_nl_for_each_port(vn, &at, sw,
						   vsw_nl_match_port, match);
		if (err) {
			NL_SET_ERR_MSG_ATTR(info->extack, bad,
					    "several ports have this name, give the index");
			return ERR_PTR(err);
		}
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

/**
 * struct vsw_nl_dump - for vsw_nl_for_each_port() in a dump
 * @skb: the message to fill
 * @msg: its header
 * @fill: puts an object into it
 */
struct vsw_nl_dump {
	struct sk_buff		*skb;
	struct vsw_nl_msg	msg;
	int (*fill)(struct sk_buff *skb, const void *obj,
		    const struct vsw_nl_msg *msg);
};

static int vsw_nl_dump_port(struct vsw_port *port, void *arg)
{
	struct vsw_nl_dump *dump = arg;
	int err = dump->fill(dump->skb, port, &dump->msg);

	/* What is not there, or not any more, is passed over. */
	return err == -ENODEV ? 0 : err;
}

static int vsw_nl_dump_ports(struct sk_buff *skb, struct netlink_callback *cb,
			     int (*fill)(struct sk_buff *skb, const void *obj,
					 const struct vsw_nl_msg *msg),
			     u32 sw_attr)
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
		err = vsw_nl_for_each_port(vn, vsw_nl_cursor(cb), only,
					   vsw_nl_dump_port, &dump);
	mutex_unlock(&vn->lock);
	return err;
}

int vsw_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vsw_nl_dump_ports(skb, cb, vsw_nl_fill_port, VSW_A_PORT_SWITCH);
}

/* The geometry of a port, as far as a request changes it. */
static int vsw_nl_layout(struct genl_info *info, struct vsw_layout *layout)
{
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
	return err;
}

static int vsw_nl_add_port(struct vsw_switch *sw, const char *name,
			   struct net *owner, struct genl_info *info)
{
	struct vsw_layout layout = {
		.rings	  = VSW_DEF_RINGS,
		.slots	  = VSW_DEF_SLOTS,
		.buf_size = VSW_DEF_BUF_SIZE,
	};
	struct vsw_port *port;
	int err;

	err = vsw_nl_layout(info, &layout);
	if (err)
		return err;
	port = vsw_ring_port_create(&layout);
	if (!port)
		return -ENOMEM;
	err = vsw_port_add(sw, port, name, owner, info->extack);
	if (err)
		kfree(port);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_PORT_NAME]);
	if (err == -ENOSPC)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_PORT_SWITCH]);
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

int vsw_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_port *port = vsw_nl_get_own_port(skb, info);
	struct vsw_layout layout;
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	layout = *vsw_ring_layout(port);
	err = vsw_nl_layout(info, &layout);
	if (err)
		goto out;
	err = vsw_ring_port_set(port, &layout);
	if (err)
		NL_SET_ERR_MSG(info->extack, "the port is attached");
	else
		vsw_nl_port_notify(port, VSW_CMD_PORT_SET_NTF);
out:
	mutex_unlock(&port->lock);
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

/* For vsw_nl_for_each_port(): the port with a region of the number @arg. */
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
	vsw_nl_for_each_port(vn, &at, NULL, vsw_nl_match_region, &match);
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
	return vsw_nl_dump_ports(skb, cb, vsw_nl_fill_region, 0);
}

/* The address in a request, packed; an error if it is not a unicast one. */
static int vsw_nl_addr(struct genl_info *info, u64 *addr)
{
	if (GENL_REQ_ATTR_CHECK(info, VSW_A_FDB_ADDRESS))
		return -EINVAL;
	*addr = vsw_addr_pack(nla_data(info->attrs[VSW_A_FDB_ADDRESS]));
	if (!vsw_addr_is_group(*addr))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSW_A_FDB_ADDRESS],
			    "not a unicast address");
	return -EADDRNOTAVAIL;
}

/* The port that an FDB request names; NULL if none, or an ERR_PTR(). */
static struct vsw_port *vsw_nl_fdb_port(struct genl_info *info,
					const struct vsw_switch *sw)
{
	struct nlattr *name = info->attrs[VSW_A_FDB_PORT];
	struct vsw_nl_match match = {
		.sw	= sw,
		.name	= name ? nla_data(name) : NULL,
		.index	= info->attrs[VSW_A_FDB_PORT_INDEX],
	};

	if (!name && !match.index)
		return NULL;
	return vsw_nl_find_port(info, &match, name ?: match.index);
}

int vsw_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_FDB_SWITCH);
	struct vsw_nl_fdb fdb = {};
	u64 addr;
	int err;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_nl_addr(info, &addr);
	if (err)
		return err;

	rcu_read_lock();
	fdb.sw = sw;
	fdb.entry = vsw_fdb_find(&sw->fdb, addr);
	if (fdb.entry)
		fdb.copy = *fdb.entry;
	rcu_read_unlock();
	if (!fdb.entry) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSW_A_FDB_ADDRESS],
				    "no such address");
		return -ENOENT;
	}
	fdb.entry = &fdb.copy;
	return vsw_nl_reply(info, vsw_nl_fill_fdb, &fdb);
}

/* Dump the entries of a switch behind that with the id @at->fdb. */
static int vsw_nl_dump_fdb(struct sk_buff *skb, struct vsw_switch *sw,
			   struct vsw_nl_cursor *at,
			   const struct vsw_nl_msg *msg)
{
	struct vsw_nl_fdb fdb = { .sw = sw };
	const struct vsw_fdb_entry *entry;
	int err = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(entry, &sw->fdb.entries, list) {
		if (entry->id <= at->fdb)
			continue;
		fdb.entry = entry;
		err = vsw_nl_fill_fdb(skb, &fdb, msg);
		if (err)
			break;
		at->fdb = entry->id;
	}
	rcu_read_unlock();
	return err;
}

int vsw_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct genl_info *info = (struct genl_info *)genl_info_dump(cb);
	struct vsw_nl_msg msg = vsw_nl_msg_info(info, NLM_F_MULTI);
	struct vsw_nl_cursor *at = vsw_nl_cursor(cb);
	struct vsw_switch *sw, *only = NULL;
	struct vsw_net *vn = vsw_net(msg.net);
	unsigned long id;
	int err = 0;

	mutex_lock(&vn->lock);
	if (info->attrs[VSW_A_FDB_SWITCH]) {
		only = vsw_nl_switch(info, VSW_A_FDB_SWITCH);
		err = PTR_ERR_OR_ZERO(only);
	}
	if (err)
		goto out;
	xa_for_each_start(&vn->switches, id, sw, at->sw) {
		if (only && sw != only)
			continue;
		err = vsw_nl_dump_fdb(skb, sw, at, &msg);
		if (err)
			break;
		at->sw = id + 1;
		at->fdb = 0;
	}
out:
	mutex_unlock(&vn->lock);
	return err;
}

int vsw_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_FDB_SWITCH);
	struct vsw_port *port;
	u64 addr;
	int err;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_nl_addr(info, &addr);
	if (err)
		return err;
	port = vsw_nl_fdb_port(info, sw);
	if (!port)
		GENL_REQ_ATTR_CHECK(info, VSW_A_FDB_PORT);
	if (IS_ERR_OR_NULL(port))
		return port ? PTR_ERR(port) : -EINVAL;

	err = vsw_fdb_insert(&sw->fdb, addr, port->index, true,
			     info->nlhdr->nlmsg_flags & NLM_F_REPLACE);
	if (err == -EEXIST)
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSW_A_FDB_ADDRESS],
				    "the address is there");
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack, "the FDB is full");
	return err;
}

int vsw_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_FDB_SWITCH);
	u64 addr;
	int err;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_nl_addr(info, &addr);
	if (err)
		return err;
	err = vsw_fdb_del(&sw->fdb, addr);
	if (err)
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSW_A_FDB_ADDRESS],
				    "no such address");
	return err;
}

int vsw_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_FDB_SWITCH);
	bool with_static = info->attrs[VSW_A_FDB_STATIC];
	bool with_dynamic = info->attrs[VSW_A_FDB_DYNAMIC];
	struct vsw_port *port;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	port = vsw_nl_fdb_port(info, sw);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (!with_static && !with_dynamic)
		with_static = with_dynamic = true;
	vsw_fdb_flush(&sw->fdb, port ? port->index : VSW_FDB_ANY_PORT,
		      with_static, with_dynamic);
	return 0;
}

static int vsw_nl_dump_lookup(const struct vsw_lookup_ops *ops, void *arg)
{
	struct vsw_nl_dump *dump = arg;

	return dump->fill(dump->skb, ops, &dump->msg);
}

int vsw_nl_lookup_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_nl_dump dump = {
		.skb	= skb,
		.msg	= vsw_nl_msg_info(genl_info_dump(cb), NLM_F_MULTI),
		.fill	= vsw_nl_fill_lookup,
	};

	return vsw_lookup_for_each(vsw_nl_dump_lookup, &dump,
				   &vsw_nl_cursor(cb)->lookup);
}

/**
 * vsw_nl_init() - register the family
 *
 * Return: 0 or a negative errno.
 */
int __init vsw_nl_init(void)
{
	return genl_register_family(&vsw_nl_family);
}

/**
 * vsw_nl_exit() - unregister the family
 */
void vsw_nl_exit(void)
{
	genl_unregister_family(&vsw_nl_family);
}
