// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: words to attributes
 *
 * Strict, so that no typing error means something: whole words, each at most
 * once, numbers without trailing characters. Whether a value is acceptable is
 * the kernel's to say.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "vlans.h"

/* isxdigit() is for unsigned characters only. */
static bool is_hex(char c)
{
	return isxdigit((unsigned char)c);
}

bool parse_u64(const char *word, uint64_t *number)
{
	bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	char *end;

	/* strtoull() would take a sign and leading space. */
	if (!(hex ? is_hex(word[2]) : isdigit((unsigned char)word[0])))
		return false;
	errno = 0;
	*number = strtoull(word, &end, hex ? 16 : 10);
	if (errno == ERANGE)
		*number = UINT64_MAX;
	return !*end;
}

bool parse_mac(const char *word, uint8_t *mac)
{
	char *end;
	int i;

	for (i = 0; i < 6; i++) {
		if (!is_hex(word[0]) || (is_hex(word[1]) && is_hex(word[2])))
			return false;
		mac[i] = strtoul(word, &end, 16);
		if (*end != (i < 5 ? ':' : '\0'))
			return false;
		word = end + 1;
	}
	return true;
}

int unknown_word(const char *word, const char *object)
{
	return error(EXIT_SYNTAX, "unknown word \"%s\", try \"vswctl %s help\"",
		     word, object);
}

static int parse_number(const struct vsw_nl_attr *attr, const char *value,
			void *member)
{
	uint32_t max = attr->kind == VSW_NL_S32 ? INT32_MAX : UINT32_MAX;
	uint32_t small;
	uint64_t number;

	if (!parse_u64(value, &number))
		return error(EXIT_SYNTAX, "\"%s\" needs a number, not \"%s\"",
			     attr->name, value);
	if (number > max)
		return error(EXIT_SYNTAX, "\"%s\" can be at most %u, not \"%s\"",
			     attr->name, max, value);
	small = number;
	memcpy(member, &small, sizeof(small));
	return 0;
}

static int parse_enum(const struct vsw_nl_attr *attr, const char *value,
		      uint32_t *member)
{
	char list[128] = "";
	uint32_t i;

	for (i = 0; attr->names[i]; i++) {
		if (!strcmp(attr->names[i], value)) {
			*member = i;
			return 0;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
			 "%s%s", i ? " or " : "", attr->names[i]);
	}
	return error(EXIT_SYNTAX, "\"%s\" must be %s, not \"%s\"", attr->name,
		     list, value);
}

int parse_value(const struct vsw_nl_attr *attr, const char *value, void *member)
{
	if (attr->names)
		return parse_enum(attr, value, member);

	switch (attr->kind) {
	case VSW_NL_STRING:
		*(const char **)member = value;
		return 0;
	case VSW_NL_MAC:
		if (parse_mac(value, member))
			return 0;
		return error(EXIT_SYNTAX,
			     "\"%s\" needs a MAC address, not \"%s\"",
			     attr->name, value);
	case VSW_NL_VLAN:
		return parse_number(attr, strcmp(value, "none") ? value : "0",
				    member);
	case VSW_NL_VLANS:
		if (parse_vlans(value, member))
			return 0;
		return error(EXIT_SYNTAX,
			     "\"%s\" needs VLANs such as 10,20-30, or none, not \"%s\"",
			     attr->name, value);
	default:
		return parse_number(attr, value, member);
	}
}

/* The words of a command line, and how far they are parsed. */
struct line {
	const struct object	*object;
	const struct command	*command;
	union request		*req;
	int			argc;
	char			**argv;
};

static bool is_special(const struct line *line, const char *word)
{
	const struct special_word *special = line->object->special;

	return special && (line->command->optional & special->attrs) &&
	       !strcmp(word, special->word);
}

/* The attribute that a word names, among those of the command; or 0. */
static unsigned int find_attr(const struct line *line, const char *word)
{
	uint64_t allowed = line->command->required | line->command->optional;
	const struct vsw_nl_attr *attrs;
	unsigned int type, max;

	attrs = vsw_nl_attrs(line->object->kind, &max);
	for (type = 1; type <= max; type++)
		if ((allowed & VSW_NL_BIT(type)) &&
		    !strcmp(word, attrs[type].name))
			return type;
	return 0;
}

