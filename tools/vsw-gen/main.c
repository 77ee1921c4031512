// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: traffic for a switch
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gen.h"

static const struct gen_app apps[] = {
	{ "send",	"send frames to the peer",	false,	gen_send },
	{ "recv",	"count frames from the peer",	false,	gen_recv },
	{ "forward",	"move frames from a ring port to another", true, gen_forward },
};

volatile sig_atomic_t gen_stop;

/* For messages. */
static const char *app_name = "";

/**
 * gen_error() - say what went wrong
 * @err: negative errno
 * @fmt: what was tried
 *
 * Return: @err.
 */
int gen_error(int err, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "vsw-gen %s: ", app_name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(-err));
	return err;
}

static void usage(FILE *out)
{
	const struct gen_app *app;

	fputs("Usage: vsw-gen APP LOCAL-IP LOCAL-MAC PEER-IP PEER-MAC [OPTIONS]\n"
	      "       vsw-gen forward --in NAME --out NAME [OPTIONS]\n\n"
	      "Apps, also as names of links to vsw-gen:\n", out);
	for (app = apps; app < apps + ARRAY_SIZE(apps); app++)
		fprintf(out, "  %-21s %s\n", app->name, app->help);
	fputs("\nHow frames are moved (default: UDP sockets):\n"
	      "      --port NAME       ring port of vsw; -R, -B and -m are ignored\n"
	      "      --in, --out NAME  forward: ring ports to receive from and to send to\n"
	      "      --ring N          only ring pair N of it\n"
	      "      --direct          recv, forward: ring port, receive without system calls\n"
	      "  -R, --raw IFNAME      raw sockets on an interface\n"
	      "  -B, --blocking        sockets block\n"
	      "  -m, --mmsg            sendmmsg and recvmmsg, one call for a burst\n"
	      "\nWhat is sent:\n"
	      "  -r, --rate PPS        frames per second (default: as many as possible)\n"
	      "  -p, --packet-size N   bytes of a frame, with the Ethernet header and without\n"
	      "                        FCS, 60 to 65535 (default 64)\n"
	      "  -b, --burst N         frames of a burst (default 64)\n"
	      "  -c, --touch           write, read every byte\n"
	      "  -i, --integrity       prove that all frames arrive once, in order and unchanged\n"
	      "      --dst, --src MAC  forward: addresses to write to frames\n"
	      "\nWhen to end (and upon SIGINT, SIGTERM):\n"
	      "  -t, --time SEC        after that time\n"
	      "  -n, --count N         after N frames\n"
	      "      --wait SEC        recv, forward: when nothing came for that time after a frame\n"
	      "      --sources N       recv -i: when N senders have ended\n"
	      "\nOutput:\n"
	      "  -s, --silent          the summary only\n"
	      "  -j, --json            the summary as JSON\n"
	      "      --no-announce     recv: send no frame to make the address known\n"
	      "  -h, --help            this text\n"
	      "\nNumbers may end with k, M or G.\n", out);
}

static const struct gen_app *find_app(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(apps); i++)
		if (!strcmp(apps[i].name, name))
			return &apps[i];
	return NULL;
}

static bool wants_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

static void on_signal(int sig)
{
	(void)sig;
	gen_stop = 1;
}

/* Without SA_RESTART: calls that block return. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const struct gen_app *app;
	struct gen_conf conf = { 0 };

	if (wants_help(argc, argv)) {
		usage(stdout);
		return 0;
	}

	app = argc ? find_app(slash ? slash + 1 : argv[0]) : NULL;
	if (!app && argc > 1) {
		app = find_app(argv[1]);
		argv++;
		argc--;
	}
	if (!app) {
		usage(stderr);
		return GEN_EXIT_USAGE;
	}

	app_name = app->name;
	conf.app = app->name;
	conf.forwards = app->forwards;
	if (gen_conf_parse(&conf, argc, argv))
		return GEN_EXIT_USAGE;
	catch_signals();
	return app->run(&conf);
}
