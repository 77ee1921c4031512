// SPDX-License-Identifier: GPL-2.0
/*
 * A lookup that does what it should not: its verdicts are nonsense, as "mode"
 * says; "bad-init", which cannot be prepared; and "bad-front", which is in front of
 * "learn" and does not have what that needs for VLANs. Nor is the module inserted
 * if vsw registers what it should refuse.
 */

#include "lookup.h"

enum {
	BAD_MODE = 1,
	BAD_PORT,
};

/* What is wrong with the verdict. */
enum bad_mode {
	BAD_NOTHING,		/* all goes to the port */
	BAD_NO_VERDICT,
	BAD_NO_SUCH_INDEX,	/* 99999, as far as it goes */
	BAD_NO_SUCH_VERDICT,
	BAD_OWN_PORT,
	BAD_RING,		/* to ring 999 of the port */
	BAD_RING_PORT,		/* to a ring of no port */
	BAD_SET,		/* to the port among others that there are not */
	BAD_NO_SET,
	BAD_REASON,		/* none that it has */
	BAD_VLAN,		/* frames that are not copied */
	BAD_MODES,
};

static const struct vsw_lookup_attr bad_attrs[] = {
	{
		.name	= "mode",
		.doc	= "What is wrong with the verdicts.",
		.type	= VSW_ATTR_TYPE_U32,
		.max	= BAD_MODES - 1,
	}, {
		.name	= "port",
		.doc	= "Index of the port, which need not exist.",
		.type	= VSW_ATTR_TYPE_U32,
	},
};

static const char * const bad_reasons[] = { "bad" };

struct bad {
	u32	mode;
	u32	port;
	struct {
		struct vsw_port_set	set;
		u16			index[5];
	} set;
};

static void bad_verdict(struct bad *bad, struct vsw_batch *batch,
			struct vsw_run *run)
{
	u16 port = READ_ONCE(bad->port);

	switch (READ_ONCE(bad->mode)) {
	case BAD_NOTHING:
		run->verdict = port;
		break;
	case BAD_NO_SUCH_INDEX:
		run->verdict = 99999 & U16_MAX;
		break;
	case BAD_NO_SUCH_VERDICT:
		run->verdict = 0xfff0;
		break;
	case BAD_OWN_PORT:
		run->verdict = batch->src->index;
		break;
	case BAD_RING:
		vsw_run_to_ring(batch, run, port, 999);
		break;
	case BAD_RING_PORT:
		vsw_run_to_ring(batch, run, 0xffff, 0);
		break;
	case BAD_SET:
		vsw_run_to_set(batch, run, &bad->set.set);
		break;
	case BAD_NO_SET:
		vsw_run_to_set(batch, run, NULL);
		break;
	case BAD_REASON:
		vsw_run_drop(run, 7);
		break;
	case BAD_VLAN:
		vsw_run_to_vlan(batch, run, 1, false);
		break;
	}
}

static void bad_lookup(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		bad_verdict(vsw_lookup_priv(lookup), batch, run);
}

static int bad_configure(struct vsw_lookup *lookup, struct nlattr **tb,
			 const struct nlattr *options,
			 struct netlink_ext_ack *extack)
{
	struct bad *bad = vsw_lookup_priv(lookup);

	if (tb[BAD_PORT])
		WRITE_ONCE(bad->port, nla_get_u32(tb[BAD_PORT]));
	if (tb[BAD_MODE])
		WRITE_ONCE(bad->mode, nla_get_u32(tb[BAD_MODE]));
	bad->set.set.num = ARRAY_SIZE(bad->set.index);
	bad->set.index[0] = VSW_MAX_PORTS - 1;
	bad->set.index[1] = bad->port;
	bad->set.index[2] = 0xffff;
	bad->set.index[3] = VSW_MAX_PORTS;
	return 0;
}

