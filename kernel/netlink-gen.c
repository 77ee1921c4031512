// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vsw.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/vsw_netlink.h>

/* Integer value ranges */
static const struct netlink_range_validation vsw_a_switch_ageing_range = {
	.max	= 1000000ULL,
};

static const struct netlink_range_validation vsw_a_switch_fdb_max_range = {
	.min	= 1ULL,
	.max	= 1048576ULL,
};

static const struct netlink_range_validation vsw_a_port_deadline_range = {
	.max	= 3600000ULL,
};

/* VSW_CMD_SWITCH_GET - do */
static const struct nla_policy vsw_switch_get_nl_policy[VSW_A_SWITCH_NAME + 1] = {
	[VSW_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VSW_CMD_SWITCH_NEW - do */
static const struct nla_policy vsw_switch_new_nl_policy[VSW_A_SWITCH_LINK_LOCAL + 1] = {
	[VSW_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_SWITCH_LOOKUP] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_SWITCH_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_ageing_range),
	[VSW_A_SWITCH_FDB_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_fdb_max_range),
	[VSW_A_SWITCH_OPTIONS] = { .type = NLA_BINARY, },
	[VSW_A_SWITCH_LINK_LOCAL] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* VSW_CMD_SWITCH_SET - do */
static const struct nla_policy vsw_switch_set_nl_policy[VSW_A_SWITCH_LINK_LOCAL + 1] = {
	[VSW_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_SWITCH_LOOKUP] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_SWITCH_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_ageing_range),
	[VSW_A_SWITCH_FDB_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_fdb_max_range),
	[VSW_A_SWITCH_OPTIONS] = { .type = NLA_BINARY, },
	[VSW_A_SWITCH_LINK_LOCAL] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* VSW_CMD_SWITCH_DEL - do */
static const struct nla_policy vsw_switch_del_nl_policy[VSW_A_SWITCH_NAME + 1] = {
	[VSW_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VSW_CMD_PORT_GET - do */
static const struct nla_policy vsw_port_get_do_nl_policy[VSW_A_PORT_NETNS_PID + 1] = {
	[VSW_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_INDEX] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_ID] = { .type = NLA_S32, },
	[VSW_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_PID] = { .type = NLA_U32, },
};

/* VSW_CMD_PORT_GET - dump */
static const struct nla_policy vsw_port_get_dump_nl_policy[VSW_A_PORT_SWITCH + 1] = {
	[VSW_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VSW_CMD_PORT_NEW - do */
static const struct nla_policy vsw_port_new_nl_policy[VSW_A_PORT_VNET_HDR + 1] = {
	[VSW_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_TYPE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSW_A_PORT_NETNS_ID] = { .type = NLA_S32, },
	[VSW_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_PID] = { .type = NLA_U32, },
	[VSW_A_PORT_RINGS] = NLA_POLICY_RANGE(NLA_U32, 1, 64),
	[VSW_A_PORT_SLOTS] = NLA_POLICY_RANGE(NLA_U32, 2, 4096),
	[VSW_A_PORT_BUF_SIZE] = NLA_POLICY_RANGE(NLA_U32, 256, 16384),
	[VSW_A_PORT_ON_FULL] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSW_A_PORT_DEADLINE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_port_deadline_range),
	[VSW_A_PORT_LOCKED] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSW_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSW_A_PORT_LEARN_MAX] = { .type = NLA_U32, },
	[VSW_A_PORT_FLOOD_RATE] = { .type = NLA_U32, },
	[VSW_A_PORT_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_VLAN] = NLA_POLICY_MAX(NLA_U32, 4094),
	[VSW_A_PORT_TRUNK] = NLA_POLICY_EXACT_LEN(512),
	[VSW_A_PORT_VNET_HDR] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* VSW_CMD_PORT_SET - do */
static const struct nla_policy vsw_port_set_nl_policy[VSW_A_PORT_VNET_HDR + 1] = {
	[VSW_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_INDEX] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_ID] = { .type = NLA_S32, },
	[VSW_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_PID] = { .type = NLA_U32, },
	[VSW_A_PORT_RINGS] = NLA_POLICY_RANGE(NLA_U32, 1, 64),
	[VSW_A_PORT_SLOTS] = NLA_POLICY_RANGE(NLA_U32, 2, 4096),
	[VSW_A_PORT_BUF_SIZE] = NLA_POLICY_RANGE(NLA_U32, 256, 16384),
	[VSW_A_PORT_ON_FULL] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSW_A_PORT_DEADLINE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_port_deadline_range),
	[VSW_A_PORT_LOCKED] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSW_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSW_A_PORT_LEARN_MAX] = { .type = NLA_U32, },
	[VSW_A_PORT_FLOOD_RATE] = { .type = NLA_U32, },
	[VSW_A_PORT_VLAN] = NLA_POLICY_MAX(NLA_U32, 4094),
	[VSW_A_PORT_TRUNK] = NLA_POLICY_EXACT_LEN(512),
	[VSW_A_PORT_VNET_HDR] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* VSW_CMD_PORT_DEL - do */
static const struct nla_policy vsw_port_del_nl_policy[VSW_A_PORT_NETNS_PID + 1] = {
	[VSW_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_PORT_INDEX] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_ID] = { .type = NLA_S32, },
	[VSW_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VSW_A_PORT_NETNS_PID] = { .type = NLA_U32, },
};

/* VSW_CMD_REGION_GET - do */
static const struct nla_policy vsw_region_get_nl_policy[VSW_A_REGION_ID + 1] = {
	[VSW_A_REGION_ID] = { .type = NLA_U32, },
};

/* VSW_CMD_FDB_GET - do */
static const struct nla_policy vsw_fdb_get_do_nl_policy[VSW_A_FDB_VLAN + 1] = {
	[VSW_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSW_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U32, 1, 4094),
};

/* VSW_CMD_FDB_GET - dump */
static const struct nla_policy vsw_fdb_get_dump_nl_policy[VSW_A_FDB_SWITCH + 1] = {
	[VSW_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VSW_CMD_FDB_NEW - do */
static const struct nla_policy vsw_fdb_new_nl_policy[VSW_A_FDB_VLAN + 1] = {
	[VSW_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSW_A_FDB_PORT] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_FDB_PORT_INDEX] = { .type = NLA_U32, },
	[VSW_A_FDB_REPLACE] = { .type = NLA_FLAG, },
	[VSW_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U32, 1, 4094),
};

/* VSW_CMD_FDB_DEL - do */
static const struct nla_policy vsw_fdb_del_nl_policy[VSW_A_FDB_VLAN + 1] = {
	[VSW_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSW_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U32, 1, 4094),
};

/* VSW_CMD_FDB_FLUSH - do */
static const struct nla_policy vsw_fdb_flush_nl_policy[VSW_A_FDB_DYNAMIC + 1] = {
	[VSW_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_FDB_PORT] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSW_A_FDB_PORT_INDEX] = { .type = NLA_U32, },
	[VSW_A_FDB_STATIC] = { .type = NLA_FLAG, },
	[VSW_A_FDB_DYNAMIC] = { .type = NLA_FLAG, },
};

/* VSW_CMD_LOOKUP_GET - do */
static const struct nla_policy vsw_lookup_get_nl_policy[VSW_A_LOOKUP_NAME + 1] = {
	[VSW_A_LOOKUP_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* Ops table for vsw */
static const struct genl_split_ops vsw_nl_ops[] = {
	{
		.cmd		= VSW_CMD_SWITCH_GET,
		.pre_doit	= vsw_nl_pre_get,
		.doit		= vsw_nl_switch_get_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_switch_get_nl_policy,
		.maxattr	= VSW_A_SWITCH_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= VSW_CMD_SWITCH_GET,
		.dumpit	= vsw_nl_switch_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VSW_CMD_SWITCH_NEW,
		.pre_doit	= vsw_nl_pre_set,
		.doit		= vsw_nl_switch_new_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_switch_new_nl_policy,
		.maxattr	= VSW_A_SWITCH_LINK_LOCAL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_SWITCH_SET,
		.pre_doit	= vsw_nl_pre_set,
		.doit		= vsw_nl_switch_set_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_switch_set_nl_policy,
		.maxattr	= VSW_A_SWITCH_LINK_LOCAL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_SWITCH_DEL,
		.pre_doit	= vsw_nl_pre_dev,
		.doit		= vsw_nl_switch_del_doit,
		.post_doit	= vsw_nl_post_dev,
		.policy		= vsw_switch_del_nl_policy,
		.maxattr	= VSW_A_SWITCH_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_PORT_GET,
		.pre_doit	= vsw_nl_pre_get,
		.doit		= vsw_nl_port_get_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_port_get_do_nl_policy,
		.maxattr	= VSW_A_PORT_NETNS_PID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_PORT_GET,
		.dumpit		= vsw_nl_port_get_dumpit,
		.policy		= vsw_port_get_dump_nl_policy,
		.maxattr	= VSW_A_PORT_SWITCH,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VSW_CMD_PORT_NEW,
		.pre_doit	= vsw_nl_pre_dev,
		.doit		= vsw_nl_port_new_doit,
		.post_doit	= vsw_nl_post_dev,
		.policy		= vsw_port_new_nl_policy,
		.maxattr	= VSW_A_PORT_VNET_HDR,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_PORT_SET,
		.pre_doit	= vsw_nl_pre_set,
		.doit		= vsw_nl_port_set_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_port_set_nl_policy,
		.maxattr	= VSW_A_PORT_VNET_HDR,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_PORT_DEL,
		.pre_doit	= vsw_nl_pre_dev,
		.doit		= vsw_nl_port_del_doit,
		.post_doit	= vsw_nl_post_dev,
		.policy		= vsw_port_del_nl_policy,
		.maxattr	= VSW_A_PORT_NETNS_PID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_REGION_GET,
		.pre_doit	= vsw_nl_pre_get,
		.doit		= vsw_nl_region_get_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_region_get_nl_policy,
		.maxattr	= VSW_A_REGION_ID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= VSW_CMD_REGION_GET,
		.dumpit	= vsw_nl_region_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VSW_CMD_FDB_GET,
		.pre_doit	= vsw_nl_pre_get,
		.doit		= vsw_nl_fdb_get_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_fdb_get_do_nl_policy,
		.maxattr	= VSW_A_FDB_VLAN,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_FDB_GET,
		.dumpit		= vsw_nl_fdb_get_dumpit,
		.policy		= vsw_fdb_get_dump_nl_policy,
		.maxattr	= VSW_A_FDB_SWITCH,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VSW_CMD_FDB_NEW,
		.pre_doit	= vsw_nl_pre_set,
		.doit		= vsw_nl_fdb_new_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_fdb_new_nl_policy,
		.maxattr	= VSW_A_FDB_VLAN,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_FDB_DEL,
		.pre_doit	= vsw_nl_pre_set,
		.doit		= vsw_nl_fdb_del_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_fdb_del_nl_policy,
		.maxattr	= VSW_A_FDB_VLAN,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_FDB_FLUSH,
		.pre_doit	= vsw_nl_pre_set,
		.doit		= vsw_nl_fdb_flush_doit,
		.post_doit	= vsw_nl_post,
		.policy		= vsw_fdb_flush_nl_policy,
		.maxattr	= VSW_A_FDB_DYNAMIC,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VSW_CMD_LOOKUP_GET,
		.doit		= vsw_nl_lookup_get_doit,
		.policy		= vsw_lookup_get_nl_policy,
		.maxattr	= VSW_A_LOOKUP_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= VSW_CMD_LOOKUP_GET,
		.dumpit	= vsw_nl_lookup_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
};

static const struct genl_multicast_group vsw_nl_mcgrps[] = {
	[VSW_NLGRP_SWITCH] = { "switch", },
	[VSW_NLGRP_PORT] = { "port", },
	[VSW_NLGRP_FDB] = { "fdb", },
};

struct genl_family vsw_nl_family __ro_after_init = {
	.name		= VSW_FAMILY_NAME,
	.version	= VSW_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= vsw_nl_ops,
	.n_split_ops	= ARRAY_SIZE(vsw_nl_ops),
	.mcgrps		= vsw_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(vsw_nl_mcgrps),
};
