"""replace_running.py PYTHON COMMAND...: runs the command while the program PYTHON, a copy of Python, is running."""
import subprocess
import sys

running = subprocess.Popen([sys.argv[1], "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
status = subprocess.call(sys.argv[2:])
alive = running.poll() is None
running.communicate(b"")
sys.exit(0 if status == 0 and alive and running.returncode == 0 else 1)
