// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvsw: the operations of the family
 */
#include <errno.h>
#include <stdlib.h>

#include "nl.h"

/* How often a dump is begun anew when the objects change under it. */
#define DUMP_ATTEMPTS	8

static const struct {
	const char		*name;
	enum vsw_nl_object	object;
} commands[] = {
	[VSW_CMD_SWITCH_GET]	 = { "switch-get", VSW_NL_SWITCH },
	[VSW_CMD_SWITCH_NEW]	 = { "switch-new", VSW_NL_SWITCH },
	[VSW_CMD_SWITCH_SET]	 = { "switch-set", VSW_NL_SWITCH },
	[VSW_CMD_SWITCH_DEL]	 = { "switch-del", VSW_NL_SWITCH },
	[VSW_CMD_SWITCH_NEW_NTF] = { "switch-new-ntf", VSW_NL_SWITCH },
	[VSW_CMD_SWITCH_SET_NTF] = { "switch-set-ntf", VSW_NL_SWITCH },
	[VSW_CMD_SWITCH_DEL_NTF] = { "switch-del-ntf", VSW_NL_SWITCH },
	[VSW_CMD_PORT_GET]	 = { "port-get", VSW_NL_PORT },
	[VSW_CMD_PORT_NEW]	 = { "port-new", VSW_NL_PORT },
	[VSW_CMD_PORT_SET]	 = { "port-set", VSW_NL_PORT },
	[VSW_CMD_PORT_DEL]	 = { "port-del", VSW_NL_PORT },
	[VSW_CMD_PORT_NEW_NTF]	 = { "port-new-ntf", VSW_NL_PORT },
	[VSW_CMD_PORT_SET_NTF]	 = { "port-set-ntf", VSW_NL_PORT },
	[VSW_CMD_PORT_DEL_NTF]	 = { "port-del-ntf", VSW_NL_PORT },
	[VSW_CMD_REGION_GET]	 = { "region-get", VSW_NL_REGION },
	[VSW_CMD_FDB_GET]	 = { "fdb-get", VSW_NL_FDB },
	[VSW_CMD_FDB_NEW]	 = { "fdb-new", VSW_NL_FDB },
	[VSW_CMD_FDB_DEL]	 = { "fdb-del", VSW_NL_FDB },
	[VSW_CMD_FDB_FLUSH]	 = { "fdb-flush", VSW_NL_FDB },
	[VSW_CMD_FDB_NEW_NTF]	 = { "fdb-new-ntf", VSW_NL_FDB },
	[VSW_CMD_FDB_DEL_NTF]	 = { "fdb-del-ntf", VSW_NL_FDB },
	[VSW_CMD_LOOKUP_GET]	 = { "lookup-get", VSW_NL_LOOKUP },
};

int vsw_nl_deliver(const struct nlmsghdr *nlh, vsw_nl_cb cb, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct vsw_nl_decoded decoded;
	struct vsw_nl_msg msg = { .obj = &decoded };
	int err;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return -EBADMSG;
	if (genl->cmd >= MNL_ARRAY_SIZE(commands) || !commands[genl->cmd].name)
		return 0;
	msg.cmd = genl->cmd;
	msg.name = commands[genl->cmd].name;
	msg.object = commands[genl->cmd].object;
	err = vsw_nl_decode(nlh, msg.object, &decoded);
	return err ? err : cb(&msg, data);
}

static int deliver_all(const struct vsw_nl_reply *reply, vsw_nl_cb cb,
		       void *data)
{
	const struct nlmsghdr *nlh = (struct nlmsghdr *)reply->buf;
	const char *end = reply->buf + reply->len;
	int err = 0;

	for (; !err && (const char *)nlh < end;
	     nlh = (const void *)((const char *)nlh + MNL_ALIGN(nlh->nlmsg_len)))
		err = vsw_nl_deliver(nlh, cb, data);
	return err;
}

static int put_request(struct vsw_nl *nl, union vsw_nl_request *req,
		       unsigned int cmd, uint16_t flags, const void *obj)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(req);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = VSW_FAMILY_VERSION;
	return obj ? vsw_nl_encode(nlh, commands[cmd].object, obj) : 0;
}

/*
 * The answer is complete before the callback sees any of it, so that it sees
 * nothing of attempts that failed, and may use the handle itself.
 */
