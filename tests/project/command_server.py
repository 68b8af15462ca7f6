"""Run many ``shoptrack`` commands without importing everything for each, which takes most of a short one's time.

A server has all modules, and each command is a fork of it with the folder, environment and files of its caller:

    python command_server.py serve SOCKET
    python command_server.py call SOCKET check --deploy
"""

import gc
import json
import os
import socket
import sys
from socketserver import BaseRequestHandler, ForkingMixIn, UnixStreamServer


class CommandHandler(BaseRequestHandler):
    """Become the command, in a process of its own, and answer its exit status."""

    def handle(self):
        sent, files, _flags, _address = socket.recv_fds(self.request, 1 << 20, 3)
        call = json.loads(sent)
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.chdir(call["folder"])
        os.environ.clear()
        os.environ.update(call["environment"])
        sys.argv = ["shoptrack", *call["arguments"]]
        from shoptrack.cli import main  # not above, since callers are quick without it

        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        self.request.sendall(str(status).encode())


class CommandServer(ForkingMixIn, UnixStreamServer):
    """Run each command that is called for."""


def serve(path: str) -> None:
    """Import what commands import, say so by a line, and wait for calls."""
    import click

    from shoptrack.cli import Environment, main

    environment = Environment(None)
    assert environment.registry
    environment.close()
    context = click.Context(main)
    for name in main.list_commands(context):
        main.get_command(context, name)
    gc.freeze()  # what forks would copy, were it looked at
    with CommandServer(path, CommandHandler) as server:
        print("ready", flush=True)
        server.serve_forever()


def call(path: str, arguments: list[str]) -> int:
    """Have a command run, and return its exit status."""
    document = {"folder": os.getcwd(), "environment": dict(os.environ), "arguments": arguments}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        socket.send_fds(connection, [json.dumps(document).encode()], [0, 1, 2])
        return int(connection.recv(16))


if __name__ == "__main__":
    kind, path, *arguments = sys.argv[1:]
    sys.exit(call(path, arguments) if kind == "call" else serve(path))
