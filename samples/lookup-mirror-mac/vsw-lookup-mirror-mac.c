// SPDX-License-Identifier: GPL-2.0
/*
 * An address mirrors its port: the last byte is the index of the port where it
 * is, so that nothing need be learned. Addresses have to be locally administered,
 * such as 02:00:00:00:00:05; broadcast and multicast frames are flooded.
 */

#include <vsw/lookup.h>

/* In the first byte of an address, which is the lowest of the number. */
#define MIRROR_MAC_LOCAL	2

enum {
	MIRROR_MAC_FOREIGN,
};

static const char *const mirror_mac_reasons[] = {
	[MIRROR_MAC_FOREIGN] = "foreign",
};

static u16 mirror_mac_verdict(struct vsw_lookup *lookup,
			      struct vsw_batch *batch, struct vsw_run *run)
{
	u64 to = vsw_run_dst(run);

	if (vsw_addr_is_group(to))
		return VSW_TO_ALL;
	if (to & MIRROR_MAC_LOCAL)
		return to >> 40;
	return vsw_run_drop(run, MIRROR_MAC_FOREIGN);
}

static void mirror_mac_lookup(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	vsw_lookup_each(lookup, batch, mirror_mac_verdict);
}

static struct vsw_lookup_ops mirror_mac_ops = {
	.name		= "mirror-mac",
	.doc		= "The last byte of an address is the index of its port.",
	.owner		= THIS_MODULE,
	.grain		= VSW_BY_ADDRESS,
	.lookup		= mirror_mac_lookup,
	.reasons	= mirror_mac_reasons,
	.num_reasons	= ARRAY_SIZE(mirror_mac_reasons),
};

module_vsw_lookup(mirror_mac_ops);

MODULE_DESCRIPTION("vsw lookup: mirror-mac");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("mirror-mac");
