// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel with vsw that is none: takes the place of libmnl's sockets, and gives
 * fixed answers. For tests of libvsw, and, preloaded, of vswctl.
 *
 * Every dump is interrupted the first time. The switches are s0, s1, and s2 that
 * no dump shows; it has the lookup "flow" with attributes of each type. Switch
 * "warn" can be created with a warning, switch "nope" lacks a lookup, and any
 * other has a name that is taken. Options are refused, in words that show them,
 * and the second one is blamed. The release of the kernel is what
 * VSW_FAKE_RELEASE says.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/vsw_netlink.h>

#define FAMILY		0x20
#define GROUP		0x10
#define UNKNOWN_ATTR	99

static union {
	struct nlmsghdr nlh;
	char bytes[4096];
} queue[8];
static size_t queue_len[8];
static unsigned int queued, received, dumps;
static unsigned int events, lost;
static uint32_t seq;

static char socket_memory;

int uname(struct utsname *name)
{
	const char *release = getenv("VSW_FAKE_RELEASE");

	memset(name, 0, sizeof(*name));
	snprintf(name->release, sizeof(name->release), "%s",
		 release ? release : "none");
	return 0;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus;
	(void)flags;
	return (struct mnl_socket *)&socket_memory;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

/* Append a message to the last datagram. */
static struct nlmsghdr *put(uint16_t type, uint16_t flags)
{
	char *at = queue[queued - 1].bytes + queue_len[queued - 1];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(at);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = seq;
	return nlh;
}

static struct nlmsghdr *put_object(uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = put(FAMILY, flags);
	struct genlmsghdr *genl;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	return nlh;
}

static void end(const struct nlmsghdr *nlh)
{
	queue_len[queued - 1] += MNL_ALIGN(nlh->nlmsg_len);
}

static void new_datagram(void)
{
	queue_len[queued++] = 0;
}

static void put_switch(const char *name, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = put_object(cmd, flags);

	mnl_attr_put_strz(nlh, VSW_A_SWITCH_NAME, name);
	mnl_attr_put_strz(nlh, VSW_A_SWITCH_LOOKUP, "learn");
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_AGEING, 300);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_FDB_MAX, 4096);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_PORTS, 1);
	mnl_attr_put_u32(nlh, UNKNOWN_ATTR, 1);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_FDB_ENTRIES, 2);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_FDB_FULL, 0);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_PORTS_MAX, 4096);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_SWITCHES_MAX, 1000);
	end(nlh);
}

static const uint8_t peer[6] = { 0x02, 0, 0, 0, 0, 0x0a };

/* The numbers are those of put_flow(). */
static void put_options(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSW_A_SWITCH_OPTIONS);

	mnl_attr_put_u32(nlh, 1, 5);
	mnl_attr_put_u32(nlh, 2, 1);
	mnl_attr_put_u32(nlh, 2, 9);
	mnl_attr_put_strz(nlh, 3, "it's a b");
	mnl_attr_put(nlh, 4, sizeof(peer), peer);
	mnl_attr_put_u32(nlh, 5, 3);
	mnl_attr_put_u32(nlh, UNKNOWN_ATTR, 1);
	mnl_attr_nest_end(nlh, nest);
}

static void put_reason(struct nlmsghdr *nlh, const char *name, uint32_t frames)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSW_A_SWITCH_REASON);

	mnl_attr_put_strz(nlh, VSW_A_REASON_NAME, name);
	mnl_attr_put_u32(nlh, VSW_A_REASON_FRAMES, frames);
	mnl_attr_nest_end(nlh, nest);
}

static void put_flow_switch(uint8_t cmd)
{
	struct nlmsghdr *nlh = put_object(cmd, 0);

	mnl_attr_put_strz(nlh, VSW_A_SWITCH_NAME, "s2");
	mnl_attr_put_strz(nlh, VSW_A_SWITCH_LOOKUP, "flow");
	put_options(nlh);
	put_reason(nlh, "no-rule", 7);
	put_reason(nlh, "too-many", 0);
	mnl_attr_put_u32(nlh, VSW_A_SWITCH_AGEING, 300);
	end(nlh);
}

