#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dump.py INCLUDE-DIR CC... - the binary contract as text, one fact a line:

    size rk_text 16          offset rk_text.ptr 0 8      (place and size)
    const RK_OK 0            slot rk_host.http int32_t (*http)(...)

Names are read from connector.h; the numbers are the compiler's.  tests/abi/run compares
this with the frozen text of each released version."""
import re
import subprocess
import sys
import tempfile

include, cc = sys.argv[1], sys.argv[2:]
text = open(include + "/renkei/connector.h", encoding="utf-8").read()
text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)

facts, prints = [], []
for name, value in re.findall(r"^#define (RK_\w+)[ \t]+(\S.*)$", text, flags=re.M):
    value = " ".join(value.split())
    if re.fullmatch(r'-?\w+', value) and not value.startswith("__"):
        prints.append(f'printf("const {name} %lld\\n", (long long)({name}));')
    elif value.startswith('"'):
        facts.append(f"text {name} {value}")

for name, body in re.findall(r"struct (rk_\w+) \{(.*?)\n\};", text, flags=re.S):
    prints.append(f'printf("size {name} %zu\\n", sizeof(struct {name}));')
    for member in body.split(";"):
        member = " ".join(member.split())
        if not member:
            continue
        slot = re.search(r"\(\*(\w+)\)", member)
        names = [slot.group(1)] if slot else [
            re.search(r"(\w+)(\[\w+\])?$", part.strip()).group(1)
            for part in member.split(",")]
        for n in names:
            at = f"(struct {name} *)0"
            prints.append(f'printf("offset {name}.{n} %zu %zu\\n", '
                          f'offsetof(struct {name}, {n}), sizeof(({at})->{n}));')
        facts.append((f"slot {name}.{names[0]} " if slot else
                      f"type {name}.{'+'.join(names)} ") + member)

with tempfile.TemporaryDirectory() as place:
    with open(place + "/dump.c", "w", encoding="utf-8") as out:
        out.write("#include <stdio.h>\n#include <renkei/connector.h>\nint main(void)\n{\n"
                  + "\n".join(prints) + "\nreturn 0;\n}\n")
    subprocess.run(cc + ["-I" + include, place + "/dump.c", "-o", place + "/dump"], check=True)
    facts += subprocess.run([place + "/dump"], check=True, capture_output=True,
                            text=True).stdout.splitlines()
print("\n".join(sorted(facts)))
