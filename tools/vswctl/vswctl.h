/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vswctl: what its files share
 *
 * main.c      options, objects, one command
 * batch.c     a file of commands
 * switch.c, port.c, region.c, fdb.c, lookup.c, monitor.c
 *             an object each: its commands
 * options.[ch]
 *             attributes of lookups, to and from words
 * parse.[ch]  words to attributes
 * vlans.[ch]  sets of VLANs, from and to text
 * print.[ch]  lists, events, objects to JSON
 * text.c      objects to text
 * netns.[ch]  namespaces by name
 */
#ifndef _VSWCTL_H
#define _VSWCTL_H

#include <stdbool.h>
#include <stdint.h>

#include <vsw/nl.h>

enum exit_code {
	EXIT_DONE,
	EXIT_SYNTAX,
	EXIT_REFUSED,
	EXIT_NO_FAMILY,
};

struct options {
	bool	json;
	bool	pretty;
	bool	stats;
	bool	details;
	bool	oneline;
	bool	timestamp;
	bool	color;
	bool	force;
};

extern struct options opts;

/* Words that are no attributes of the object, each with its value behind it. */
struct words {
	char	**word;
	int	n;
};

struct switch_words {
	struct vsw_nl_switch	sw;
	struct words		words;
};

/* What a command line says of an object. */
union request {
	uint64_t		present;
	struct vsw_nl_switch	sw;
	struct switch_words	sw_words;
	struct vsw_nl_port	port;
	struct vsw_nl_region	region;
	struct vsw_nl_fdb	fdb;
	struct vsw_nl_lookup	lookup;
};

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define BIT(attr)	VSW_NL_BIT(VSW_A_##attr)

/**
 * struct command - what can be done with an object
 * @word: its word
 * @usage: what may follow it
 * @subject: attribute that is given without its name, first; or 0
 * @required: attributes that must be given
 * @optional: attributes that may be given
 * @one_of: optional attributes of which exactly one must be given
 * @words: other words are for @run to explain
 * @shows: it lists objects
 * @run: sends it; returns 0, an exit code, or a negative errno
 */
struct command {
	const char	*word;
	const char	*usage;
	unsigned int	subject;
	uint64_t	required;
	uint64_t	optional;
	uint64_t	one_of;
	bool		words;
	bool		shows;
	int		(*run)(struct vsw_nl *nl, union request *req);
};

/**
 * struct special_word - a word that is no attribute
 * @word: the word
 * @attrs: the attributes that it may stand for
 * @parse: sets one of them; returns 0 or an exit code
 */
struct special_word {
	const char	*word;
	uint64_t	attrs;
	int		(*parse)(const char *value, union request *req);
};

/**
 * struct object - what the first word of a command line names
 * @word: the word
 * @kind: its attributes
 * @commands: its commands, the last one empty
 * @special: a word that is no attribute; or NULL
 * @where: explains the capital words of the commands' usage; or NULL
 * @main: takes all words after the object's own, instead of @commands; returns
 *	an exit code
 * @usage: what @main takes
 */
struct object {
	const char			*word;
	enum vsw_nl_object		kind;
	const struct command		*commands;
	const struct special_word	*special;
	const char			*where;
	int				(*main)(int argc, char **argv);
	const char			*usage;
};

extern const struct object switch_object, port_object, region_object,
	fdb_object, lookup_object, monitor_object;

/* main.c */

int run_words(int argc, char **argv);

/* The socket for requests; NULL if there is none, which was said. */
struct vsw_nl *request_socket(int *exit_code);
struct vsw_nl *open_socket(int *exit_code);

/* Print a message after "Error: ", and return @exit_code. */
int error(int exit_code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What messages begin with. */
extern const char *error_prefix;

/* batch.c */

int run_batch(const char *path);

#endif /* _VSWCTL_H */
