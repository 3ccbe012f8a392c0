"""case.py WAY CASE: runs an end-to-end case with the `millrace` of PATH."""
import pathlib
import shutil
import subprocess
import sys

runner = pathlib.Path(__file__).resolve().parents[3] / "e2e" / "run_case.py"
command = [sys.executable, runner, "--millrace", shutil.which("millrace"), "--way", *sys.argv[1:]]
sys.exit(subprocess.call(command))
