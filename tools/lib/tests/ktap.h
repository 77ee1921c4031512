/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBVSW_TESTS_KTAP_H
#define _LIBVSW_TESTS_KTAP_H

#include <stdio.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static int ktap_points, ktap_failed;

#define ok(condition, ...)						\
	do {								\
		int _passed = !!(condition);				\
									\
		ktap_failed += !_passed;				\
		printf("%s %d ", _passed ? "ok" : "not ok",		\
		       ++ktap_points);					\
		printf(__VA_ARGS__);					\
		putchar('\n');						\
		if (!_passed)						\
			printf("# %s:%d: %s\n", __FILE__, __LINE__,	\
			       #condition);				\
	} while (0)

static inline void ktap_begin(void)
{
	puts("TAP version 13");
}

static inline int ktap_finish(void)
{
	printf("1..%d\n", ktap_points);
	return ktap_failed ? 1 : 0;
}

#endif /* _LIBVSW_TESTS_KTAP_H */
