// SPDX-License-Identifier: GPL-2.0
/* A lookup that knows nothing: every frame goes to every other port */

#include "../lookup.h"

static void vsw_hub(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_run *run;

	vsw_for_each_run(run, batch)
		run->verdict = VSW_TO_ALL;
}

static struct vsw_lookup_ops vsw_hub_ops = {
	.name	= "hub",
	.doc	= "Every frame goes to every other port.",
	.owner	= THIS_MODULE,
	.grain	= VSW_BY_BATCH,
	.lookup	= vsw_hub,
};

module_vsw_lookup(vsw_hub_ops);

MODULE_DESCRIPTION("vsw lookup: hub");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("hub");
