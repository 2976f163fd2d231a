"""The library of faults.c, loaded before a command's own: takes its entropy, or sets its clocks."""
import mmap
import os
import struct
import subprocess

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'faults.c')


def setup(world):
    """Makes it; `world.preload` is the environment that loads it."""
    library = world.path('faults.so')
    done = subprocess.run(['cc', '-shared', '-fPIC', '-O1', '-o', library, SOURCE], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    world.preload = {'LD_PRELOAD': library, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') +
                     ':verify_asan_link_order=0'}


class Clock:
    """A command's clock of deadlines, which stands still unless it is moved."""

    def __init__(self, world, name):
        self.path = world.path(name + '.clock', bytes(8))
        with open(self.path, 'r+b') as file:
            self.shared = mmap.mmap(file.fileno(), 8)
        self.now = 1000000
        self.move(0)
        self.environment = {**world.preload, 'PARLEY_FAULT_CLOCK': self.path}

    def move(self, milliseconds):
        self.now += milliseconds
        struct.pack_into('=q', self.shared, 0, self.now)
