#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Where the instructions of each case went, by function.

What kprof.c has counted, with the kernel's symbols that the guest has sent and
those of the program. All per frame received, as the figure of the case, which
is up to 0.2 % lower: a block that is left in its middle counts in full.
"""

import argparse
import bisect
import collections
import re
import subprocess
import sys

# Where the kernel begins; below it there are programs.
KERNEL = 1 << 63


class Symbols:
    """Names of functions by address."""

    def __init__(self, symbols):
        # Of several names of an address, the first.
        self.by_addr = {}
        for addr, name in symbols:
            self.by_addr.setdefault(addr, name)
        self.addrs = sorted(self.by_addr)

    def find(self, addr):
        i = bisect.bisect_right(self.addrs, addr)
        return self.by_addr[self.addrs[i - 1]] if i else None


def kernel_symbols(lines):
    """Lines of /proc/kallsyms: address, type, name, and module if any."""
    for line in lines:
        addr, kind, *name = line.split()
        if kind in 'tTwW':
            yield int(addr, 16), ' '.join(name)


def program_symbols(path):
    """The functions of the program, and where its last one ends."""
    text = subprocess.run(['nm', '--defined-only', path], check=True,
                          capture_output=True, text=True).stdout
    for line in text.splitlines():
        addr, kind, name = line.split()
        if kind in 'tTwW' or name == '_end':
            yield int(addr, 16), name + ' (program)'


class Module:
    """Finds inlined functions, if the module has debugging information."""

    def __init__(self, path, kallsyms):
        self.suffix = ' [vsw]'
        self.path = path
        self.starts, self.symbols = self.disassemble()
        self.base = self.find_base(kallsyms)
        self.inner = {}

    def disassemble(self):
        """Where instructions begin in .text, and symbols."""
        text = subprocess.run(['objdump', '-d', '-j', '.text',
                               '--no-show-raw-insn', self.path], check=True,
                              capture_output=True, text=True).stdout
        symbols = {name: int(addr, 16) for addr, name in
                   re.findall(r'^([0-9a-f]{16}) <(.*)>:$', text, re.M)}
        starts = [int(addr, 16) for addr in
                  re.findall(r'^ *([0-9a-f]+):\t', text, re.M)]
        return starts, symbols

    def find_base(self, kallsyms):
        """Where .text was loaded: any symbol tells, but not one of the same name
        in a module with a lookup."""
        for line in kallsyms:
            addr, _, name, *module = line.split()
            if module == [self.suffix.strip()] and name in self.symbols:
                return int(addr, 16) - self.symbols[name]
        return None

    def insns(self, addr, length):
        """The offsets of the instructions of a block."""
        i = bisect.bisect_left(self.starts, addr - self.base)
        return self.starts[i:i + length]

    def resolve(self, offsets):
        """Ask for the innermost function of each offset."""
        unknown = sorted(set(offsets) - self.inner.keys())
        if not unknown:
            return
        text = subprocess.run(['addr2line', '-e', self.path, '-j', '.text',
                               '-a', '-f', '-i'], check=True,
                              input='\n'.join(map(hex, unknown)),
                              capture_output=True, text=True).stdout
        found = re.findall(r'^0x([0-9a-f]+)\n(.*)\n', text, re.M)
        for addr, name in found:
            self.inner[int(addr, 16)] = name

    def split(self, outer, blocks):
        """The blocks of a function, by the functions inlined into it."""
        insns = [(offset, runs) for addr, length, runs in blocks
                 for offset in self.insns(addr, length)]
        self.resolve(offset for offset, runs in insns)
        result = collections.Counter()
        plain = outer.removesuffix(self.suffix)
        for offset, runs in insns:
            name = self.inner[offset]
            # Copies made by the compiler have a suffix.
            if name in ('??', plain.split('.')[0]):
                result[outer] += runs
            else:
                result[f'{name} < {outer}'] += runs
        return result


class Namer:
    """Tells the function of an address of either side."""

    def __init__(self, kallsyms, program, module):
        self.kernel = Symbols(kernel_symbols(kallsyms))
        self.program = Symbols(program_symbols(program))
        self.module = Module(module, kallsyms) if module else None

    def name(self, addr):
        if addr >= KERNEL:
            return self.kernel.find(addr) or '(kernel)'
        name = self.program.find(addr)
        if name is None or name == '_end (program)':
            return '(libraries)'
        return name

    def functions(self, blocks):
        """How many instructions each function executed."""
        by_name = collections.defaultdict(list)
        for block in blocks:
            by_name[self.name(block[0])].append(block)
        result = collections.Counter()
        for name, part in by_name.items():
            if self.module and name.endswith(self.module.suffix):
                result += self.module.split(name, part)
            else:
                result[name] += sum(length * runs for _, length, runs in part)
        return result


def read_results(path):
    """The measured windows as (case, frames), and the kernel's symbols."""
    windows = []
    kallsyms = []
    with open(path, encoding='ascii') as results:
        for line in results:
            if line.startswith('# window '):
                case, frames = line.split()[2:]
                windows.append((case, int(frames)))
            elif line.startswith('# exit '):
                kallsyms = results.readlines()
    return windows, kallsyms


def read_counts(path):
    """One list of (address, length, runs) for each window."""
    counts = None
    with open(path, encoding='ascii') as lines:
        for line in lines:
            if line == 'window\n':
                counts = []
            elif line == 'end\n':
                yield counts
            else:
                addr, length, runs = line.split()
                counts.append((int(addr, 16), int(length), int(runs)))


def side(name):
    """Who is to blame: the program, a module of the kernel, or the rest of it."""
    if name.endswith(']'):
        return name[name.rindex('[') + 1:-1]
    return 'program' if name.endswith(')') and name != '(kernel)' else 'kernel'


def show(case, functions, frames, top):
    """The functions of a case, those that cost most first."""
    total = sum(functions.values())
    # A case that failed has received nothing.
    frames = frames or 1

    print(f'\n{case}: {total / frames:.1f} instructions for each frame')
    sides = collections.Counter()
    for name, insns in functions.items():
        sides[side(name)] += insns
    print(', '.join(f'{name} {insns / frames:.1f}'
                    for name, insns in sides.most_common()))
    rest = functions.most_common()
    for name, insns in rest[:top]:
        print(f'{insns / frames:10.2f} {insns / total:6.1%}  {name}')
    others = sum(insns for name, insns in rest[top:])
    if others:
        print(f'{others / frames:10.2f} {others / total:6.1%}  '
              f'({len(rest) - top} others)')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--top', type=int, default=25, help='functions to show')
    parser.add_argument('--program', required=True, help='instr, as it ran')
    parser.add_argument('--module', help='vsw.ko: shows inlined functions, too')
    parser.add_argument('results', help='what the guest has written')
    parser.add_argument('counts', help='what the plugin has written')
    args = parser.parse_args()

    windows, kallsyms = read_results(args.results)
    namer = Namer(kallsyms, args.program, args.module)
    cases = {}
    for (case, frames), counts in zip(windows, read_counts(args.counts)):
        functions, received = cases.get(case, (collections.Counter(), 0))
        cases[case] = functions + namer.functions(counts), received + frames
    for case, (functions, frames) in cases.items():
        show(case, functions, frames, args.top)
    return 0


if __name__ == '__main__':
    sys.exit(main())
