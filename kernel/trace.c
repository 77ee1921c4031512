// SPDX-License-Identifier: GPL-2.0
/* Instantiates the tracepoints */

/* sparse does not follow what the tracing headers expand to. */
#ifndef __CHECKER__
#define CREATE_TRACE_POINTS
#include "trace.h"
#endif
