// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvsw: the attributes of the family, from structs and to structs
 */
#include <errno.h>
#include <string.h>

#include "nl.h"

#define ATTR(_name, _kind, _type, _member)			\
	{ .name = _name, .kind = VSW_NL_##_kind,		\
	  .offset = offsetof(struct vsw_nl_##_type, _member) }

static const char *const port_types[] = {
	[VSW_PORT_TYPE_RING]	= "ring",
	[VSW_PORT_TYPE_NETDEV]	= "netdev",
	[VSW_PORT_TYPE_UPLINK]	= "uplink",
	NULL,
};

static const char *const link_local[] = {
	[VSW_LINK_LOCAL_FORWARD] = "forward",
	[VSW_LINK_LOCAL_FILTER]	 = "filter",
	NULL,
};

static const char *const on_full[] = {
	[VSW_ON_FULL_DROP]	= "drop",
	[VSW_ON_FULL_BLOCK]	= "block",
	NULL,
};

static const char *const off_on[] = {
	[VSW_OFF_ON_OFF]	= "off",
	[VSW_OFF_ON_ON]		= "on",
	NULL,
};

static const char *const attr_types[] = {
	[VSW_ATTR_TYPE_U32]	= "u32",
	[VSW_ATTR_TYPE_STRING]	= "string",
	[VSW_ATTR_TYPE_PORT]	= "port",
	[VSW_ATTR_TYPE_ADDRESS]	= "address",
	[VSW_ATTR_TYPE_LOOKUP]	= "lookup",
	NULL,
};

/* Bit by bit. */
static const char *const attr_flags[] = {
	"read-only",
	"multi",
	NULL,
};

static const struct vsw_nl_attr switch_attrs[] = {
	[VSW_A_SWITCH_NAME]		= ATTR("name", STRING, switch, name),
	[VSW_A_SWITCH_LOOKUP]		= ATTR("lookup", STRING, switch, lookup),
	[VSW_A_SWITCH_AGEING]		= ATTR("ageing", U32, switch, ageing),
	[VSW_A_SWITCH_FDB_MAX]		= ATTR("fdb-max", U32, switch, fdb_max),
	[VSW_A_SWITCH_PORTS]		= ATTR("ports", U32, switch, ports),
	[VSW_A_SWITCH_FDB_ENTRIES]	= ATTR("fdb-entries", U32, switch,
					       fdb_entries),
	[VSW_A_SWITCH_FDB_FULL]		= ATTR("fdb-full", UINT, switch,
					       fdb_full),
	[VSW_A_SWITCH_PORTS_MAX]	= ATTR("ports-max", U32, switch,
					       ports_max),
	[VSW_A_SWITCH_SWITCHES_MAX]	= ATTR("switches-max", U32, switch,
					       switches_max),
	[VSW_A_SWITCH_OPTIONS]		= ATTR("options", BINARY, switch,
					       options),
	[VSW_A_SWITCH_REASON]		= {
		.name = "reason", .kind = VSW_NL_NESTS, .nest = VSW_NL_REASON,
		.offset = offsetof(struct vsw_nl_switch, reason),
	},
	[VSW_A_SWITCH_LINK_LOCAL]	= {
		.name = "link-local", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_switch, link_local),
		.names = link_local,
	},
};

static const struct vsw_nl_attr reason_attrs[] = {
	[VSW_A_REASON_NAME]	= ATTR("name", STRING, reason, name),
	[VSW_A_REASON_FRAMES]	= ATTR("frames", UINT, reason, frames),
};

static const struct vsw_nl_attr port_attrs[] = {
	[VSW_A_PORT_NAME]	= ATTR("name", STRING, port, name),
	[VSW_A_PORT_SWITCH]	= ATTR("switch", STRING, port, sw),
	[VSW_A_PORT_INDEX]	= ATTR("index", U32, port, index),
	[VSW_A_PORT_TYPE]	= {
		.name = "type", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_port, type),
		.names = port_types,
	},
	[VSW_A_PORT_NETNS_ID]	= ATTR("netns-id", S32, port, netns_id),
	[VSW_A_PORT_NETNS_FD]	= ATTR("netns-fd", U32, port, netns_fd),
	[VSW_A_PORT_NETNS_PID]	= ATTR("netns-pid", U32, port, netns_pid),
	[VSW_A_PORT_RINGS]	= ATTR("rings", U32, port, rings),
	[VSW_A_PORT_SLOTS]	= ATTR("slots", U32, port, slots),
	[VSW_A_PORT_BUF_SIZE]	= ATTR("buf-size", U32, port, buf_size),
	[VSW_A_PORT_ATTACHED]	= ATTR("attached", U32, port, attached),
	[VSW_A_PORT_REGION]	= ATTR("region", U32, port, region),
	[VSW_A_PORT_STATS]	= {
		.name = "stats", .kind = VSW_NL_NEST, .nest = VSW_NL_STATS,
		.offset = offsetof(struct vsw_nl_port, stats),
	},
	[VSW_A_PORT_ON_FULL]	= {
		.name = "on-full", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_port, on_full),
		.names = on_full,
	},
	[VSW_A_PORT_DEADLINE]	= ATTR("deadline", U32, port, deadline),
	[VSW_A_PORT_LOCKED]	= {
		.name = "locked", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_port, locked),
		.names = off_on,
	},
	[VSW_A_PORT_ISOLATED]	= {
		.name = "isolated", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_port, isolated),
		.names = off_on,
	},
	[VSW_A_PORT_LEARN_MAX]	= ATTR("learn-max", U32, port, learn_max),
	[VSW_A_PORT_FLOOD_RATE]	= ATTR("flood-rate", U32, port, flood_rate),
	[VSW_A_PORT_LEARNED]	= ATTR("learned", U32, port, learned),
	[VSW_A_PORT_DEV]	= ATTR("dev", STRING, port, dev),
	[VSW_A_PORT_IFINDEX]	= ATTR("ifindex", U32, port, ifindex),
	[VSW_A_PORT_DEV_NETNS_ID] = ATTR("dev-netns-id", S32, port,
					 dev_netns_id),
	[VSW_A_PORT_VLAN]	= ATTR("vlan", VLAN, port, vlan),
	[VSW_A_PORT_TRUNK]	= ATTR("trunk", VLANS, port, trunk),
	[VSW_A_PORT_VNET_HDR]	= {
		.name = "vnet-hdr", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_port, vnet_hdr),
		.names = off_on,
	},
};

