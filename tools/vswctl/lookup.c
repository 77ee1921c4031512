// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl lookup
 *
 * Besides those that the kernel knows there are those that it could load.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "print.h"
#include "vswctl.h"

#define ALIAS	"vsw-lookup-"

/* Names that were shown. */
struct shown {
	char	**name;
	size_t	n;
};

/* Whether a name is a new one; it is remembered. */
static bool is_new(struct shown *shown, const char *name)
{
	char **bigger;
	size_t i;

	for (i = 0; i < shown->n; i++)
		if (!strcmp(shown->name[i], name))
			return false;
	bigger = reallocarray(shown->name, shown->n + 1, sizeof(*bigger));
	if (!bigger)
		return true;
	shown->name = bigger;
	shown->name[shown->n] = strdup(name);
	if (shown->name[shown->n])
		shown->n++;
	return true;
}

static void forget(struct shown *shown)
{
	while (shown->n)
		free(shown->name[--shown->n]);
	free(shown->name);
}

static FILE *open_aliases(void)
{
	char path[sizeof(((struct utsname *)0)->release) + 32];
	struct utsname system;

	if (uname(&system))
		return NULL;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.alias",
		 system.release);
	return fopen(path, "re");
}

static void print_available(const char *name)
{
	struct vsw_nl_lookup lookup = {};
	struct vsw_nl_msg msg = {
		.object	= VSW_NL_LOOKUP,
		.obj	= &lookup,
	};

	vsw_nl_put(&lookup, LOOKUP_NAME, name, name);
	print_object(&msg, NULL);
}

/* Show what modules have, but for @shown, or only @name unless that is NULL. */
static bool show_available(struct shown *shown, const char *name)
{
	FILE *file = open_aliases();
	char *line = NULL, *alias;
	size_t size = 0;
	bool any = false;

	while (file && getline(&line, &size, file) >= 0) {
		if (sscanf(line, "alias " ALIAS "%ms", &alias) != 1)
			continue;
		if ((!name || !strcmp(name, alias)) && is_new(shown, alias)) {
			print_available(alias);
			any = true;
		}
		free(alias);
	}
	free(line);
	if (file)
		fclose(file);
	return any;
}

static int show_loaded(const struct vsw_nl_msg *msg, void *data)
{
	is_new(data, msg->lookup->name);
	return print_object(msg, NULL);
}

static int show(struct vsw_nl *nl, union request *req)
{
	bool all = !req->present;
	struct shown shown = {};
	int err;

	err = all ? vsw_nl_lookup_dump(nl, show_loaded, &shown) :
		    vsw_nl_lookup_get(nl, &req->lookup, show_loaded, &shown);
	if (all && (!err || err == -EINTR))
		show_available(&shown, NULL);
	if (!all && err == -ENOENT &&
	    show_available(&shown, req->lookup.name))
		err = 0;
	forget(&shown);
	return err;
}

static const struct command commands[] = {
	{
		.word = "show",
		.usage = "[ NAME ]",
		.subject = VSW_A_LOOKUP_NAME,
		.optional = BIT(LOOKUP_NAME),
		.shows = true,
		.run = show,
	},
	{}
};

const struct object lookup_object = {
	.word = "lookup",
	.kind = VSW_NL_LOOKUP,
	.commands = commands,
};
