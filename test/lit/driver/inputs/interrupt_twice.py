"""interrupt_twice.py COMMAND...: reads nothing of its rows, so it waits; sends SIGINT twice; prints its status and what it
says on standard error. A signal that ends the process would be a negative status."""
import signal
import subprocess
import sys
import time

running = subprocess.Popen(
    sys.argv[1:],
    stdout=subprocess.PIPE,
    stderr=subprocess.PIPE,
    # Whoever runs the tests in the background may have SIGINT ignored, and that is inherited.
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
)
running.stdout.read(1)  # until its rows come
running.send_signal(signal.SIGINT)
time.sleep(0.1)
running.send_signal(signal.SIGINT)
try:
    status = running.wait(timeout=30)
except subprocess.TimeoutExpired:
    running.kill()
    sys.exit("the second SIGINT did not stop it")
print("status", status)
sys.stdout.write(running.stderr.read().decode())
