"""Runs a command on a small terminal and prints what a person sees at the end.

usage: terminal.py ROWS COLUMNS COMMAND...

Lines that scrolled away stand first, marked with `^ `; then the screen. Fails on anything that tables and status lines
have no business to send, and if the command fails.
"""
import fcntl
import os
import pty
import re
import struct
import sys
import termios

rows, columns = int(sys.argv[1]), int(sys.argv[2])
screen, gone, row, column, wraps = [""] * rows, [], 0, 0, True


def feed(text):
    global row, column, wraps
    for part in re.findall(r"\x1b\[[?0-9]*[A-Za-z]|.", text, re.DOTALL):
        if part[0] == "\x1b":
            number, what = part[2:-1], part[-1]
            if what == "A":
                assert int(number) <= row, "above the first line"
                row -= int(number)
            elif what == "K":
                assert column < columns, "terminals differ in what they clear here"
                screen[row] = screen[row][:column]
            elif what == "J":
                screen[row] = screen[row][:column]
                screen[row + 1:] = [""] * (rows - row - 1)
            elif what in "hl" and number == "?7":
                wraps = what == "h"
            else:
                assert what in "hl" and number == "?2026", repr(part)
        elif part == "\r":
            column = 0
        elif part == "\n":
            row += 1
            if row == rows:
                gone.append(screen.pop(0))
                screen.append("")
                row -= 1
        else:
            assert part >= " ", repr(part)
            if column == columns:
                assert wraps, "a line of a table is too long"
                column = 0
                feed("\n")
            line = screen[row].ljust(column)
            screen[row] = line[:column] + part + line[column + 1:]
            column += 1


child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[3], sys.argv[3:])
sent = b""
while True:
    try:
        some = os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that nobody is at the other end
        break
    if not some:
        break
    sent += some
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
feed(sent.decode())
for line in gone:
    print("^ " + line.rstrip())
while screen and not screen[-1].strip():
    screen.pop()
for line in screen:
    print(line.rstrip())
sys.exit(status and f"status {status}")
