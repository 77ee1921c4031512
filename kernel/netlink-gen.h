/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vsw.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VSW_GEN_H
#define _LINUX_VSW_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vsw_netlink.h>

int vsw_nl_pre_get(const struct genl_split_ops *ops, struct sk_buff *skb,
		   struct genl_info *info);
int vsw_nl_pre_set(const struct genl_split_ops *ops, struct sk_buff *skb,
		   struct genl_info *info);
int vsw_nl_pre_dev(const struct genl_split_ops *ops, struct sk_buff *skb,
		   struct genl_info *info);
void
vsw_nl_post(const struct genl_split_ops *ops, struct sk_buff *skb,
	    struct genl_info *info);
void
vsw_nl_post_dev(const struct genl_split_ops *ops, struct sk_buff *skb,
		struct genl_info *info);

int vsw_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vsw_nl_switch_new_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_switch_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vsw_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_region_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_region_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vsw_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vsw_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_lookup_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_lookup_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

enum {
	VSW_NLGRP_SWITCH,
	VSW_NLGRP_PORT,
	VSW_NLGRP_FDB,
};

extern struct genl_family vsw_nl_family;

#endif /* _LINUX_VSW_GEN_H */