static const struct vsw_nl_attr stats_attrs[] = {
	[VSW_A_STATS_TX_FRAMES]	= ATTR("tx-frames", UINT, stats, tx_frames),
	[VSW_A_STATS_TX_BYTES]	= ATTR("tx-bytes", UINT, stats, tx_bytes),
	[VSW_A_STATS_RX_FRAMES]	= ATTR("rx-frames", UINT, stats, rx_frames),
	[VSW_A_STATS_RX_BYTES]	= ATTR("rx-bytes", UINT, stats, rx_bytes),
	[VSW_A_STATS_DROPS]	= {
		.name = "drops", .kind = VSW_NL_NEST, .nest = VSW_NL_DROPS,
		.offset = offsetof(struct vsw_nl_stats, drops),
	},
};

static const struct vsw_nl_attr drops_attrs[] = {
	[VSW_A_DROPS_BAD_BUF]		= ATTR("bad-buf", UINT, drops, bad_buf),
	[VSW_A_DROPS_BAD_LEN]		= ATTR("bad-len", UINT, drops, bad_len),
	[VSW_A_DROPS_BAD_CHAIN]		= ATTR("bad-chain", UINT, drops,
					       bad_chain),
	[VSW_A_DROPS_RUNT]		= ATTR("runt", UINT, drops, runt),
	[VSW_A_DROPS_SAME_PORT]		= ATTR("same-port", UINT, drops,
					       same_port),
	[VSW_A_DROPS_NO_PORT]		= ATTR("no-port", UINT, drops, no_port),
	[VSW_A_DROPS_NO_LISTENER]	= ATTR("no-listener", UINT, drops,
					       no_listener),
	[VSW_A_DROPS_LOOKUP]		= ATTR("lookup", UINT, drops, lookup),
	[VSW_A_DROPS_NO_ROOM]		= ATTR("no-room", UINT, drops, no_room),
	[VSW_A_DROPS_TOO_LONG]		= ATTR("too-long", UINT, drops, too_long),
	[VSW_A_DROPS_BAD_RX_SLOT]	= ATTR("bad-rx-slot", UINT, drops,
					       bad_rx_slot),
	[VSW_A_DROPS_DEADLINE]		= ATTR("deadline", UINT, drops, deadline),
	[VSW_A_DROPS_NO_MEMORY]		= ATTR("no-memory", UINT, drops,
					       no_memory),
	[VSW_A_DROPS_BAD_VNET_HDR]	= ATTR("bad-vnet-hdr", UINT, drops,
					       bad_vnet_hdr),
};

