// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: what all requests share, and lookups
 *
 * Requests that change something come from the namespace of the switch, with
 * CAP_NET_ADMIN over it. vsw_net.lock is held around each, by the pre and
 * post hooks of the spec or by the dump itself.
 */

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "registry.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "nl.h"
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

/* Whether a request is about ports that have interfaces. */
static bool vsw_nl_is_about_devs(const struct genl_info *info,
				 const struct vsw_net *vn)
{
	if (info->genlhdr->cmd == VSW_CMD_PORT_NEW)
		return vsw_nl_u32(info, VSW_A_PORT_TYPE, VSW_PORT_TYPE_RING) !=
		       VSW_PORT_TYPE_RING;
	return READ_ONCE(vn->num_devs);
}

/**
 * vsw_nl_pre_dev() - before a request that changes what may have interfaces
 * @ops: the operation
 * @skb: the request
 * @info: its attributes
 *
 * Takes RTNL, too, but only if there are interfaces: who waits for the memory of
 * a ring should not keep the whole machine waiting.
 *
 * Return: 0 or -EPERM.
 */
int vsw_nl_pre_dev(const struct genl_split_ops *ops, struct sk_buff *skb,
		   struct genl_info *info)
{
	struct vsw_net *vn = vsw_net(genl_info_net(info));
	bool rtnl = vsw_nl_is_about_devs(info, vn);
	int err;

	for (;;) {
		if (rtnl)
			rtnl_lock();
		err = vsw_nl_pre_set(ops, skb, info);
		if (err || rtnl || !vsw_nl_is_about_devs(info, vn))
			break;
		/* There is one since. */
		vsw_nl_post(ops, skb, info);
		rtnl = true;
	}
	if (err && rtnl)
		rtnl_unlock();
	info->user_ptr[0] = rtnl ? vn : NULL;
	return err;
}

/**
 * vsw_nl_post_dev() - after such a request
 * @ops: the operation
 * @skb: the request
 * @info: its attributes
 */
void vsw_nl_post_dev(const struct genl_split_ops *ops, struct sk_buff *skb,
		     struct genl_info *info)
{
	vsw_nl_post(ops, skb, info);
	if (info->user_ptr[0])
		rtnl_unlock();
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

/**
 * vsw_nl_new_name() - the name that a new object is to have
 * @info: the request
 * @attr: the attribute, which must be there
 * @err: out: -EINVAL if there is no valid name
 *
 * Return: the name or NULL.
 */
const char *vsw_nl_new_name(struct genl_info *info, u32 attr, int *err)
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

/**
 * vsw_nl_switch() - the switch that a request names
 * @info: the request
 * @attr: the attribute, which must be there
 *
 * Context: &vsw_net.lock is held, and protects the switch.
 * Return: the switch or an ERR_PTR(): -EINVAL: the attribute is missing;
 * -ENODEV: there is no such switch.
 */
struct vsw_switch *vsw_nl_switch(struct genl_info *info, u32 attr)
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

/* A lookup may have much to tell. */
#define VSW_NL_REPLY_SIZE	SZ_32K

/**
 * vsw_nl_reply() - send an object to who asked for it
 * @info: the request
 * @fill: puts the object into a message
 * @obj: the object
 *
 * Return: 0, -ENOMEM, or the error of @fill.
 */
int vsw_nl_reply(struct genl_info *info, vsw_nl_fill_t fill, const void *obj)
{
	struct vsw_nl_msg msg = vsw_nl_msg_info(info, 0);
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(VSW_NL_REPLY_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	err = fill(skb, obj, &msg);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

/**
 * vsw_nl_no_attrs() - refuse attributes in a dump that has none
 * @cb: the dump; genetlink has no policy to check it by
 *
 * Return: 0 or -EINVAL.
 */
int vsw_nl_no_attrs(const struct netlink_callback *cb)
{
	if (!nlmsg_attrlen(cb->nlh, GENL_HDRLEN))
		return 0;
	NL_SET_ERR_MSG(cb->extack, "this dump takes no attributes");
	return -EINVAL;
}

static int vsw_nl_reply_lookup(const struct vsw_lookup_ops *ops, void *info)
{
	return vsw_nl_reply(info, vsw_nl_fill_lookup, ops);
}

/* No hooks of the spec: a lookup belongs to no namespace. */
int vsw_nl_lookup_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VSW_A_LOOKUP_NAME];
	int err;

	if (GENL_REQ_ATTR_CHECK(info, VSW_A_LOOKUP_NAME))
		return -EINVAL;
	err = vsw_lookup_call(nla_data(name), vsw_nl_reply_lookup, info);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, name, "no such lookup");
	return err;
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

	return vsw_nl_no_attrs(cb) ?:
	       vsw_lookup_walk(vsw_nl_dump_lookup, &dump,
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
