/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reasons for which a frame is dropped
 *
 * Each is a counter of every port, an attribute of the set "drops" in the
 * netlink spec, which describes it, and a value of the tracepoint vsw_drop.
 */
#ifndef _VSW_DROP_H
#define _VSW_DROP_H

#include <linux/bits.h>
#include <linux/build_bug.h>

#include <uapi/linux/vsw_netlink.h>

/* Counted at the port that sent the frame. */
#define VSW_TX_DROP_REASONS(R)	\
	R(BAD_BUF)		\
	R(BAD_LEN)		\
	R(BAD_CHAIN)		\
	R(RUNT)			\
	R(SAME_PORT)		\
	R(NO_PORT)		\
	R(NO_LISTENER)		\
	R(LOOKUP)		\
	R(NO_MEMORY)		\
	R(BAD_VNET_HDR)

/* Counted at the port that should have received the frame. */
#define VSW_RX_DROP_REASONS(R)	\
	R(NO_ROOM)		\
	R(TOO_LONG)		\
	R(BAD_RX_SLOT)		\
	R(DEADLINE)

#define VSW_DROP_REASONS(R)	VSW_TX_DROP_REASONS(R) VSW_RX_DROP_REASONS(R)

enum vsw_drop {
	VSW_DROP_NONE,
#define R(name)	VSW_DROP_##name = VSW_A_DROPS_##name,
	VSW_DROP_REASONS(R)
#undef R
	VSW_NUM_DROPS = __VSW_A_DROPS_MAX
};

/* Each attribute is a reason. */
#define R(name)	| BIT(VSW_DROP_##name)
static_assert((0 VSW_DROP_REASONS(R)) == GENMASK(VSW_NUM_DROPS - 1, 1));
#undef R

#endif /* _VSW_DROP_H */
