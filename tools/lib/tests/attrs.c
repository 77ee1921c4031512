// SPDX-License-Identifier: GPL-2.0
/*
 * Print what libvsw knows of attributes, for spec.py.
 */
#include <stdio.h>

#include <vsw/nl.h>

int main(void)
{
	static const char *const objects[] = {
		[VSW_NL_SWITCH] = "switch", [VSW_NL_PORT] = "port",
		[VSW_NL_REGION] = "region", [VSW_NL_FDB] = "fdb",
		[VSW_NL_LOOKUP] = "lookup", [VSW_NL_STATS] = "stats",
		[VSW_NL_DROPS] = "drops", [VSW_NL_REASON] = "reason",
		[VSW_NL_ATTR] = "attr",
	};
	static const char *const kinds[] = {
		[VSW_NL_NONE] = "-", [VSW_NL_STRING] = "string",
		[VSW_NL_U32] = "u32", [VSW_NL_S32] = "s32",
		[VSW_NL_UINT] = "uint", [VSW_NL_FLAG] = "flag",
		[VSW_NL_MAC] = "binary", [VSW_NL_NEST] = "nest",
		[VSW_NL_NESTS] = "nest", [VSW_NL_FLAGS] = "u32",
		[VSW_NL_BINARY] = "binary", [VSW_NL_VLAN] = "u32",
		[VSW_NL_VLANS] = "binary",
	};
	const struct vsw_nl_attr *attrs;
	unsigned int object, type, max, i;

	for (object = VSW_NL_SWITCH; object <= VSW_NL_ATTR; object++) {
		attrs = vsw_nl_attrs(object, &max);
		for (type = 1; type <= max; type++) {
			printf("%s %u %s %s", objects[object], type,
			       attrs[type].name, kinds[attrs[type].kind]);
			if (attrs[type].kind == VSW_NL_NEST ||
			    attrs[type].kind == VSW_NL_NESTS)
				printf(" %s", objects[attrs[type].nest]);
			if (attrs[type].kind == VSW_NL_NESTS)
				printf(" multi");
			for (i = 0; attrs[type].names && attrs[type].names[i]; i++)
				printf(" %s", attrs[type].names[i]);
			putchar('\n');
		}
	}
	return 0;
}
