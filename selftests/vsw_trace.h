/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of tracepoints share: one tracepoint, in a tracefs instance
 * of its own
 */
#ifndef _VSW_TRACE_H
#define _VSW_TRACE_H

#include <sys/stat.h>

#include "vsw_test.h"

#define TRACING	"/sys/kernel/tracing/instances/"

static struct {
	const char	*event;
	char		instance[128];
} trace;

static inline const char *trace_path(const char *file)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", trace.instance, file);
	return path;
}

static inline bool trace_enable(const char *value)
{
	char file[64];

	snprintf(file, sizeof(file), "events/vsw/%s/enable", trace.event);
	return write_file(trace_path(file), value);
}

/* Whether there is a tracefs; if not, skip what needs it. */
static inline bool trace_begin(const char *event)
{
	trace.event = event;
	snprintf(trace.instance, sizeof(trace.instance), TRACING "vsw-%d",
		 (int)getpid());
	if (mkdir(trace.instance, 0700)) {
		skip(event, "no tracefs at /sys/kernel/tracing");
		return false;
	}
	must(trace_enable("1"));
	return true;
}

static inline void trace_end(void)
{
	must(trace_enable("0"));
	must(!rmdir(trace.instance));
}

static inline void trace_clear(void)
{
	int fd = open(trace_path("trace"), O_WRONLY | O_TRUNC);

	must(fd >= 0 && !close(fd));
}

/*
 * Since trace_clear(), and of the lines that hold @text: add up what stands
 * behind @field, or count them if that is NULL.
 */
static inline unsigned long trace_sum(const char *text, const char *field)
{
	FILE *file = fopen(trace_path("trace"), "r");
	unsigned long sum = 0;
	const char *value;
	char line[512];

	must(file);
	while (fgets(line, sizeof(line), file)) {
		if (!strstr(line, trace.event) || !strstr(line, text))
			continue;
		value = field ? strstr(line, field) : NULL;
		sum += value ? strtoul(value + strlen(field), NULL, 10) : !field;
	}
	fclose(file);
	return sum;
}

#endif /* _VSW_TRACE_H */
