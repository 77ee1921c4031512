// SPDX-License-Identifier: GPL-2.0
/*
 * A patch panel: what comes from a port goes to the port that it is connected
 * with, whatever the frame says; the frame is not looked at.
 */

#include <linux/slab.h>

#include "../lookup.h"

/* No port has this index. */
#define VSW_STATIC_NONE		VSW_TO_NONE

enum {
	VSW_STATIC_CONNECT = 1,
	VSW_STATIC_WITH,
	VSW_STATIC_DISCONNECT,
};

static const struct vsw_lookup_attr vsw_static_attrs[] = {
	{
		.name	= "connect",
		.doc	= "Port to be connected.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "with",
		.doc	= "The port that it is connected with, in both directions.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "disconnect",
		.doc	= "Port that is not to be connected any more.",
		.type	= VSW_ATTR_TYPE_PORT,
		.flags	= VSW_ATTR_FLAG_MULTI,
	},
};

/**
 * struct vsw_static - the panel
 * @peer: by index of a port, that of the one that it is connected with
 */
struct vsw_static {
	u16	peer[VSW_MAX_PORTS];
};

static void vsw_static(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	const struct vsw_static *panel = vsw_lookup_priv(lookup);
	u16 peer = READ_ONCE(panel->peer[batch->src->index]);
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		run->verdict = peer;
}

static int vsw_static_init(struct vsw_lookup *lookup,
			   struct netlink_ext_ack *extack)
{
	struct vsw_static *panel = vsw_lookup_priv(lookup);
	u32 i;

	for (i = 0; i < VSW_MAX_PORTS; i++)
		panel->peer[i] = VSW_STATIC_NONE;
	return 0;
}

/* A port and the one that it is connected with go their own ways. */
static void vsw_static_cut(struct vsw_static *panel, u16 port)
{
	u16 peer = panel->peer[port];

	if (peer == VSW_STATIC_NONE)
		return;
	WRITE_ONCE(panel->peer[port], VSW_STATIC_NONE);
	WRITE_ONCE(panel->peer[peer], VSW_STATIC_NONE);
}

static void vsw_static_connect(struct vsw_static *panel, u16 a, u16 b)
{
	vsw_static_cut(panel, a);
	vsw_static_cut(panel, b);
	WRITE_ONCE(panel->peer[a], b);
	WRITE_ONCE(panel->peer[b], a);
}

/*
 * Go through the attributes, of which "connect" and "with" come in pairs. With
 * @panel they take effect, without it they are checked.
 */
static int vsw_static_apply(struct vsw_lookup *lookup, struct vsw_static *panel,
			    const struct nlattr *options,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr, *connect = NULL;
	int rem, a, b = 0;

	nla_for_each_nested(attr, options, rem) {
		a = vsw_lookup_nl_port(lookup, attr, extack);
		if (a < 0)
			return a;
		if ((nla_type(attr) == VSW_STATIC_WITH) != !!connect)
			goto unpaired;
		switch (nla_type(attr)) {
		case VSW_STATIC_CONNECT:
			connect = attr;
			b = a;
			break;
		case VSW_STATIC_WITH:
			connect = NULL;
			if (a == b) {
				NL_SET_ERR_MSG_ATTR(extack, attr,
						    "a port cannot be connected with itself");
				return -EINVAL;
			}
			if (panel)
				vsw_static_connect(panel, a, b);
			break;
		case VSW_STATIC_DISCONNECT:
			if (panel)
				vsw_static_cut(panel, a);
		}
	}
	if (!connect)
		return 0;
	attr = connect;
unpaired:
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "each \"connect\" needs a \"with\" behind it");
	return -EINVAL;
}

static int vsw_static_configure(struct vsw_lookup *lookup, struct nlattr **tb,
				const struct nlattr *options,
				struct netlink_ext_ack *extack)
{
	return vsw_static_apply(lookup, NULL, options, extack) ?:
	       vsw_static_apply(lookup, vsw_lookup_priv(lookup), options,
				extack);
}

static int vsw_static_fill(struct vsw_lookup *lookup, struct sk_buff *skb)
{
	const struct vsw_static *panel = vsw_lookup_priv(lookup);
	u32 i;

	for (i = 0; i < VSW_MAX_PORTS; i++) {
		u16 peer = panel->peer[i];

		if (peer == VSW_STATIC_NONE || peer < i)
			continue;
		if (nla_put_u32(skb, VSW_STATIC_CONNECT, i) ||
		    nla_put_u32(skb, VSW_STATIC_WITH, peer))
			return -EMSGSIZE;
	}
	return 0;
}

static void vsw_static_port_event(struct vsw_lookup *lookup, u32 index,
				  enum vsw_port_event event)
{
	if (event == VSW_PORT_REMOVED)
		vsw_static_cut(vsw_lookup_priv(lookup), index);
}

static struct vsw_lookup_ops vsw_static_ops = {
	.name		= "static",
	.doc		= "A patch panel: ports are connected in pairs.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct vsw_static),
	.grain		= VSW_BY_BATCH,
	.attrs		= vsw_static_attrs,
	.num_attrs	= ARRAY_SIZE(vsw_static_attrs),
	.init		= vsw_static_init,
	.lookup		= vsw_static,
	.configure	= vsw_static_configure,
	.fill		= vsw_static_fill,
	.port_event	= vsw_static_port_event,
};

module_vsw_lookup(vsw_static_ops);

MODULE_DESCRIPTION("vsw lookup: patch panel");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("static");