static struct vsw_lookup_ops bad_ops = {
	.name		= "bad",
	.doc		= "Verdicts that make no sense.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct bad),
	.attrs		= bad_attrs,
	.num_attrs	= ARRAY_SIZE(bad_attrs),
	.reasons	= bad_reasons,
	.num_reasons	= ARRAY_SIZE(bad_reasons),
	.lookup		= bad_lookup,
	.configure	= bad_configure,
};

static int bad_init_init(struct vsw_lookup *lookup,
			 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "this lookup never works");
	return -EADDRNOTAVAIL;
}

static struct vsw_lookup_ops bad_init_ops = {
	.name	= "bad-init",
	.doc	= "Cannot be prepared.",
	.owner	= THIS_MODULE,
	.init	= bad_init_init,
	.lookup	= bad_lookup,
};

static int bad_front_init(struct vsw_lookup *lookup,
			  struct netlink_ext_ack *extack)
{
	struct vsw_lookup **inner = vsw_lookup_priv(lookup);

	*inner = vsw_lookup_nest(lookup, NULL, NULL, extack);
	return PTR_ERR_OR_ZERO(*inner);
}

static void bad_front_exit(struct vsw_lookup *lookup)
{
	struct vsw_lookup **inner = vsw_lookup_priv(lookup);

	vsw_lookup_unnest(*inner);
}

static void bad_front_lookup(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_lookup **inner = vsw_lookup_priv(lookup);

	vsw_lookup_ask(*inner, batch);
}

static struct vsw_lookup_ops bad_front_ops = {
	.name		= "bad-front",
	.doc		= "In front of learn, without a snapshot.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct vsw_lookup *),
	.init		= bad_front_init,
	.exit		= bad_front_exit,
	.lookup		= bad_front_lookup,
};

/* Registers what must be refused; returns whether it was, with this error. */
static bool refused(struct vsw_lookup_ops ops, int err)
{
	if (vsw_lookup_register(&ops) == err)
		return true;
	pr_err("vsw-lookup-bad: \"%s\" was registered\n", ops.name ?: "");
	return false;
}

#define REFUSED(err, member, value) ({				\
	struct vsw_lookup_ops __ops = bad_init_ops;		\
								\
	__ops.name = "refused";					\
	__ops.member = value;					\
	refused(__ops, err);					\
})

static bool all_refused(void)
{
	return REFUSED(-EINVAL, name, NULL) &&
	       REFUSED(-EINVAL, name, "") &&
	       REFUSED(-EINVAL, name, "none") &&
	       REFUSED(-EINVAL, name, "sixteen-is-much-") &&
	       REFUSED(-EEXIST, name, "learn") &&
	       REFUSED(-EINVAL, doc, NULL) &&
	       REFUSED(-EINVAL, lookup, NULL) &&
	       REFUSED(-EINVAL, grain, VSW_BY_FRAME + 1) &&
	       REFUSED(-EINVAL, flags, BIT(31)) &&
	       REFUSED(-EINVAL, flags, VSW_LOOKUP_SNAPSHOT) &&
	       REFUSED(-EINVAL, num_attrs, VSW_LOOKUP_MAX_ATTRS + 1) &&
	       REFUSED(-EINVAL, num_reasons, VSW_LOOKUP_MAX_REASONS + 1);
}

static struct vsw_lookup_ops *const bad_all[] = {
	&bad_ops, &bad_init_ops, &bad_front_ops,
};

static void bad_unregister(u32 num)
{
	while (num--)
		vsw_lookup_unregister(bad_all[num]);
}

static int __init bad_init(void)
{
	int err = 0;
	u32 i;

	if (!all_refused())
		return -EINVAL;
	for (i = 0; !err && i < ARRAY_SIZE(bad_all); i++)
		err = vsw_lookup_register(bad_all[i]);
	if (err)
		bad_unregister(i - 1);
	return err;
}

static void __exit bad_exit(void)
{
	bad_unregister(ARRAY_SIZE(bad_all));
}

module_init(bad_init);
module_exit(bad_exit);

MODULE_DESCRIPTION("vsw lookup: nonsense, for tests");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("bad");
