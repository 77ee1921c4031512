/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vsw.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VSW_NETLINK_H
#define _UAPI_LINUX_VSW_NETLINK_H

#define VSW_FAMILY_NAME		"vsw"
#define VSW_FAMILY_VERSION	1

/**
 * enum vsw_port_type - What a port is attached to.
 * @VSW_PORT_TYPE_RING: Rings that a program maps from /dev/vsw.
 * @VSW_PORT_TYPE_NETDEV: A network interface that is made with the port.
 * @VSW_PORT_TYPE_UPLINK: A network device that exists, of whatever kind.
 */
enum vsw_port_type {
	VSW_PORT_TYPE_RING,
	VSW_PORT_TYPE_NETDEV,
	VSW_PORT_TYPE_UPLINK,
};

/**
 * enum vsw_on_full - What becomes of frames for which a port has no room.
 * @VSW_ON_FULL_DROP: They are dropped.
 * @VSW_ON_FULL_BLOCK: They stay in the ring of their sender, which has to
 *   wait. Flooded frames are dropped all the same.
 */
enum vsw_on_full {
	VSW_ON_FULL_DROP,
	VSW_ON_FULL_BLOCK,
};

/**
 * enum vsw_off_on - Whether something is done.
 * @VSW_OFF_ON_OFF: It is not.
 * @VSW_OFF_ON_ON: It is.
 */
enum vsw_off_on {
	VSW_OFF_ON_OFF,
	VSW_OFF_ON_ON,
};

/**
 * enum vsw_link_local - What becomes of frames to 01-80-C2-00-00-00 to -0F,
 *   such as those of the spanning tree, LACP and LLDP.
 * @VSW_LINK_LOCAL_FORWARD: They pass like any others.
 * @VSW_LINK_LOCAL_FILTER: They are dropped by the lookup, as IEEE 802.1D has
 *   it.
 */
enum vsw_link_local {
	VSW_LINK_LOCAL_FORWARD,
	VSW_LINK_LOCAL_FILTER,
};

/**
 * enum vsw_attr_type - What the value of an attribute of a lookup is.
 * @VSW_ATTR_TYPE_U32: A number.
 * @VSW_ATTR_TYPE_STRING: Text.
 * @VSW_ATTR_TYPE_PORT: Index of a port of the switch, u32.
 * @VSW_ATTR_TYPE_ADDRESS: Six bytes.
 * @VSW_ATTR_TYPE_LOOKUP: Another lookup; a nest with lookup and options as
 *   those of a switch.
 */
enum vsw_attr_type {
	VSW_ATTR_TYPE_U32,
	VSW_ATTR_TYPE_STRING,
	VSW_ATTR_TYPE_PORT,
	VSW_ATTR_TYPE_ADDRESS,
	VSW_ATTR_TYPE_LOOKUP,
};

/**
 * enum vsw_attr_flag - What else is to be known of an attribute of a lookup.
 * @VSW_ATTR_FLAG_READ_ONLY: It is shown, and cannot be set.
 * @VSW_ATTR_FLAG_MULTI: It can be there several times.
 */
enum vsw_attr_flag {
	VSW_ATTR_FLAG_READ_ONLY = 1,
	VSW_ATTR_FLAG_MULTI = 2,
};

enum {
	VSW_A_SWITCH_NAME = 1,
	VSW_A_SWITCH_LOOKUP,
	VSW_A_SWITCH_AGEING,
	VSW_A_SWITCH_FDB_MAX,
	VSW_A_SWITCH_PORTS,
	VSW_A_SWITCH_FDB_ENTRIES,
	VSW_A_SWITCH_FDB_FULL,
	VSW_A_SWITCH_PORTS_MAX,
	VSW_A_SWITCH_SWITCHES_MAX,
	VSW_A_SWITCH_OPTIONS,
	VSW_A_SWITCH_REASON,
	VSW_A_SWITCH_LINK_LOCAL,

	__VSW_A_SWITCH_MAX,
	VSW_A_SWITCH_MAX = (__VSW_A_SWITCH_MAX - 1)
};

enum {
	VSW_A_REASON_NAME = 1,
	VSW_A_REASON_FRAMES,

	__VSW_A_REASON_MAX,
	VSW_A_REASON_MAX = (__VSW_A_REASON_MAX - 1)
};

enum {
	VSW_A_PORT_NAME = 1,
	VSW_A_PORT_SWITCH,
	VSW_A_PORT_INDEX,
	VSW_A_PORT_TYPE,
	VSW_A_PORT_NETNS_ID,
	VSW_A_PORT_NETNS_FD,
	VSW_A_PORT_NETNS_PID,
	VSW_A_PORT_RINGS,
	VSW_A_PORT_SLOTS,
	VSW_A_PORT_BUF_SIZE,
	VSW_A_PORT_ATTACHED,
	VSW_A_PORT_REGION,
	VSW_A_PORT_STATS,
	VSW_A_PORT_ON_FULL,
	VSW_A_PORT_DEADLINE,
	VSW_A_PORT_LOCKED,
	VSW_A_PORT_ISOLATED,
	VSW_A_PORT_LEARN_MAX,
	VSW_A_PORT_FLOOD_RATE,
	VSW_A_PORT_LEARNED,
	VSW_A_PORT_DEV,
	VSW_A_PORT_IFINDEX,
	VSW_A_PORT_DEV_NETNS_ID,
	VSW_A_PORT_VLAN,
	VSW_A_PORT_TRUNK,
	VSW_A_PORT_VNET_HDR,

