// SPDX-License-Identifier: GPL-2.0
/*
 * kprof: a plugin of QEMU that counts executed instructions by address
 *
 *   qemu-system-x86_64 -plugin kprof.so,out=FILE ...
 *
 * Counts only between two no-ops that the guest executes, see bench.h. After
 * each such window FILE gets a line "window", a line "ADDRESS LENGTH RUNS" for
 * each translated block that ran in it (length in instructions), and a line
 * "end".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qemu-plugin.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/**
 * struct block - a translated block
 * @next: the one that was translated before
 * @addr: its address in the guest
 * @insns: its length in instructions
 * @runs: how often it was executed; QEMU's code counts this
 * @before: @runs at the beginning of the window
 */
struct block {
	struct block	*next;
	uint64_t	addr;
	uint64_t	insns;
	uint64_t	runs;
	uint64_t	before;
};

/* The icount mode that this is for has one processor, so nobody races. */
static struct block *blocks;
static FILE *out;

static void window_begin(unsigned int cpu, void *data)
{
	struct block *b;

	(void)cpu;
	(void)data;
	for (b = blocks; b; b = b->next)
		b->before = b->runs;
}

static void window_end(unsigned int cpu, void *data)
{
	struct block *b;

	(void)cpu;
	(void)data;
	fprintf(out, "window\n");
	for (b = blocks; b; b = b->next)
		if (b->runs != b->before)
			fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIu64 "\n",
				b->addr, b->insns, b->runs - b->before);
	fprintf(out, "end\n");
	fflush(out);
}

/* A nopl with this displacement; the byte before it tells begin from end. */
static void look_for_mark(struct qemu_plugin_insn *insn)
{
	static const uint8_t begin[] = { 0x0f, 0x1f, 0x80, 1, 0x77, 0x73, 0x76 };
	static const uint8_t end[] = { 0x0f, 0x1f, 0x80, 0, 0x77, 0x73, 0x76 };
	const void *bytes = qemu_plugin_insn_data(insn);
	qemu_plugin_vcpu_udata_cb_t call;

	if (qemu_plugin_insn_size(insn) != sizeof(begin))
		return;
	if (!memcmp(bytes, begin, sizeof(begin)))
		call = window_begin;
	else if (!memcmp(bytes, end, sizeof(end)))
		call = window_end;
	else
		return;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, call,
					       QEMU_PLUGIN_CB_NO_REGS, NULL);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	struct block *b = calloc(1, sizeof(*b));
	size_t i;

	(void)id;
	if (!b)
		abort();
	b->addr = qemu_plugin_tb_vaddr(tb);
	b->insns = qemu_plugin_tb_n_insns(tb);
	b->next = blocks;
	blocks = b;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &b->runs, 1);
	for (i = 0; i < b->insns; i++)
		look_for_mark(qemu_plugin_tb_get_insn(tb, i));
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
			       int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "kprof: give it out=FILE\n");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
