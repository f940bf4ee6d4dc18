#!/usr/bin/env python3
"""The build refuses what is not on a room's line of LAYERS: an include, and a call without one."""
import pathlib
import subprocess
import sys
import tempfile

CHECK = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_layers.py"
SOUND = {"LAYERS": "base :\nstore : base\nguard : base store\n",
         "base/a.c": "int a(void);\nint a(void) { return 1; }\n",
         "base/a.h": "int a(void);\n",
         "store/s.c": '#include "base/a.h"\nint s(void);\nint s(void) { return a(); }\n',
         "store/s.h": "int s(void);\n",
         "guard/g.c": '#include "store/s.h"\nint g(void);\nint g(void) { return s(); }\n'}
TABLE = [
    ("what LAYERS allows passes", {}, 0, ""),
    ("a lower room may not include a higher one", {"base/a.c": '#include "store/s.h"\nint a(void);\nint a(void) { return 1; }\n'}, 1,
     "base/a.c:1: base may not include store/s.h"),
    ("nor call it without an include", {"base/a.c": "int s(void);\nint a(void);\nint a(void) { return s(); }\n"}, 1,
     "base: may not call s of store"),
    ("a room sees only what its own line names", {"LAYERS": "base :\nstore : base\nguard : base\n"}, 1,
     "guard/g.c:1: guard may not include store/s.h"),
    ("a line may name only rooms above it", {"LAYERS": "base : store\nstore :\nguard :\n"}, 1, "is not a room above it"),
]


def judge(changes):
    with tempfile.TemporaryDirectory() as spare:
        top = pathlib.Path(spare)
        for name, text in (SOUND | changes).items():
            (top / name).parent.mkdir(exist_ok=True)
            (top / name).write_text(text)
        for room in ("base", "store", "guard"):
            objects = []
            for source in (top / room).glob("*.c"):
                objects.append(source.with_suffix(".o"))
                subprocess.run(["cc", "-c", "-I", spare, str(source), "-o", str(objects[-1])], check=True)
            subprocess.run(["ar", "rcs", str(top / f"libroom-{room}.a"), *map(str, objects)], check=True)
        done = subprocess.run([sys.executable, str(CHECK), "--src", spare, "--build", spare], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


failed = 0
print(f"1..{len(TABLE)}")
for number, (text, changes, status, words) in enumerate(TABLE, 1):
    got, said = judge(changes)
    good = got == status and words in said
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} {text}")
    if not good:
        print(f"# status {got}: {said.strip()}")
sys.exit(1 if failed else 0)
