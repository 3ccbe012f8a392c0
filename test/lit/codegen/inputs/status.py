"""status.py N [--file-limit=BYTES] COMMAND...: runs the command; succeeds if it ends with exactly status N."""
import resource
import subprocess
import sys

wanted, command = int(sys.argv[1]), sys.argv[2:]
if command[0].startswith("--file-limit="):
    limit = int(command.pop(0).split("=")[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
status = subprocess.call(command)
if status != wanted:
    sys.exit(f"status {status}, expected {wanted}: {' '.join(command)}")
