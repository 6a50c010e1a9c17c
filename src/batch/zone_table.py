#!/usr/bin/env python3
"""Writes zone_table.cc from the machine's tzdata: run `python3 src/batch/zone_table.py > src/batch/zone_table.cc`."""
import os

ROOT = "/usr/share/zoneinfo"
rules = {}
for folder, subfolders, files in os.walk(ROOT):
    subfolders[:] = sorted(s for s in subfolders if s not in ("posix", "right"))
    for file in sorted(files):
        path = os.path.join(folder, file)
        with open(path, "rb") as f:
            content = f.read()
        if not content.startswith(b"TZif") or file in ("localtime", "posixrules", "Factory"):
            continue
        rule = content.rstrip(b"\n").rsplit(b"\n", 1)[1].decode()
        rules.setdefault(rule, []).append(os.path.relpath(path, ROOT))

with open(os.path.join(ROOT, "tzdata.zi")) as f:
    version = f.readline().split()[-1]

print(f"""// Made by zone_table.py from tzdata {version}, which is in the public domain. Do not edit.
// clang-format off
#include "batch/zone_table.h"

#include <array>

namespace ads::batch {{
namespace {{

struct Zones {{
  std::string_view rule;
  std::string_view names;  // each with a space before and after
}};
""")
print(f"constexpr std::array<Zones, {len(rules)}> kZones{{{{")
for rule, names in sorted(rules.items()):
    lines, line = [], "     \""
    for name in [""] + sorted(names):
        if len(line) + len(name) > 112:
            lines.append(line + "\"")
            line = "     \""
        line += name + " "
    lines.append(line + "\"")
    print(f"    {{\"{rule}\",")
    print("\n".join(lines) + "},")
print("""}};

}  // namespace

std::string_view compiled_zone_rule(std::string_view name) {
  if (name.empty() || name.find(' ') != name.npos) return {};
  for (const Zones& zones : kZones) {
    for (std::size_t at = 0; (at = zones.names.find(name, at)) != std::string_view::npos; at += name.size()) {
      if (zones.names[at - 1] == ' ' && zones.names[at + name.size()] == ' ') return zones.rule;
    }
  }
  return {};
}

}  // namespace ads::batch""")
