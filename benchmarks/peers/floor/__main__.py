"""Serve the floor: ``python -m benchmarks.peers.floor PORT``."""

import sys

import waitress

from benchmarks.peers.floor.app import application

# As many threads as ShopTrack's production.ini has.
waitress.serve(application, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