static const struct vsw_nl_attr region_attrs[] = {
	[VSW_A_REGION_ID]		= ATTR("id", U32, region, id),
	[VSW_A_REGION_PORT]		= ATTR("port", STRING, region, port),
	[VSW_A_REGION_SWITCH]		= ATTR("switch", STRING, region, sw),
	[VSW_A_REGION_PORT_INDEX]	= ATTR("port-index", U32, region,
					       port_index),
	[VSW_A_REGION_SIZE]		= ATTR("size", UINT, region, size),
	[VSW_A_REGION_BUF_SIZE]		= ATTR("buf-size", U32, region, buf_size),
	[VSW_A_REGION_BUFFERS]		= ATTR("buffers", U32, region, buffers),
	[VSW_A_REGION_FILES]		= ATTR("files", U32, region, files),
};

static const struct vsw_nl_attr fdb_attrs[] = {
	[VSW_A_FDB_SWITCH]	= ATTR("switch", STRING, fdb, sw),
	[VSW_A_FDB_ADDRESS]	= ATTR("address", MAC, fdb, address),
	[VSW_A_FDB_PORT]	= ATTR("port", STRING, fdb, port),
	[VSW_A_FDB_PORT_INDEX]	= ATTR("port-index", U32, fdb, port_index),
	[VSW_A_FDB_STATIC]	= ATTR("static", FLAG, fdb, is_static),
	[VSW_A_FDB_DYNAMIC]	= ATTR("dynamic", FLAG, fdb, dynamic),
	[VSW_A_FDB_AGE]		= ATTR("age", U32, fdb, age),
	[VSW_A_FDB_REPLACE]	= ATTR("replace", FLAG, fdb, replace),
	[VSW_A_FDB_VLAN]	= ATTR("vlan", U32, fdb, vlan),
};

static const struct vsw_nl_attr lookup_attrs[] = {
	[VSW_A_LOOKUP_NAME]	= ATTR("name", STRING, lookup, name),
	[VSW_A_LOOKUP_SWITCHES]	= ATTR("switches", U32, lookup, switches),
	[VSW_A_LOOKUP_DOC]	= ATTR("doc", STRING, lookup, doc),
	[VSW_A_LOOKUP_ATTR]	= {
		.name = "attr", .kind = VSW_NL_NESTS, .nest = VSW_NL_ATTR,
		.offset = offsetof(struct vsw_nl_lookup, attr),
	},
};

static const struct vsw_nl_attr lookup_attr_attrs[] = {
	[VSW_A_ATTR_ID]		= ATTR("id", U32, lookup_attr, id),
	[VSW_A_ATTR_NAME]	= ATTR("name", STRING, lookup_attr, name),
	[VSW_A_ATTR_TYPE]	= {
		.name = "type", .kind = VSW_NL_U32,
		.offset = offsetof(struct vsw_nl_lookup_attr, type),
		.names = attr_types,
	},
	[VSW_A_ATTR_FLAGS]	= {
		.name = "flags", .kind = VSW_NL_FLAGS,
		.offset = offsetof(struct vsw_nl_lookup_attr, flags),
		.names = attr_flags,
	},
	[VSW_A_ATTR_DOC]	= ATTR("doc", STRING, lookup_attr, doc),
};

