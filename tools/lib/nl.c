// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvsw: netlink sockets, the family vsw, events
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nl.h"

static void parse_group(struct vsw_nl *nl, const struct nlattr *nest)
{
	struct vsw_nl_group *group = &nl->groups[nl->n_groups];
	const struct nlattr *attr;

	if (nl->n_groups == VSW_NL_GROUPS_MAX)
		return;
	memset(group, 0, sizeof(*group));
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_MCAST_GRP_NAME:
			snprintf(group->name, sizeof(group->name), "%s",
				 mnl_attr_get_str(attr));
			break;
		case CTRL_ATTR_MCAST_GRP_ID:
			group->id = mnl_attr_get_u32(attr);
			break;
		}
	}
	nl->n_groups++;
}

static void parse_family(struct vsw_nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr, *nest;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			nl->family = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			mnl_attr_for_each_nested(nest, attr)
				parse_group(nl, nest);
			break;
		}
	}
}

static int resolve_family(struct vsw_nl *nl)
{
	union vsw_nl_request request;
	struct vsw_nl_reply reply = {};
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	int err;

	nlh = mnl_nlmsg_put_header(&request);
	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, VSW_FAMILY_NAME);

	err = vsw_nl_call(nl, nlh, VSW_NL_SWITCH, &reply);
	if (!err && reply.len)
		parse_family(nl, (struct nlmsghdr *)reply.buf);
	free(reply.buf);
	if (!err && !nl->family)
		err = -EBADMSG;
	return err;
}

static int open_socket(struct vsw_nl *nl)
{
	int on = 1;

	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on)))
		return -errno;
	return 0;
}

int vsw_nl_open(struct vsw_nl **out)
{
	struct vsw_nl *nl;
	int err;

	nl = calloc(1, sizeof(*nl));
	if (!nl)
		return -ENOMEM;
	nl->seq = time(NULL);
	err = open_socket(nl);
	if (!err)
		err = resolve_family(nl);
	if (err) {
		vsw_nl_close(nl);
		return err;
	}
	*out = nl;
	return 0;
}

void vsw_nl_close(struct vsw_nl *nl)
{
	if (!nl)
		return;
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl);
}

int vsw_nl_fd(const struct vsw_nl *nl)
{
	return mnl_socket_get_fd(nl->sock);
}

const struct vsw_nl_error *vsw_nl_error(const struct vsw_nl *nl)
{
	return &nl->error;
}

int vsw_nl_join(struct vsw_nl *nl, const char *group)
{
	unsigned int i;

	for (i = 0; i < nl->n_groups; i++) {
		if (strcmp(nl->groups[i].name, group))
			continue;
		if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP,
					  &nl->groups[i].id,
					  sizeof(nl->groups[i].id)))
			return -errno;
		return 0;
	}
	return -ENOENT;
}

int vsw_nl_events(struct vsw_nl *nl, vsw_nl_cb cb, void *data)
{
	union {
		struct nlmsghdr	nlh;
		char		buf[VSW_NL_DATAGRAM_MAX];
	} datagram;
	const struct nlmsghdr *nlh = &datagram.nlh;
	ssize_t received;
	int len, err;

	do
		received = mnl_socket_recvfrom(nl->sock, &datagram,
					       sizeof(datagram));
	while (received < 0 && errno == EINTR);
	if (received < 0)
		return -errno;

	len = received;
	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type != nl->family)
			continue;
		err = vsw_nl_deliver(nlh, cb, data);
		if (err)
			return err;
	}
	return 0;
}
