// SPDX-License-Identifier: GPL-2.0
/* vsw: a virtual switch for containers */

#include <linux/module.h>
#include <net/genetlink.h>

#include "chardev.h"
#include "fdb.h"
#include "netdev.h"
#include "netlink.h"
#include "registry.h"
#include "skb.h"
#include "switch.h"
#include "uplink.h"

static int __init vsw_init(void)
{
	int err;

	vsw_fdb_boot();
	/* First, as lookups are freed by its workqueue. */
	err = vsw_switch_init();
	if (err)
		return err;
	err = vsw_lookup_register(&vsw_lookup_learn);
	if (err)
		goto err_switch;
	err = vsw_netdev_init();
	if (err)
		goto err_lookup;
	err = vsw_uplink_init();
	if (err)
		goto err_netdev;
	err = vsw_nl_init();
	if (err)
		goto err_uplink;
	err = vsw_chardev_init();
	if (err)
		goto err_nl;
	return 0;

err_nl:
	vsw_nl_exit();
err_uplink:
	vsw_uplink_exit();
err_netdev:
	vsw_netdev_exit();
err_lookup:
	vsw_lookup_unregister(&vsw_lookup_learn);
err_switch:
	vsw_switch_exit();
	return err;
}

static void __exit vsw_exit(void)
{
	vsw_chardev_exit();
	vsw_nl_exit();
	vsw_uplink_exit();
	vsw_netdev_exit();
	vsw_lookup_unregister(&vsw_lookup_learn);
	vsw_switch_exit();
	vsw_skb_shutdown();
}

module_init(vsw_init);
module_exit(vsw_exit);

MODULE_DESCRIPTION("Virtual switch for containers");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY(VSW_FAMILY_NAME);