static void put_stats(struct nlmsghdr *nlh)
{
	struct nlattr *stats, *drops;

	stats = mnl_attr_nest_start(nlh, VSW_A_PORT_STATS);
	mnl_attr_put_u32(nlh, VSW_A_STATS_TX_FRAMES, 12);
	mnl_attr_put_u64(nlh, VSW_A_STATS_TX_BYTES, 1ULL << 40);
	mnl_attr_put_u32(nlh, VSW_A_STATS_RX_FRAMES, 0);
	mnl_attr_put_u32(nlh, VSW_A_STATS_RX_BYTES, 0);
	drops = mnl_attr_nest_start(nlh, VSW_A_STATS_DROPS);
	mnl_attr_put_u32(nlh, VSW_A_DROPS_BAD_BUF, 1);
	mnl_attr_put_u32(nlh, VSW_A_DROPS_RUNT, 0);
	mnl_attr_put_u32(nlh, VSW_A_DROPS_NO_ROOM, 3);
	mnl_attr_nest_end(nlh, drops);
	mnl_attr_nest_end(nlh, stats);
}

static void put_port(uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = put_object(cmd, flags);

	mnl_attr_put_strz(nlh, VSW_A_PORT_NAME, "p0");
	mnl_attr_put_strz(nlh, VSW_A_PORT_SWITCH, "s0");
	mnl_attr_put_u32(nlh, VSW_A_PORT_INDEX, 1);
	mnl_attr_put_u32(nlh, VSW_A_PORT_TYPE, VSW_PORT_TYPE_RING);
	mnl_attr_put_u32(nlh, VSW_A_PORT_NETNS_ID, 1234567);
	mnl_attr_put_u32(nlh, VSW_A_PORT_RINGS, 1);
	mnl_attr_put_u32(nlh, VSW_A_PORT_SLOTS, 1024);
	mnl_attr_put_u32(nlh, VSW_A_PORT_BUF_SIZE, 2048);
	mnl_attr_put_u32(nlh, VSW_A_PORT_ATTACHED, 1);
	mnl_attr_put_u32(nlh, VSW_A_PORT_REGION, 3);
	put_stats(nlh);
	end(nlh);
}

static void put_region(uint16_t flags)
{
	struct nlmsghdr *nlh = put_object(VSW_CMD_REGION_GET, flags);

	mnl_attr_put_u32(nlh, VSW_A_REGION_ID, 3);
	mnl_attr_put_strz(nlh, VSW_A_REGION_PORT, "p0");
	mnl_attr_put_strz(nlh, VSW_A_REGION_SWITCH, "s0");
	mnl_attr_put_u32(nlh, VSW_A_REGION_PORT_INDEX, 1);
	mnl_attr_put_u64(nlh, VSW_A_REGION_SIZE, 4263936);
	mnl_attr_put_u32(nlh, VSW_A_REGION_BUF_SIZE, 2048);
	mnl_attr_put_u32(nlh, VSW_A_REGION_BUFFERS, 2050);
	mnl_attr_put_u32(nlh, VSW_A_REGION_FILES, 1);
	end(nlh);
}

static void put_fdb(uint8_t last, const char *port, uint8_t cmd, uint16_t flags)
{
	const uint8_t mac[6] = { 0x02, 0, 0, 0, 0xab, last };
	struct nlmsghdr *nlh = put_object(cmd, flags);

	mnl_attr_put_strz(nlh, VSW_A_FDB_SWITCH, "s0");
	mnl_attr_put(nlh, VSW_A_FDB_ADDRESS, sizeof(mac), mac);
	if (port)
		mnl_attr_put_strz(nlh, VSW_A_FDB_PORT, port);
	mnl_attr_put_u32(nlh, VSW_A_FDB_PORT_INDEX, last);
	if (last == 1)
		mnl_attr_put(nlh, VSW_A_FDB_STATIC, 0, NULL);
	else
		mnl_attr_put_u32(nlh, VSW_A_FDB_AGE, 61002);
	end(nlh);
}

static void put_lookup(uint16_t flags)
{
	struct nlmsghdr *nlh = put_object(VSW_CMD_LOOKUP_GET, flags);

	mnl_attr_put_strz(nlh, VSW_A_LOOKUP_NAME, "learn");
	mnl_attr_put_u32(nlh, VSW_A_LOOKUP_SWITCHES, 2);
	end(nlh);
}

static void put_attr(struct nlmsghdr *nlh, uint32_t id, const char *name,
		     uint32_t type, uint32_t flags)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSW_A_LOOKUP_ATTR);

	mnl_attr_put_u32(nlh, VSW_A_ATTR_ID, id);
	mnl_attr_put_strz(nlh, VSW_A_ATTR_NAME, name);
	mnl_attr_put_u32(nlh, VSW_A_ATTR_TYPE, type);
	mnl_attr_put_u32(nlh, VSW_A_ATTR_FLAGS, flags);
	mnl_attr_put_strz(nlh, VSW_A_ATTR_DOC, "Text.");
	mnl_attr_nest_end(nlh, nest);
}

