"""Runs of a program that is loaded once (forker.cpp): starting a compiler takes longer than compiling a small pipeline."""
import os
import signal
import struct
import subprocess
import threading


def status_of(raw):
    """As subprocess has it: of one that a signal has ended, the signal's number below zero."""
    return -os.WTERMSIG(raw) if os.WIFSIGNALED(raw) else os.WEXITSTATUS(raw)


class Forked:
    """Each thread has a process of its own of each program; they end with this one, which closes their input."""

    def __init__(self, library):
        self.preloaded, self.threads = library, threading.local()

    def server(self, program):
        servers = self.threads.__dict__.setdefault("servers", {})
        if program not in servers or servers[program].poll() is not None:
            environment = dict(os.environ, LD_PRELOAD=self.preloaded, LD_BIND_NOW="1")
            servers[program] = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        return servers[program]

    def run(self, command, folder, stdin, out, err, seconds):
        """The run's status; None if it took too long. `stdin`, `out` and `err` are files; the program has a whole path."""
        server = self.server(command[0])
        texts = [folder, stdin, out, err, str(seconds), *command]
        request = b"".join(text.encode() + b"\0" for text in texts)
        server.stdin.write(struct.pack("I", len(request)) + request)
        server.stdin.flush()
        answer = server.stdout.read(4)
        if len(answer) != 4:
            raise RuntimeError("what forks %s has ended" % command[0])
        status = status_of(struct.unpack("I", answer)[0])
        return None if status == -signal.SIGALRM else status
