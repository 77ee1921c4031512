// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: requests about switches */

#include <net/genetlink.h>

#include "fdb.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "nl.h"
#include "registry.h"
#include "switch.h"

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
	int err;

	err = vsw_nl_no_attrs(cb);
	if (err)
		return err;
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

	config.filters = vsw_nl_u32(info, VSW_A_SWITCH_LINK_LOCAL,
				    VSW_LINK_LOCAL_FORWARD);
	name = vsw_nl_new_name(info, VSW_A_SWITCH_NAME, &err);
	if (!name)
		return err;
	if (info->attrs[VSW_A_SWITCH_LOOKUP])
		config.lookup = nla_data(info->attrs[VSW_A_SWITCH_LOOKUP]);
	config.options = info->attrs[VSW_A_SWITCH_OPTIONS];
	sw = vsw_switch_create(genl_info_net(info), name, &config,
			       info->extack);
	err = PTR_ERR_OR_ZERO(sw);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_SWITCH_NAME]);
	if (err == -ENOENT && !info->extack->bad_attr)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSW_A_SWITCH_LOOKUP]);
	return err;
}

int vsw_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *options = info->attrs[VSW_A_SWITCH_OPTIONS];
	const struct nlattr *lookup = info->attrs[VSW_A_SWITCH_LOOKUP];
	struct vsw_switch *sw = vsw_nl_switch(info, VSW_A_SWITCH_NAME);
	int err = 0;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	/* What can fail comes first. */
	if (lookup || options)
		err = vsw_lookup_set(sw, lookup ? nla_data(lookup) : NULL,
				     options, info->extack);
	if (err == -ENOENT && lookup && !info->extack->bad_attr)
		NL_SET_BAD_ATTR(info->extack, lookup);
	if (err)
		return err;
	if (info->attrs[VSW_A_SWITCH_AGEING])
		vsw_fdb_set_ageing(&sw->fdb,
				   vsw_nl_u32(info, VSW_A_SWITCH_AGEING, 0));
	if (info->attrs[VSW_A_SWITCH_FDB_MAX])
		vsw_fdb_set_max(&sw->fdb,
				vsw_nl_u32(info, VSW_A_SWITCH_FDB_MAX, 0));
	if (info->attrs[VSW_A_SWITCH_LINK_LOCAL]) {
		WRITE_ONCE(sw->filters,
			   vsw_nl_u32(info, VSW_A_SWITCH_LINK_LOCAL, 0));
		/* Who is remembered as allowed may not be so any more. */
		vsw_fdb_forget_memos(&sw->fdb);
	}
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