static int request(struct vsw_nl *nl, unsigned int cmd, uint16_t flags,
		   const void *obj, vsw_nl_cb cb, void *data)
{
	union vsw_nl_request req;
	struct vsw_nl_reply reply = {};
	int attempts = DUMP_ATTEMPTS;
	int err, cb_err;

	err = put_request(nl, &req, cmd, flags, obj);
	if (err)
		return err;
	do
		err = vsw_nl_call(nl, &req.nlh, commands[cmd].object, &reply);
	while (err == -EINTR && flags == NLM_F_DUMP && --attempts);

	if (cb && (!err || err == -EINTR)) {
		cb_err = deliver_all(&reply, cb, data);
		if (cb_err)
			err = cb_err;
	}
	free(reply.buf);
	return err;
}

#define change(nl, cmd, obj)	request(nl, cmd, 0, obj, NULL, NULL)

int vsw_nl_switch_get(struct vsw_nl *nl, const struct vsw_nl_switch *key,
		      vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_SWITCH_GET, 0, key, cb, data);
}

int vsw_nl_switch_dump(struct vsw_nl *nl, vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_SWITCH_GET, NLM_F_DUMP, NULL, cb, data);
}

int vsw_nl_switch_new(struct vsw_nl *nl, const struct vsw_nl_switch *sw)
{
	return change(nl, VSW_CMD_SWITCH_NEW, sw);
}

int vsw_nl_switch_set(struct vsw_nl *nl, const struct vsw_nl_switch *sw)
{
	return change(nl, VSW_CMD_SWITCH_SET, sw);
}

int vsw_nl_switch_del(struct vsw_nl *nl, const struct vsw_nl_switch *key)
{
	return change(nl, VSW_CMD_SWITCH_DEL, key);
}

int vsw_nl_port_get(struct vsw_nl *nl, const struct vsw_nl_port *key,
		    vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_PORT_GET, 0, key, cb, data);
}

int vsw_nl_port_dump(struct vsw_nl *nl, const struct vsw_nl_port *filter,
		     vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_PORT_GET, NLM_F_DUMP, filter, cb, data);
}

int vsw_nl_port_new(struct vsw_nl *nl, const struct vsw_nl_port *port)
{
	return change(nl, VSW_CMD_PORT_NEW, port);
}

int vsw_nl_port_set(struct vsw_nl *nl, const struct vsw_nl_port *port)
{
	return change(nl, VSW_CMD_PORT_SET, port);
}

int vsw_nl_port_del(struct vsw_nl *nl, const struct vsw_nl_port *key)
{
	return change(nl, VSW_CMD_PORT_DEL, key);
}

int vsw_nl_region_get(struct vsw_nl *nl, const struct vsw_nl_region *key,
		      vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_REGION_GET, 0, key, cb, data);
}

int vsw_nl_region_dump(struct vsw_nl *nl, vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_REGION_GET, NLM_F_DUMP, NULL, cb, data);
}

int vsw_nl_fdb_get(struct vsw_nl *nl, const struct vsw_nl_fdb *key,
		   vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_FDB_GET, 0, key, cb, data);
}

int vsw_nl_fdb_dump(struct vsw_nl *nl, const struct vsw_nl_fdb *filter,
		    vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_FDB_GET, NLM_F_DUMP, filter, cb, data);
}

int vsw_nl_fdb_new(struct vsw_nl *nl, const struct vsw_nl_fdb *fdb)
{
	return change(nl, VSW_CMD_FDB_NEW, fdb);
}

int vsw_nl_fdb_replace(struct vsw_nl *nl, const struct vsw_nl_fdb *fdb)
{
	struct vsw_nl_fdb entry = *fdb;

	vsw_nl_put(&entry, FDB_REPLACE, replace, true);
	return change(nl, VSW_CMD_FDB_NEW, &entry);
}

int vsw_nl_fdb_del(struct vsw_nl *nl, const struct vsw_nl_fdb *key)
{
	return change(nl, VSW_CMD_FDB_DEL, key);
}

int vsw_nl_fdb_flush(struct vsw_nl *nl, const struct vsw_nl_fdb *filter)
{
	return change(nl, VSW_CMD_FDB_FLUSH, filter);
}

int vsw_nl_lookup_get(struct vsw_nl *nl, const struct vsw_nl_lookup *key,
		      vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_LOOKUP_GET, 0, key, cb, data);
}

int vsw_nl_lookup_dump(struct vsw_nl *nl, vsw_nl_cb cb, void *data)
{
	return request(nl, VSW_CMD_LOOKUP_GET, NLM_F_DUMP, NULL, cb, data);
}
