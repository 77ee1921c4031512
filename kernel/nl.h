/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family, among its files */
#ifndef _VSW_NL_H
#define _VSW_NL_H

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
 *
 * Return: the header.
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

/**
 * vsw_nl_u32() - a number in a request
 * @info: the request
 * @attr: the attribute
 * @otherwise: the number if the attribute is not there
 *
 * Return: the number.
 */
static inline u32 vsw_nl_u32(const struct genl_info *info, u32 attr,
			     u32 otherwise)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : otherwise;
}

/*
 * Puts an object into a message. Returns 0; -EMSGSIZE: there is no room, and
 * the message is as before; -ENODEV: the object is not there any more.
 */
typedef int (*vsw_nl_fill_t)(struct sk_buff *skb, const void *obj,
			     const struct vsw_nl_msg *msg);

/**
 * struct vsw_nl_match - which port is meant
 * @sw: the switch; NULL: any
 * @net: owner of the port; NULL: any
 * @name: name of the port; NULL: any
 * @index: attribute with the index of the port; NULL: any
 * @found: the port
 */
struct vsw_nl_match {
	const struct vsw_switch	*sw;
	const struct net	*net;
	const char		*name;
	const struct nlattr	*index;
	struct vsw_port		*found;
};

/**
 * struct vsw_nl_dump - for the walks over ports in a dump
 * @skb: the message to fill
 * @msg: its header
 * @fill: puts an object into it
 */
struct vsw_nl_dump {
	struct sk_buff		*skb;
	struct vsw_nl_msg	msg;
	vsw_nl_fill_t		fill;
};

/* netlink.c */
const char *vsw_nl_new_name(struct genl_info *info, u32 attr, int *err);
struct vsw_switch *vsw_nl_switch(struct genl_info *info, u32 attr);
int vsw_nl_reply(struct genl_info *info, vsw_nl_fill_t fill, const void *obj);
int vsw_nl_no_attrs(const struct netlink_callback *cb);

/* nl_port.c */
struct vsw_port *vsw_nl_find_port(struct genl_info *info,
				  struct vsw_nl_match *match,
				  const struct nlattr *bad);

/* nl_msg.c */
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

#endif /* _VSW_NL_H */
