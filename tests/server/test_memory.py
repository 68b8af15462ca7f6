"""What the garbage collector looks at while the server serves."""

import subprocess
import sys

# In a process of its own, whose objects are no other test's. It ends where a server would begin to serve.
PROGRAM = """
import gc, sys, weakref
from sqlalchemy import make_url
from shoptrack.server import serve_paste
from shoptrack.server.shutdown import GracefulShutdown
from shoptrack.testing import make_test_app, upgrade_database

class Ring:
    pass

app = make_test_app(make_url(sys.argv[1]))
upgrade_database(app)
before = len(gc.get_objects())
ring = Ring()
ring.next = ring
garbage = weakref.ref(ring)
del ring
gc.disable()
GracefulShutdown.serve = lambda self: print(len(gc.get_objects()) < before / 10, garbage())
serve_paste(app, {}, host="127.0.0.1", port="0")
"""


def test_the_application_is_passed_over_and_garbage_is_not_kept(tmp_path):
    command = [sys.executable, "-c", PROGRAM, f"sqlite:///{tmp_path}/shop.sqlite3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["True", "None"], done.stderr