/* @size of the object, and @scratch: where it is in struct vsw_nl_decoded. */
#define SET(_type, _scratch)						\
	{ .attrs = _type##_attrs, .max = MNL_ARRAY_SIZE(_type##_attrs) - 1, \
	  .size = sizeof(struct vsw_nl_##_type), .scratch = _scratch }

static const struct attr_set {
	const struct vsw_nl_attr	*attrs;
	unsigned int			max;
	size_t				size;
	size_t				scratch;
} sets[] = {
	[VSW_NL_SWITCH]	= SET(switch, 0),
	[VSW_NL_PORT]	= SET(port, 0),
	[VSW_NL_REGION]	= SET(region, 0),
	[VSW_NL_FDB]	= SET(fdb, 0),
	[VSW_NL_LOOKUP]	= SET(lookup, 0),
	[VSW_NL_STATS]	= SET(stats, offsetof(struct vsw_nl_decoded, stats)),
	[VSW_NL_DROPS]	= SET(drops, offsetof(struct vsw_nl_decoded, drops)),
	[VSW_NL_REASON]	= SET(reason, offsetof(struct vsw_nl_decoded, reasons)),
	[VSW_NL_ATTR]	= SET(lookup_attr,
			      offsetof(struct vsw_nl_decoded, attrs)),
};

const struct vsw_nl_attr *vsw_nl_attrs(enum vsw_nl_object object,
				       unsigned int *max)
{
	*max = sets[object].max;
	return sets[object].attrs;
}

const char *vsw_nl_attr_name(enum vsw_nl_object object, unsigned int attr)
{
	const struct attr_set *set = &sets[object];

	return attr && attr <= set->max ? set->attrs[attr].name : "";
}

static bool encode_attr(struct nlmsghdr *nlh, unsigned int type,
			const struct vsw_nl_attr *attr, const void *member)
{
	const struct vsw_nl_binary *binary = member;
	const size_t max = VSW_NL_REQUEST_MAX;

	switch (attr->kind) {
	case VSW_NL_STRING:
		return mnl_attr_put_strz_check(nlh, max, type,
					       *(const char *const *)member);
	case VSW_NL_U32:
	case VSW_NL_S32:
	case VSW_NL_FLAGS:
	case VSW_NL_VLAN:
		return mnl_attr_put_check(nlh, max, type, 4, member);
	case VSW_NL_UINT:
		return mnl_attr_put_check(nlh, max, type, 8, member);
	case VSW_NL_MAC:
		return mnl_attr_put_check(nlh, max, type, 6, member);
	case VSW_NL_VLANS:
		return mnl_attr_put_check(nlh, max, type, VSW_NL_VLANS_SIZE,
					  member);
	case VSW_NL_FLAG:
		return !*(const bool *)member ||
		       mnl_attr_put_check(nlh, max, type, 0, NULL);
	case VSW_NL_BINARY:
		return mnl_attr_put_check(nlh, max, type, binary->len,
					  binary->data);
	case VSW_NL_NEST:
	case VSW_NL_NESTS:
	case VSW_NL_NONE:
		break;
	}
	/* No request has a nest. */
	return false;
}

int vsw_nl_encode(struct nlmsghdr *nlh, enum vsw_nl_object object,
		  const void *obj)
{
	const struct attr_set *set = &sets[object];
	uint64_t present = vsw_nl_present(obj);
	unsigned int type;

	for (type = 1; type <= set->max; type++) {
		const struct vsw_nl_attr *attr = &set->attrs[type];

		if (!(present & VSW_NL_BIT(type)))
			continue;
		if (!encode_attr(nlh, type, attr,
				 (const char *)obj + attr->offset))
			return -EMSGSIZE;
	}
	return 0;
}

static int decode_set(const struct nlattr *first, size_t len,
		      enum vsw_nl_object object, void *obj,
		      struct vsw_nl_decoded *to);

static int decode_nest(const struct nlattr *nla, enum vsw_nl_object object,
		       void *member, struct vsw_nl_decoded *to)
{
	void *obj = (char *)to + sets[object].scratch;

	*(const void **)member = obj;
	return decode_set(mnl_attr_get_payload(nla),
			  mnl_attr_get_payload_len(nla), object, obj, to);
}

/* One of several. More than there is room for no kernel has. */
static int decode_nests(const struct nlattr *nla, enum vsw_nl_object object,
			void *member, struct vsw_nl_decoded *to)
{
	void *obj = (char *)to + sets[object].scratch +
		    to->n_nests * sets[object].size;

	*(const void ***)member = to->nests;
	if (to->n_nests == VSW_NL_NESTS_MAX)
		return -EBADMSG;
	to->nests[to->n_nests++] = obj;
	to->nests[to->n_nests] = NULL;
	return decode_set(mnl_attr_get_payload(nla),
			  mnl_attr_get_payload_len(nla), object, obj, to);
}

/* The kernel sends a uint in 4 bytes if it fits. */
static int decode_uint(const struct nlattr *nla, uint64_t *to)
{
	switch (mnl_attr_get_payload_len(nla)) {
	case 4:
		*to = mnl_attr_get_u32(nla);
		return 0;
	case 8:
		*to = mnl_attr_get_u64(nla);
		return 0;
	}
	return -EBADMSG;
}

static int decode_fixed(const struct nlattr *nla, size_t len, void *to)
{
	if (mnl_attr_get_payload_len(nla) != len)
		return -EBADMSG;
	memcpy(to, mnl_attr_get_payload(nla), len);
	return 0;
}

static void decode_binary(const struct nlattr *nla, struct vsw_nl_binary *to)
{
	to->data = mnl_attr_get_payload(nla);
	to->len = mnl_attr_get_payload_len(nla);
}

static int decode_attr(const struct nlattr *nla, const struct vsw_nl_attr *attr,
		       void *member, struct vsw_nl_decoded *to)
{
	switch (attr->kind) {
	case VSW_NL_STRING:
		if (mnl_attr_validate(nla, MNL_TYPE_NUL_STRING))
			return -EBADMSG;
		*(const char **)member = mnl_attr_get_str(nla);
		return 0;
	case VSW_NL_U32:
	case VSW_NL_S32:
	case VSW_NL_FLAGS:
	case VSW_NL_VLAN:
		return decode_fixed(nla, 4, member);
	case VSW_NL_UINT:
		return decode_uint(nla, member);
	case VSW_NL_MAC:
		return decode_fixed(nla, 6, member);
	case VSW_NL_VLANS:
		return decode_fixed(nla, VSW_NL_VLANS_SIZE, member);
	case VSW_NL_FLAG:
		*(bool *)member = true;
		return 0;
	case VSW_NL_NEST:
		return decode_nest(nla, attr->nest, member, to);
	case VSW_NL_NESTS:
		return decode_nests(nla, attr->nest, member, to);
	case VSW_NL_BINARY:
		decode_binary(nla, member);
		return 0;
	case VSW_NL_NONE:
		break;
	}
	return 0;
}

/* Attributes of a newer kernel are passed over. */
static int decode_set(const struct nlattr *first, size_t len,
		      enum vsw_nl_object object, void *obj,
		      struct vsw_nl_decoded *to)
{
	const struct attr_set *set = &sets[object];
	const struct nlattr *attr;
	unsigned int type;
	int err;

	memset(obj, 0, set->size);
	mnl_attr_for_each_payload(first, len) {
		type = mnl_attr_get_type(attr);
		if (!type || type > set->max)
			continue;
		err = decode_attr(attr, &set->attrs[type],
				  (char *)obj + set->attrs[type].offset, to);
		if (err)
			return err;
		*(uint64_t *)obj |= VSW_NL_BIT(type);
	}
	return 0;
}

int vsw_nl_decode(const struct nlmsghdr *nlh, enum vsw_nl_object object,
		  struct vsw_nl_decoded *to)
{
	const size_t header = MNL_ALIGN(sizeof(struct genlmsghdr));

	if (mnl_nlmsg_get_payload_len(nlh) < header)
		return -EBADMSG;
	to->n_nests = 0;
	return decode_set(mnl_nlmsg_get_payload_offset(nlh, header),
			  mnl_nlmsg_get_payload_len(nlh) - header, object, to,
			  to);
}