static int set_attr(const struct line *line, unsigned int type,
		    const char *value)
{
	const struct vsw_nl_attr *attr;
	unsigned int max;
	int exit_code = 0;
	void *member;

	attr = &vsw_nl_attrs(line->object->kind, &max)[type];
	member = (char *)line->req + attr->offset;
	if (attr->kind == VSW_NL_FLAG)
		*(bool *)member = true;
	else
		exit_code = parse_value(attr, value, member);
	line->req->present |= VSW_NL_BIT(type);
	return exit_code;
}

static bool is_flag(const struct line *line, unsigned int type)
{
	unsigned int max;

	return type && vsw_nl_attrs(line->object->kind, &max)[type].kind ==
		       VSW_NL_FLAG;
}

/* The attributes that a word excludes, once it is given. */
static uint64_t exclusive(const struct line *line, unsigned int type)
{
	const struct special_word *special = line->object->special;

	if (!type || (special && (special->attrs & VSW_NL_BIT(type))))
		return special->attrs;
	return VSW_NL_BIT(type);
}

int words_of_value(char **word, int n)
{
	uint64_t number;

	return n > 1 && !strcmp(word[0], "index") &&
	       parse_u64(word[1], &number) ? 2 : 1;
}

/*
 * A word that is for the command to explain, and its value. They move up behind
 * those before, over words that are parsed already.
 */
static int keep_words(struct line *line)
{
	struct words *words = &line->req->sw_words.words;
	int i, n = words_of_value(line->argv + 1, line->argc - 1) + 1;

	if (line->argc < n)
		return error(EXIT_SYNTAX, "\"%s\" needs a value",
			     line->argv[0]);
	if (!words->n)
		words->word = line->argv;
	for (i = 0; i < n; i++)
		words->word[words->n++] = line->argv[i];
	line->argc -= n;
	line->argv += n;
	return 0;
}

/* A word, and its value unless it is a flag. */
static int parse_word(struct line *line)
{
	const char *word = line->argv[0], *value = line->argv[1];
	bool special = is_special(line, word);
	unsigned int type = special ? 0 : find_attr(line, word);
	int words = is_flag(line, type) ? 1 : 2;

	if (!special && !type)
		return line->command->words ? keep_words(line) :
		       unknown_word(word, line->object->word);
	if (line->req->present & exclusive(line, type))
		return error(EXIT_SYNTAX, "\"%s\" is given twice", word);
	if (line->argc < words)
		return error(EXIT_SYNTAX, "\"%s\" needs a value", word);
	line->argc -= words;
	line->argv += words;
	if (special)
		return line->object->special->parse(value, line->req);
	return set_attr(line, type, value);
}

/*
 * The first word is the subject itself, unless the subject may be left out and
 * the word names another attribute.
 */
static int parse_subject(struct line *line)
{
	const struct command *command = line->command;
	const char *word = line->argv[0];

	if (!line->argc || !command->subject)
		return 0;
	if (!(command->required & VSW_NL_BIT(command->subject)) &&
	    (is_special(line, word) || find_attr(line, word)))
		return 0;
	line->argc--;
	line->argv++;
	return set_attr(line, command->subject, word);
}

/* The name of the first attribute of a set; the subject comes before all. */
static const char *first_name(const struct line *line, uint64_t bits)
{
	unsigned int subject = line->command->subject, max;

	if (!subject || !(bits & VSW_NL_BIT(subject)))
		subject = __builtin_ctzll(bits);
	return vsw_nl_attrs(line->object->kind, &max)[subject].name;
}

static int check_complete(const struct line *line)
{
	uint64_t present = line->req->present;
	uint64_t missing = line->command->required & ~present;
	uint64_t one_of = line->command->one_of;

	if (missing)
		return error(EXIT_SYNTAX,
			     "\"%s\" is missing, try \"vswctl %s help\"",
			     first_name(line, missing), line->object->word);
	if (!one_of || __builtin_popcountll(one_of & present) == 1)
		return 0;
	return error(EXIT_SYNTAX, "either \"%s\" or \"%s\" must be given",
		     first_name(line, one_of),
		     first_name(line, one_of & (one_of - 1)));
}

int parse_command(const struct object *object, const struct command *command,
		  int argc, char **argv, union request *req)
{
	struct line line = { object, command, req, argc, argv };
	int exit_code;

	memset(req, 0, sizeof(*req));
	exit_code = parse_subject(&line);
	while (!exit_code && line.argc)
		exit_code = parse_word(&line);
	if (!exit_code)
		exit_code = check_complete(&line);
	return exit_code;
}
