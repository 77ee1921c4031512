// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: controls vsw, the virtual switch for containers
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <vsw/vsw.h>

#include "netns.h"
#include "options.h"
#include "parse.h"
#include "print.h"
#include "vswctl.h"

struct options opts;
const char *error_prefix = "";

static struct vsw_nl *request_nl;

static const struct object *const objects[] = {
	&switch_object,
	&port_object,
	&region_object,
	&fdb_object,
	&lookup_object,
	&monitor_object,
	NULL
};

static const char usage[] =
	"Usage: vswctl [ OPTIONS ] OBJECT { COMMAND | help }\n"
	"       vswctl [ OPTIONS ] -b[atch] FILE [ -force ]\n"
	"OBJECT := { switch | port | region | fdb | lookup | monitor }\n"
	"OPTIONS := { -V[ersion] | -h[elp] | -j[son] | -p[retty] | -s[tatistics] |\n"
	"             -d[etails] | -o[neline] | -t[imestamp] | -c[olor] |\n"
	"             -n[etns] { NAME | PID | /PATH } }\n"
	"COMMAND is \"show\" if there is none.\n";

int error(int exit_code, const char *fmt, ...)
{
	va_list args;

	/* So that messages are where they belong in a log of both. */
	fflush(stdout);
	fprintf(stderr, "%sError: ", error_prefix);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return exit_code;
}

struct vsw_nl *open_socket(int *exit_code)
{
	struct vsw_nl *nl = NULL;
	int err;

	err = vsw_nl_open(&nl);
	if (err == -ENOENT)
		*exit_code = error(EXIT_NO_FAMILY,
				   "the kernel knows no vsw: is vsw loaded?");
	else if (err)
		*exit_code = error(EXIT_REFUSED, "cannot open netlink: %s",
				   strerror(-err));
	return nl;
}

struct vsw_nl *request_socket(int *exit_code)
{
	if (!request_nl)
		request_nl = open_socket(exit_code);
	return request_nl;
}

/* The kernel's words, the attribute that they are about, and the errno. */
static int refused(const struct vsw_nl_error *why, int err)
{
	const char *option = option_name(why->option);
	char attr[sizeof(why->attr) + 32] = "";

	if (*why->attr)
		snprintf(attr, sizeof(attr), "attribute \"%s\"%s",
			 option ? option : why->attr,
			 why->missing ? " is missing" : "");
	if (*why->text && *attr)
		return error(EXIT_REFUSED, "%s (%s): %s", why->text, attr,
			     strerror(-err));
	if (*why->text || *attr)
		return error(EXIT_REFUSED, "%s%s: %s", why->text, attr,
			     strerror(-err));
	return error(EXIT_REFUSED, "%s", strerror(-err));
}

static int finish(const struct command *command, int err)
{
	const struct vsw_nl_error *why = vsw_nl_error(request_nl);

	bool changed = command->shows && err == -EINTR;

	if (err > 0)
		return err;
	if (err && !changed)
		return refused(why, err);
	if (command->shows)
		print_end();
	if (changed)
		fprintf(stderr, "%sWarning: the list changed while it was read\n",
			error_prefix);
	else if (*why->text && !command->shows)
		fprintf(stderr, "%sWarning: %s\n", error_prefix, why->text);
	return EXIT_DONE;
}

static int run_command(const struct object *object,
		       const struct command *command, int argc, char **argv)
{
	union request req;
	int exit_code;

	exit_code = parse_command(object, command, argc, argv, &req);
	if (!exit_code && request_socket(&exit_code)) {
		if (command->shows)
			print_begin();
		exit_code = finish(command, command->run(request_nl, &req));
	}
	netns_release();
	return exit_code;
}

static int object_usage(const struct object *object)
{
	const char *lead = "Usage:";
	const struct command *command;

	if (object->usage)
		printf("Usage: vswctl %s %s\n", object->word, object->usage);
	for (command = object->commands; command && command->word; command++) {
		printf("%s vswctl %s %s%s%s\n", lead, object->word,
		       command->word, *command->usage ? " " : "",
		       command->usage);
		lead = "      ";
	}
	if (object->where)
		puts(object->where);
	return EXIT_DONE;
}

