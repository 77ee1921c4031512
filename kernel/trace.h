/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vsw

#if !defined(_VSW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VSW_TRACE_H

#include <linux/tracepoint.h>

#include "vsw.h"

#undef VSW_DROP_ENUM
#define VSW_DROP_ENUM(name)	TRACE_DEFINE_ENUM(VSW_DROP_##name);
VSW_DROP_REASONS(VSW_DROP_ENUM)

#undef VSW_DROP_NAME
#define VSW_DROP_NAME(name)	{ VSW_DROP_##name, #name },

/* Frames dropped; at the sender or at the receiver, as drop.h says. */
TRACE_EVENT(vsw_drop,
	TP_PROTO(const struct vsw_port *port, enum vsw_drop reason, u32 frames),
	TP_ARGS(port, reason, frames),
	TP_STRUCT__entry(
		__string(sw, port->sw->name)
		__string(port, port->name)
		__field(u32, index)
		__field(u32, reason)
		__field(u32, frames)
	),
	TP_fast_assign(
		__assign_str(sw);
		__assign_str(port);
		__entry->index = port->index;
		__entry->reason = reason;
		__entry->frames = frames;
	),
	TP_printk("switch=%s port=%s index=%u reason=%s frames=%u",
		  __get_str(sw), __get_str(port), __entry->index,
		  __print_symbolic(__entry->reason,
				   VSW_DROP_REASONS(VSW_DROP_NAME)
				   { -1, NULL }),
		  __entry->frames)
);

/* The same for a reason of the lookup's own, besides LOOKUP above. */
TRACE_EVENT(vsw_lookup_drop,
	TP_PROTO(const struct vsw_port *port, const char *lookup,
		 const char *reason, u32 frames),
	TP_ARGS(port, lookup, reason, frames),
	TP_STRUCT__entry(
		__string(sw, port->sw->name)
		__string(port, port->name)
		__string(lookup, lookup)
		__string(reason, reason)
		__field(u32, frames)
	),
	TP_fast_assign(
		__assign_str(sw);
		__assign_str(port);
		__assign_str(lookup);
		__assign_str(reason);
		__entry->frames = frames;
	),
	TP_printk("switch=%s port=%s lookup=%s reason=%s frames=%u",
		  __get_str(sw), __get_str(port), __get_str(lookup),
		  __get_str(reason), __entry->frames)
);

/* An address was learned, or moved to another port. */
TRACE_EVENT(vsw_learn,
	TP_PROTO(const struct vsw_fdb *fdb, u64 addr, u16 from, u16 to),
	TP_ARGS(fdb, addr, from, to),
	TP_STRUCT__entry(
		__string(sw, container_of(fdb, struct vsw_switch, fdb)->name)
		__array(u8, addr, ETH_ALEN)
		__field(u16, from)
		__field(u16, to)
		__field(u16, vlan)
	),
	TP_fast_assign(
		__assign_str(sw);
		vsw_addr_unpack(addr, __entry->addr);
		__entry->from = from;
		__entry->to = to;
		__entry->vlan = vsw_fdb_vlan(addr);
	),
	TP_printk("switch=%s addr=%pM from=%d to=%u vlan=%u", __get_str(sw),
		  __entry->addr,
		  __entry->from == VSW_FDB_NO_PORT ? -1 : __entry->from,
		  __entry->to, __entry->vlan)
);

/* A sleeping receiver was woken. */
TRACE_EVENT(vsw_wake,
	TP_PROTO(const struct vsw_port *port, u32 ring),
	TP_ARGS(port, ring),
	TP_STRUCT__entry(
		__string(sw, port->sw->name)
		__string(port, port->name)
		__field(u32, ring)
	),
	TP_fast_assign(
		__assign_str(sw);
		__assign_str(port);
		__entry->ring = ring;
	),
	TP_printk("switch=%s port=%s ring=%u", __get_str(sw), __get_str(port),
		  __entry->ring)
);

/* A port was created or deleted, or ring pairs were attached or detached. */
TRACE_EVENT(vsw_port_state,
	TP_PROTO(const struct vsw_port *port, const char *state),
	TP_ARGS(port, state),
	TP_STRUCT__entry(
		__string(sw, port->sw->name)
		__string(port, port->name)
		__field(u32, index)
		__string(state, state)
	),
	TP_fast_assign(
		__assign_str(sw);
		__assign_str(port);
		__entry->index = port->index;
		__assign_str(state);
	),
	TP_printk("switch=%s port=%s index=%u state=%s", __get_str(sw),
		  __get_str(port), __entry->index, __get_str(state))
);

#endif /* _VSW_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
