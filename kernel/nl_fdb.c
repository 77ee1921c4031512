// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: requests about the FDB */

#include <linux/rculist.h>
#include <net/genetlink.h>

#include "fdb.h"
#include "netlink-gen.h"
#include "nl.h"
#include "switch.h"
#include "vlan.h"

/* The switch, and the key of the address that a request names; or an ERR_PTR(). */
static struct vsw_switch *vsw_nl_fdb_key(struct genl_info *info, u64 *key)
{
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_FDB_SWITCH);

	if (IS_ERR(sw))
		return sw;
	if (GENL_REQ_ATTR_CHECK(info, VSW_A_FDB_ADDRESS))
		return ERR_PTR(-EINVAL);
	*key = vsw_fdb_key(vsw_addr_pack(nla_data(info->attrs[VSW_A_FDB_ADDRESS])),
			   vsw_nl_u32(info, VSW_A_FDB_VLAN, 0));
	if (!vsw_addr_is_group(*key))
		return sw;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSW_A_FDB_ADDRESS],
			    "not a unicast address");
	return ERR_PTR(-EADDRNOTAVAIL);
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
	struct vsw_switch *sw;
	struct vsw_nl_fdb fdb = {};
	u64 key;

	sw = vsw_nl_fdb_key(info, &key);
	if (IS_ERR(sw))
		return PTR_ERR(sw);

	rcu_read_lock();
	fdb.sw = sw;
	fdb.entry = vsw_fdb_find(&sw->fdb, key);
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
		/* The switch at which the dump stopped may be gone. */
		if (id != at->sw)
			at->fdb = 0;
		at->sw = id;
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

/* Whether frames to a port can be in the VLAN of a new entry for it. */
static int vsw_nl_fdb_check_vlan(struct genl_info *info,
				 const struct vsw_port *port, u16 vlan)
{
	enum vsw_vlan_form form;

	if (!port->sw->num_vlan_ports && !vlan)
		return 0;
	if (!vlan) {
		GENL_SET_ERR_MSG(info, "ports of the switch have VLANs, so an address needs one");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSW_A_FDB_VLAN);
		return -EINVAL;
	}
	rcu_read_lock();
	form = vsw_vlan_form(port, vlan);
	rcu_read_unlock();
	if (port->sw->num_vlan_ports && form != VSW_VLAN_ABSENT)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSW_A_FDB_VLAN],
			    "the port does not carry this VLAN");
	return -EINVAL;
}

int vsw_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_switch *sw;
	struct vsw_port *port;
	u64 key;
	int err;

	sw = vsw_nl_fdb_key(info, &key);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	port = vsw_nl_fdb_port(info, sw);
	if (!port)
		GENL_REQ_ATTR_CHECK(info, VSW_A_FDB_PORT);
	if (IS_ERR_OR_NULL(port))
		return port ? PTR_ERR(port) : -EINVAL;
	err = vsw_nl_fdb_check_vlan(info, port, vsw_fdb_vlan(key));
	if (err)
		return err;

	err = vsw_fdb_insert(&sw->fdb, key, port->index, true,
			     info->attrs[VSW_A_FDB_REPLACE]);
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
	struct vsw_switch *sw;
	u64 key;
	int err;

	sw = vsw_nl_fdb_key(info, &key);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_fdb_del(&sw->fdb, key);
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
	if (!with_static && !with_dynamic) {
		with_static = true;
		with_dynamic = true;
	}
	vsw_fdb_flush(&sw->fdb, port ? port->index : VSW_FDB_ANY_PORT,
		      with_static, with_dynamic);
	return 0;
}