	__VSW_A_PORT_MAX,
	VSW_A_PORT_MAX = (__VSW_A_PORT_MAX - 1)
};

enum {
	VSW_A_STATS_TX_FRAMES = 1,
	VSW_A_STATS_TX_BYTES,
	VSW_A_STATS_RX_FRAMES,
	VSW_A_STATS_RX_BYTES,
	VSW_A_STATS_DROPS,

	__VSW_A_STATS_MAX,
	VSW_A_STATS_MAX = (__VSW_A_STATS_MAX - 1)
};

enum {
	VSW_A_DROPS_BAD_BUF = 1,
	VSW_A_DROPS_BAD_LEN,
	VSW_A_DROPS_BAD_CHAIN,
	VSW_A_DROPS_RUNT,
	VSW_A_DROPS_SAME_PORT,
	VSW_A_DROPS_NO_PORT,
	VSW_A_DROPS_NO_LISTENER,
	VSW_A_DROPS_LOOKUP,
	VSW_A_DROPS_NO_ROOM,
	VSW_A_DROPS_TOO_LONG,
	VSW_A_DROPS_BAD_RX_SLOT,
	VSW_A_DROPS_DEADLINE,
	VSW_A_DROPS_NO_MEMORY,
	VSW_A_DROPS_BAD_VNET_HDR,

	__VSW_A_DROPS_MAX,
	VSW_A_DROPS_MAX = (__VSW_A_DROPS_MAX - 1)
};

enum {
	VSW_A_REGION_ID = 1,
	VSW_A_REGION_PORT,
	VSW_A_REGION_SWITCH,
	VSW_A_REGION_PORT_INDEX,
	VSW_A_REGION_SIZE,
	VSW_A_REGION_BUF_SIZE,
	VSW_A_REGION_BUFFERS,
	VSW_A_REGION_FILES,

	__VSW_A_REGION_MAX,
	VSW_A_REGION_MAX = (__VSW_A_REGION_MAX - 1)
};

enum {
	VSW_A_FDB_SWITCH = 1,
	VSW_A_FDB_ADDRESS,
	VSW_A_FDB_PORT,
	VSW_A_FDB_PORT_INDEX,
	VSW_A_FDB_STATIC,
	VSW_A_FDB_DYNAMIC,
	VSW_A_FDB_AGE,
	VSW_A_FDB_REPLACE,
	VSW_A_FDB_VLAN,

	__VSW_A_FDB_MAX,
	VSW_A_FDB_MAX = (__VSW_A_FDB_MAX - 1)
};

enum {
	VSW_A_LOOKUP_NAME = 1,
	VSW_A_LOOKUP_SWITCHES,
	VSW_A_LOOKUP_DOC,
	VSW_A_LOOKUP_ATTR,

	__VSW_A_LOOKUP_MAX,
	VSW_A_LOOKUP_MAX = (__VSW_A_LOOKUP_MAX - 1)
};

enum {
	VSW_A_ATTR_ID = 1,
	VSW_A_ATTR_NAME,
	VSW_A_ATTR_TYPE,
	VSW_A_ATTR_FLAGS,
	VSW_A_ATTR_DOC,

	__VSW_A_ATTR_MAX,
	VSW_A_ATTR_MAX = (__VSW_A_ATTR_MAX - 1)
};

enum {
	VSW_CMD_SWITCH_GET = 1,
	VSW_CMD_SWITCH_NEW,
	VSW_CMD_SWITCH_SET,
	VSW_CMD_SWITCH_DEL,
	VSW_CMD_SWITCH_NEW_NTF,
	VSW_CMD_SWITCH_SET_NTF,
	VSW_CMD_SWITCH_DEL_NTF,
	VSW_CMD_PORT_GET,
	VSW_CMD_PORT_NEW,
	VSW_CMD_PORT_SET,
	VSW_CMD_PORT_DEL,
	VSW_CMD_PORT_NEW_NTF,
	VSW_CMD_PORT_SET_NTF,
	VSW_CMD_PORT_DEL_NTF,
	VSW_CMD_REGION_GET,
	VSW_CMD_FDB_GET,
	VSW_CMD_FDB_NEW,
	VSW_CMD_FDB_DEL,
	VSW_CMD_FDB_FLUSH,
	VSW_CMD_FDB_NEW_NTF,
	VSW_CMD_FDB_DEL_NTF,
	VSW_CMD_LOOKUP_GET,

	__VSW_CMD_MAX,
	VSW_CMD_MAX = (__VSW_CMD_MAX - 1)
};

#define VSW_MCGRP_SWITCH	"switch"
#define VSW_MCGRP_PORT		"port"
#define VSW_MCGRP_FDB		"fdb"

#endif /* _UAPI_LINUX_VSW_NETLINK_H */
