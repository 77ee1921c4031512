// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: a file of commands
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vswctl.h"

/* Also of a lookup that takes a list. */
#define MAX_WORDS	1024

static void out_of_memory(void)
{
	exit(error(EXIT_REFUSED, "out of memory"));
}

/* Copy a line, and those that a backslash joins to it. Returns how many. */
static unsigned int join_lines(FILE *file, FILE *to)
{
	char *line = NULL;
	size_t size = 0;
	unsigned int n = 0;
	bool goes_on = true;
	ssize_t len;

	while (goes_on && (len = getline(&line, &size, file)) >= 0) {
		n++;
		if (len && line[len - 1] == '\n')
			len--;
		goes_on = len && line[len - 1] == '\\';
		fwrite(line, 1, len - goes_on, to);
	}
	free(line);
	return n;
}

/* The next command line, to be freed; NULL at the end of the file. */
static char *read_line(FILE *file, unsigned int *lines)
{
	char *line = NULL;
	size_t size;
	unsigned int n;
	FILE *to;

	to = open_memstream(&line, &size);
	if (!to)
		out_of_memory();
	n = join_lines(file, to);
	if (fclose(to))
		out_of_memory();
	*lines += n;
	if (n)
		return line;
	free(line);
	return NULL;
}

/* One word, its quotes removed in place. Returns what follows; or NULL. */
static char *cut_word(char *from)
{
	char *to = from;
	char quote = '\0';

	for (; *from && (quote || !isspace((unsigned char)*from)); from++) {
		if (quote ? *from == quote : *from == '"' || *from == '\'')
			quote = quote ? '\0' : *from;
		else
			*to++ = *from;
	}
	if (quote)
		return NULL;
	if (*from)
		from++;
	*to = '\0';
	return from;
}

/* Returns the number of words, or -1 if the line is no sequence of words. */
static int split(char *line, char **words)
{
	int n = 0;

	for (;;) {
		while (isspace((unsigned char)*line))
			line++;
		if (!*line || *line == '#')
			break;
		if (n == MAX_WORDS) {
			error(EXIT_SYNTAX, "too many words");
			return -1;
		}
		words[n++] = line;
		line = cut_word(line);
		if (!line) {
			error(EXIT_SYNTAX, "a quote is not closed");
			return -1;
		}
	}
	words[n] = NULL;
	return n;
}

static int run_line(char *line)
{
	char *words[MAX_WORDS + 1];
	int n = split(line, words);

	if (n < 0)
		return EXIT_SYNTAX;
	return n ? run_words(n, words) : EXIT_DONE;
}

/* With -force, the exit code is that of the first line that failed. */
static int run_file(FILE *file, const char *path)
{
	unsigned int number, lines = 0;
	int exit_code, first = EXIT_DONE;
	char *line, *prefix;

	for (;;) {
		number = lines + 1;
		line = read_line(file, &lines);
		if (!line)
			break;
		if (asprintf(&prefix, "%s:%u: ", path, number) < 0)
			out_of_memory();
		error_prefix = prefix;
		exit_code = run_line(line);
		error_prefix = "";
		free(prefix);
		free(line);
		if (!first)
			first = exit_code;
		if (exit_code && !opts.force)
			break;
	}
	return first;
}

int run_batch(const char *path)
{
	FILE *file = stdin;
	int exit_code;

	if (strcmp(path, "-"))
		file = fopen(path, "re");
	else
		path = "stdin";
	if (!file)
		return error(EXIT_REFUSED, "cannot open \"%s\": %s", path,
			     strerror(errno));
	exit_code = run_file(file, path);
	if (ferror(file) && !exit_code)
		exit_code = error(EXIT_REFUSED, "cannot read \"%s\"", path);
	if (file != stdin)
		fclose(file);
	return exit_code;
}
