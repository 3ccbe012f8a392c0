"""interrupt.py STATUS COMMAND...: gives the command two records and what LAST holds, then SIGINT; prints its rows; fails
if it ends otherwise."""
import os
import signal
import subprocess
import sys
import time

running = subprocess.Popen(
    sys.argv[2:] + ["--stats"],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    # Whoever runs the tests in the background may have SIGINT ignored, and that is inherited.
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
)
running.stdin.write(b'{"a":1,"t":1}\n{"a":2,"t":2}\n' + os.environ.get("LAST", "").encode())
running.stdin.flush()
time.sleep(2)  # until it has started and read them
running.send_signal(signal.SIGINT)
deadline = time.monotonic() + 30  # its input stays open: only the signal can end it
while running.poll() is None and time.monotonic() < deadline:
    time.sleep(0.05)
if running.poll() is None:
    running.kill()
    sys.exit("SIGINT did not stop it")
out = running.stdout.read()
print("rows:", out.count(b"\n"))
sys.stdout.write(out.decode())
sys.exit(0 if running.returncode == int(sys.argv[1]) else f"status {running.returncode}")