static void put_flow(void)
{
	struct nlmsghdr *nlh = put_object(VSW_CMD_LOOKUP_GET, 0);

	mnl_attr_put_strz(nlh, VSW_A_LOOKUP_NAME, "flow");
	mnl_attr_put_u32(nlh, VSW_A_LOOKUP_SWITCHES, 1);
	mnl_attr_put_strz(nlh, VSW_A_LOOKUP_DOC, "Flows.");
	put_attr(nlh, 1, "weight", VSW_ATTR_TYPE_U32, 0);
	put_attr(nlh, 2, "ports", VSW_ATTR_TYPE_PORT, VSW_ATTR_FLAG_MULTI);
	put_attr(nlh, 3, "label", VSW_ATTR_TYPE_STRING, 0);
	put_attr(nlh, 4, "peer", VSW_ATTR_TYPE_ADDRESS, VSW_ATTR_FLAG_MULTI);
	put_attr(nlh, 5, "state", VSW_ATTR_TYPE_U32, VSW_ATTR_FLAG_READ_ONLY);
	put_attr(nlh, 6, "rule", VSW_ATTR_TYPE_STRING, VSW_ATTR_FLAG_MULTI);
	put_attr(nlh, 7, "new", 99, 0);
	end(nlh);
}

static void put_group(struct nlmsghdr *nlh, uint16_t i, const char *name)
{
	struct nlattr *group = mnl_attr_nest_start(nlh, i);

	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, name);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, GROUP + i);
	mnl_attr_nest_end(nlh, group);
}

static void put_family(void)
{
	struct nlmsghdr *nlh = put(GENL_ID_CTRL, 0);
	struct nlattr *groups;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	put_group(nlh, 1, VSW_MCGRP_SWITCH);
	put_group(nlh, 2, VSW_MCGRP_PORT);
	put_group(nlh, 3, VSW_MCGRP_FDB);
	mnl_attr_nest_end(nlh, groups);
	end(nlh);
}

static void put_ack(int error, const char *text, uint16_t attr, uint32_t value)
{
	struct nlmsghdr *nlh = put(NLMSG_ERROR, NLM_F_CAPPED |
				   (text ? NLM_F_ACK_TLVS : 0));
	struct nlmsgerr *ack;

	ack = mnl_nlmsg_put_extra_header(nlh, sizeof(*ack));
	ack->error = error;
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	if (attr)
		mnl_attr_put_u32(nlh, attr, value);
	end(nlh);
}

/* The name is the first attribute of every request that has one. */
static const char *name_of(const struct nlmsghdr *nlh)
{
	return mnl_attr_get_str(mnl_nlmsg_get_payload_offset(nlh,
						sizeof(struct genlmsghdr)));
}

static void refuse(int error, const char *text)
{
	put_ack(error, text, NLMSGERR_ATTR_OFFS,
		MNL_NLMSG_HDRLEN + sizeof(struct genlmsghdr));
}