static int run_object(const struct object *object, int argc, char **argv)
{
	const char *word = argc ? argv[0] : "show";
	const struct command *command;

	if (!strcmp(word, "help"))
		return object_usage(object);
	if (object->main)
		return object->main(argc, argv);
	for (command = object->commands; command->word; command++)
		if (!strcmp(word, command->word))
			return run_command(object, command, argc - !!argc,
					   argv + !!argc);
	return error(EXIT_SYNTAX,
		     "unknown command \"%s\", try \"vswctl %s help\"", word,
		     object->word);
}

int run_words(int argc, char **argv)
{
	const struct object *const *object;

	if (!strcmp(argv[0], "help")) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	for (object = objects; *object; object++)
		if (!strcmp(argv[0], (*object)->word))
			return run_object(*object, argc - 1, argv + 1);
	return error(EXIT_SYNTAX, "unknown object \"%s\", try \"vswctl help\"",
		     argv[0]);
}

static const char *netns, *batch;

/* An option is a switch, takes a value, or prints a text and that is all. */
static const struct option_word {
	const char	*brief;
	const char	*word;
	bool		*flag;
	const char	**value;
	const char	*text;
} option_words[] = {
	{ "V", "Version", .text = "vswctl " VSW_LIB_VERSION "\n" },
	{ "h", "help", .text = usage },
	{ "j", "json", .flag = &opts.json },
	{ "p", "pretty", .flag = &opts.pretty },
	{ "s", "statistics", .flag = &opts.stats },
	{ "d", "details", .flag = &opts.details },
	{ "o", "oneline", .flag = &opts.oneline },
	{ "t", "timestamp", .flag = &opts.timestamp },
	{ "c", "color", .flag = &opts.color },
	{ "force", "force", .flag = &opts.force },
	{ "n", "netns", .value = &netns },
	{ "b", "batch", .value = &batch },
	{}
};

static const struct option_word *find_option(const char *arg)
{
	const struct option_word *option;

	/* Two dashes do as well. */
	arg += arg[1] == '-' ? 2 : 1;
	for (option = option_words; option->word; option++)
		if (!strcmp(arg, option->brief) || !strcmp(arg, option->word))
			return option;
	return NULL;
}

/* Take the options off. Returns 0, -1 to end with success, or an exit code. */
static int parse_options(int *argc, char ***argv)
{
	const struct option_word *option;

	for (; *argc && ***argv == '-'; --*argc, ++*argv) {
		option = find_option(**argv);
		if (!option)
			return error(EXIT_SYNTAX,
				     "unknown option \"%s\", try \"vswctl help\"",
				     **argv);
		if (option->text) {
			fputs(option->text, stdout);
			return -1;
		}
		if (option->flag) {
			*option->flag = true;
			continue;
		}
		if (*argc < 2)
			return error(EXIT_SYNTAX, "\"%s\" needs a value",
				     **argv);
		--*argc;
		*option->value = *++*argv;
	}
	return 0;
}

static int run(int argc, char **argv)
{
	int exit_code = parse_options(&argc, &argv);

	if (exit_code)
		return exit_code < 0 ? EXIT_DONE : exit_code;
	opts.color = opts.color && isatty(STDOUT_FILENO);
	if (batch && argc)
		return error(EXIT_SYNTAX,
			     "\"%s\" after -b: commands are in the file",
			     argv[0]);
	if (!batch && !argc) {
		fputs(usage, stderr);
		return EXIT_SYNTAX;
	}
	if (netns)
		exit_code = netns_enter(netns);
	if (exit_code)
		return exit_code;
	return batch ? run_batch(batch) : run_words(argc, argv);
}

int main(int argc, char **argv)
{
	int exit_code = run(argc - !!argc, argv + !!argc);

	vsw_nl_close(request_nl);
	netns_forget_names();
	options_forget();
	/* A full disk must not look like an empty list. */
	if ((fflush(stdout) || ferror(stdout)) && !exit_code)
		exit_code = error(EXIT_REFUSED, "cannot write: %s",
				  strerror(errno));
	return exit_code;
}
