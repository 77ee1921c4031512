/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvsw: what its netlink files share
 *
 * nl.c        sockets, the family, events
 * nl_call.c   one request and its answer
 * nl_attr.c   structs to attributes and back
 * nl_ops.c    a function for each operation
 */
#ifndef _LIBVSW_NL_H
#define _LIBVSW_NL_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include <vsw/nl.h>

/* No request is longer: an attribute may have so many bytes with its header. */
#define VSW_NL_REQUEST_MAX	65536

/* The kernel makes no longer datagrams for a dump. */
#define VSW_NL_DATAGRAM_MAX	32768

#define VSW_NL_GROUPS_MAX	8

/* Objects of an attribute that can be there several times, at most. */
#define VSW_NL_NESTS_MAX	64

/* Where a request is written. */
union vsw_nl_request {
	struct nlmsghdr	nlh;
	char		buf[VSW_NL_REQUEST_MAX];
};

struct vsw_nl_group {
	char		name[GENL_NAMSIZ];
	uint32_t	id;
};

struct vsw_nl {
	struct mnl_socket	*sock;
	uint32_t		seq;
	uint16_t		family;
	unsigned int		n_groups;
	struct vsw_nl_group	groups[VSW_NL_GROUPS_MAX];
	struct vsw_nl_error	error;
};

/* Where a message is decoded to. */
struct vsw_nl_decoded {
	union {
		struct vsw_nl_switch	sw;
		struct vsw_nl_port	port;
		struct vsw_nl_region	region;
		struct vsw_nl_fdb	fdb;
		struct vsw_nl_lookup	lookup;
	};
	struct vsw_nl_stats	stats;
	struct vsw_nl_drops	drops;
	/* One kind only in each message. */
	union {
		struct vsw_nl_reason		reasons[VSW_NL_NESTS_MAX];
		struct vsw_nl_lookup_attr	attrs[VSW_NL_NESTS_MAX];
	};
	const void		*nests[VSW_NL_NESTS_MAX + 1];
	unsigned int		n_nests;
};

/* nl_call.c */

/* Messages in the order of arrival, each aligned. */
struct vsw_nl_reply {
	char	*buf;
	size_t	len;
	size_t	size;
};

/*
 * Send @nlh and collect what comes back but its acknowledgment. Free
 * @reply->buf in any case. Returns -EINTR if a dump was not consistent. Names
 * the attribute at fault after @object.
 */
int vsw_nl_call(struct vsw_nl *nl, struct nlmsghdr *nlh,
		enum vsw_nl_object object, struct vsw_nl_reply *reply);

/* nl_attr.c */

int vsw_nl_encode(struct nlmsghdr *nlh, enum vsw_nl_object object,
		  const void *obj);
int vsw_nl_decode(const struct nlmsghdr *nlh, enum vsw_nl_object object,
		  struct vsw_nl_decoded *to);
const char *vsw_nl_attr_name(enum vsw_nl_object object, unsigned int attr);

/* nl_ops.c */

/*
 * Decode a message of the family and hand it to @cb. A command of a newer kernel
 * is passed over.
 */
int vsw_nl_deliver(const struct nlmsghdr *nlh, vsw_nl_cb cb, void *data);

#endif /* _LIBVSW_NL_H */
