// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvsw: one netlink request and its answer
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"

/* Progress of a call. */
struct call {
	const struct nlmsghdr	*request;
	enum vsw_nl_object	object;
	struct vsw_nl_reply	*reply;
	bool			interrupted;
	bool			done;
};

/* Whether a place is in an attribute. */
static bool is_in(const struct nlattr *attr, const char *place)
{
	return place >= (const char *)attr &&
	       place < (const char *)mnl_attr_next(attr);
}

/* The attribute of a lookup in which this place is; or 0. */
static unsigned int option_at(const struct nlattr *options, const char *place)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, options)
		if (is_in(attr, place))
			return mnl_attr_get_type(attr);
	return 0;
}

/* The kernel names an attribute by where it is in the request. */
static void name_attr_at(struct vsw_nl_error *error, const struct call *call,
			 uint32_t offset)
{
	const char *place = (const char *)call->request + offset;
	const struct nlattr *attr;
	unsigned int type;

	mnl_attr_for_each(attr, call->request, sizeof(struct genlmsghdr)) {
		type = mnl_attr_get_type(attr);
		if (!is_in(attr, place))
			continue;
		snprintf(error->attr, sizeof(error->attr), "%s",
			 vsw_nl_attr_name(call->object, type));
		if (call->object == VSW_NL_SWITCH &&
		    type == VSW_A_SWITCH_OPTIONS)
			error->option = option_at(attr, place);
	}
}

static void parse_extack_attr(struct vsw_nl *nl, const struct call *call,
			      const struct nlattr *attr)
{
	struct vsw_nl_error *error = &nl->error;
	uint16_t type = mnl_attr_get_type(attr);

	if (type == NLMSGERR_ATTR_MSG) {
		if (!mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			snprintf(error->text, sizeof(error->text), "%s",
				 mnl_attr_get_str(attr));
	} else if (mnl_attr_validate(attr, MNL_TYPE_U32)) {
		return;
	} else if (type == NLMSGERR_ATTR_OFFS) {
		name_attr_at(error, call, mnl_attr_get_u32(attr));
	} else if (type == NLMSGERR_ATTR_MISS_TYPE) {
		snprintf(error->attr, sizeof(error->attr), "%s",
			 vsw_nl_attr_name(call->object,
					  mnl_attr_get_u32(attr)));
		error->missing = true;
	}
}

static void parse_extack(struct vsw_nl *nl, const struct call *call,
			 const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, offset)
		parse_extack_attr(nl, call, attr);
}

static int parse_ack(struct vsw_nl *nl, struct call *call,
		     const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*ack);

	call->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ack))
		return -EBADMSG;
	/* A kernel that could not cap the answer has our request in it. */
	if (ack->error && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(ack->msg.nlmsg_len - sizeof(ack->msg));
	parse_extack(nl, call, nlh, offset);
	return ack->error;
}

static int parse_done(struct vsw_nl *nl, struct call *call,
		      const struct nlmsghdr *nlh)
{
	const int *status = mnl_nlmsg_get_payload(nlh);

	call->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*status))
		return 0;
	parse_extack(nl, call, nlh, sizeof(*status));
	return *status < 0 ? *status : 0;
}

/*
 * Go through the datagram at the end of the reply. Messages that are none of the
 * answer are squeezed out, so that the reply stays an array of objects.
 */
static int parse_datagram(struct vsw_nl *nl, struct call *call, size_t received)
{
	struct vsw_nl_reply *reply = call->reply;
	struct nlmsghdr *nlh = (struct nlmsghdr *)(reply->buf + reply->len);
	int len = received, err = 0;

	while (!err && !call->done && mnl_nlmsg_ok(nlh, len)) {
		/* What follows is overwritten by the move. */
		struct nlmsghdr *next = mnl_nlmsg_next(nlh, &len);
		size_t size = MNL_ALIGN(nlh->nlmsg_len);

		if (nlh->nlmsg_seq != call->request->nlmsg_seq) {
			nlh = next;
			continue;
		}
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			call->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			err = parse_ack(nl, call, nlh);
		} else if (nlh->nlmsg_type == NLMSG_DONE) {
			err = parse_done(nl, call, nlh);
		} else if (nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
			memmove(reply->buf + reply->len, nlh, size);
			reply->len += size;
		}
		nlh = next;
	}
	return err;
}

static int make_room(struct vsw_nl_reply *reply)
{
	size_t size = reply->size * 2;
	char *buf;

	if (reply->size - reply->len >= VSW_NL_DATAGRAM_MAX)
		return 0;
	if (size < 2 * VSW_NL_DATAGRAM_MAX)
		size = 2 * VSW_NL_DATAGRAM_MAX;
	buf = realloc(reply->buf, size);
	if (!buf)
		return -ENOMEM;
	reply->buf = buf;
	reply->size = size;
	return 0;
}

static int receive(struct vsw_nl *nl, struct call *call)
{
	struct vsw_nl_reply *reply = call->reply;
	ssize_t received;
	int err;

	err = make_room(reply);
	if (err)
		return err;
	received = mnl_socket_recvfrom(nl->sock, reply->buf + reply->len,
				       reply->size - reply->len);
	if (received < 0)
		return errno == EINTR ? 0 : -errno;
	return parse_datagram(nl, call, received);
}

int vsw_nl_call(struct vsw_nl *nl, struct nlmsghdr *nlh,
		enum vsw_nl_object object, struct vsw_nl_reply *reply)
{
	struct call call = {
		.request = nlh,
		.object = object,
		.reply = reply,
	};
	int err = 0;

	/* Zero is the number of events. */
	if (!++nl->seq)
		nl->seq++;
	nlh->nlmsg_seq = nl->seq;
	reply->len = 0;
	memset(&nl->error, 0, sizeof(nl->error));

	while (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		if (errno != EINTR)
			return -errno;
	while (!err && !call.done)
		err = receive(nl, &call);
	if (!err && call.interrupted)
		err = -EINTR;
	return err;
}
