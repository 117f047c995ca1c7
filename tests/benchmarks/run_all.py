"""Run every benchmark and keep what it prints in results/: python tests/benchmarks/run_all.py [NAME …]"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    chosen = sys.argv[1:] or sorted(path.stem for path in HERE.glob("bench_*.py"))
    failed = 0
    for name in chosen:
        print(f"{name} …", flush=True)
        done = subprocess.run(
            [sys.executable, HERE / f"{name}.py", "--json"], stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            failed += 1
            continue
        (HERE / "results" / f"{name}.json").write_text(done.stdout)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
