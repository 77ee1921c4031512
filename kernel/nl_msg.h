/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of the generic netlink family */
#ifndef _VSW_NL_MSG_H
#define _VSW_NL_MSG_H

#include <net/genetlink.h>

#include "fdb.h"

struct vsw_switch;

/**
 * struct vsw_nl_msg - the header of a message, and who reads it
 * @net: namespace of the reader
 * @portid: address of the reader; 0 for a notification
 * @seq: sequence number of the request; 0 for a notification
 * @flags: flags of the netlink header
 * @cmd: the command
 */
struct vsw_nl_msg {
	struct net	*net;
	u32		portid;
	u32		seq;
	int		flags;
	u8		cmd;
};

/**
 * struct vsw_nl_fdb - an FDB entry with what is needed to describe it
 * @sw: the switch
 * @entry: the entry
 * @copy: room for a copy of it
 */
struct vsw_nl_fdb {
	const struct vsw_switch		*sw;
	const struct vsw_fdb_entry	*entry;
	struct vsw_fdb_entry		copy;
};

/**
 * struct vsw_nl_cursor - where a dump goes on
 * @fdb: id of the FDB entry that was dumped last
 * @sw: id of the switch
 * @port: index of the port
 * @foreign: number of ports on switches elsewhere that were dumped
 * @lookup: number of lookups that were dumped
 */
struct vsw_nl_cursor {
	u64	fdb;
	u32	sw;
	u32	port;
	u32	foreign;
	u32	lookup;
};

static inline struct vsw_nl_cursor *vsw_nl_cursor(struct netlink_callback *cb)
{
	NL_ASSERT_DUMP_CTX_FITS(struct vsw_nl_cursor);
	return (struct vsw_nl_cursor *)cb->ctx;
}

/**
 * vsw_nl_msg_info() - the header of a reply
 * @info: the request
 * @flags: flags of the netlink header
 */
static inline struct vsw_nl_msg vsw_nl_msg_info(const struct genl_info *info,
						int flags)
{
	return (struct vsw_nl_msg) {
		.net	= genl_info_net(info),
		.portid	= info->snd_portid,
		.seq	= info->snd_seq,
		.flags	= flags,
		.cmd	= info->genlhdr->cmd,
	};
}

/*
 * Put an object into a message. Return 0; -EMSGSIZE: there is no room, and
 * the message is as before; -ENODEV: the object is not there any more.
 */
int vsw_nl_fill_switch(struct sk_buff *skb, const void *sw,
		       const struct vsw_nl_msg *msg);
int vsw_nl_fill_port(struct sk_buff *skb, const void *port,
		     const struct vsw_nl_msg *msg);
int vsw_nl_fill_region(struct sk_buff *skb, const void *port,
		       const struct vsw_nl_msg *msg);
int vsw_nl_fill_fdb(struct sk_buff *skb, const void *fdb,
		    const struct vsw_nl_msg *msg);
int vsw_nl_fill_lookup(struct sk_buff *skb, const void *ops,
		       const struct vsw_nl_msg *msg);

#endif /* _VSW_NL_MSG_H */