static const struct nlattr *find_attr(const struct nlmsghdr *nlh, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

/* "1:05000000 2:01000000 " */
static void refuse_options(const struct nlmsghdr *nlh,
			   const struct nlattr *options)
{
	const struct nlattr *attr, *blamed = options;
	char text[256] = "";
	size_t len = 0;
	int i = 0, byte;

	mnl_attr_for_each_nested(attr, options) {
		const uint8_t *bytes = mnl_attr_get_payload(attr);

		if (i++ == 1)
			blamed = attr;
		len += snprintf(text + len, sizeof(text) - len, "%s%u:",
				len ? " " : "", mnl_attr_get_type(attr));
		for (byte = 0; byte < mnl_attr_get_payload_len(attr); byte++)
			len += snprintf(text + len, sizeof(text) - len, "%02x",
					bytes[byte]);
	}
	put_ack(-ERANGE, text, NLMSGERR_ATTR_OFFS,
		(const char *)blamed - (const char *)nlh);
}

/* Requests about lookups; false: it is none. */
static bool answer_lookup(uint8_t cmd, const struct nlmsghdr *nlh)
{
	const struct nlattr *options = find_attr(nlh, VSW_A_SWITCH_OPTIONS);

	if ((cmd == VSW_CMD_SWITCH_NEW || cmd == VSW_CMD_SWITCH_SET) && options)
		refuse_options(nlh, options);
	else if (cmd == VSW_CMD_SWITCH_GET && !strcmp(name_of(nlh), "s2"))
		put_flow_switch(cmd);
	else if (cmd == VSW_CMD_LOOKUP_GET && !strcmp(name_of(nlh), "flow"))
		put_flow();
	else if (cmd == VSW_CMD_LOOKUP_GET && !strcmp(name_of(nlh), "learn"))
		put_lookup(0);
	else if (cmd == VSW_CMD_LOOKUP_GET)
		refuse(-ENOENT, "no such lookup");
	else if (cmd == VSW_CMD_PORT_GET && !strcmp(name_of(nlh), "p0"))
		put_port(cmd, 0);
	else if (cmd == VSW_CMD_PORT_GET && !strcmp(name_of(nlh), "many"))
		refuse(-ENOTUNIQ, "several");
	else if (cmd == VSW_CMD_PORT_GET)
		refuse(-ENODEV, "no such port");
	else
		return false;
	put_ack(0, NULL, 0, 0);
	return true;
}

static void answer_do(uint8_t cmd, const struct nlmsghdr *nlh)
{
	if (answer_lookup(cmd, nlh))
		return;
	if (cmd == VSW_CMD_SWITCH_GET && !strcmp(name_of(nlh), "s0")) {
		put_switch("s0", cmd, 0);
		put_ack(0, NULL, 0, 0);
	} else if (cmd == VSW_CMD_SWITCH_NEW && !strcmp(name_of(nlh), "warn")) {
		put_ack(0, "it is late", 0, 0);
	} else if (cmd == VSW_CMD_SWITCH_NEW && !strcmp(name_of(nlh), "nope")) {
		put_ack(-EINVAL, "no default", NLMSGERR_ATTR_MISS_TYPE,
			VSW_A_SWITCH_LOOKUP);
	} else if (cmd == VSW_CMD_SWITCH_NEW) {
		refuse(-EEXIST, "the name is taken");
	} else if (cmd == VSW_CMD_SWITCH_GET) {
		refuse(-ENODEV, "no such switch");
	} else {
		put_ack(-EPERM, NULL, 0, 0);
	}
}

static void answer_dump(uint8_t cmd)
{
	const uint16_t flags = NLM_F_MULTI |
			       (dumps++ % 2 ? 0 : NLM_F_DUMP_INTR);
	struct nlmsghdr *nlh;
	int status = 0;

	if (cmd == VSW_CMD_SWITCH_GET) {
		put_switch("s0", cmd, NLM_F_MULTI);
		new_datagram();
		put_switch("s1", cmd, flags);
	} else if (cmd == VSW_CMD_PORT_GET) {
		put_port(cmd, flags);
	} else if (cmd == VSW_CMD_REGION_GET) {
		put_region(flags);
	} else if (cmd == VSW_CMD_FDB_GET) {
		put_fdb(1, "p0", cmd, flags);
		put_fdb(2, NULL, cmd, flags);
	} else {
		put_lookup(flags);
	}
	new_datagram();
	nlh = put(NLMSG_DONE, flags);
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(int)), &status,
	       sizeof(status));
	end(nlh);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request,
			  size_t len)
{
	const struct nlmsghdr *nlh = request;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	(void)nl;
	queued = 0;
	received = 0;
	new_datagram();
	/* What is left of an earlier request. */
	seq = nlh->nlmsg_seq - 1;
	put_ack(-EIO, NULL, 0, 0);
	seq = nlh->nlmsg_seq;
	if (nlh->nlmsg_type == GENL_ID_CTRL) {
		put_family();
		put_ack(0, NULL, 0, 0);
	} else if (nlh->nlmsg_type != FAMILY) {
		put_ack(-EOPNOTSUPP, NULL, 0, 0);
	} else if ((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		answer_dump(genl->cmd);
	} else {
		answer_do(genl->cmd, nlh);
	}
	return len;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf,
			  socklen_t len)
{
	(void)nl;
	(void)len;
	if (type == NETLINK_ADD_MEMBERSHIP)
		events |= 1U << (*(uint32_t *)buf - GROUP);
	return 0;
}

/* Once each: the events, a loss, the end of it all. */
static int next_event(void)
{
	seq = 0;
	queued = 0;
	received = 0;
	new_datagram();
	if (events) {
		if (events & 1 << 1)
			put_switch("s0", VSW_CMD_SWITCH_NEW_NTF, 0);
		if (events & 1 << 2)
			put_port(VSW_CMD_PORT_DEL_NTF, 0);
		if (events & 1 << 3)
			put_fdb(2, NULL, VSW_CMD_FDB_NEW_NTF, 0);
		events = 0;
		return 0;
	}
	queued = 0;
	errno = lost++ ? ESHUTDOWN : ENOBUFS;
	return -1;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	(void)nl;
	if (received == queued && next_event())
		return -1;
	if (queue_len[received] > size) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(buf, queue[received].bytes, queue_len[received]);
	return queue_len[received++];
}
