"""The side of Python's multiprocessing: told what to do line by line, it answers with one line for each worker.

A line is: what the first does, what the others do, how many workers, for how many seconds. The answer: turns,
nanoseconds spent, nanoseconds from the start of all to the end of this one, and the value's total.
"""

import multiprocessing
import os
import sys
import time
from multiprocessing import shared_memory

context = multiprocessing.get_context("fork")
cpus = sorted(os.sched_getaffinity(0))


class Value:
    """A number in shared memory behind a lock, which is taken for each access and for `+= 1`."""

    def __init__(self):
        self.value = context.Value("Q", 0)

    def get(self):
        return self.value.value

    def set(self):
        self.value.value = 7

    def add(self):
        with self.value.get_lock():
            self.value.value += 1

    total = get


class Unlocked(Value):
    """The same as many write it: each access takes the lock, but what is between them is not under it."""

    def add(self):
        self.value.value += 1


class Manager:
    """A number in a server process, reached by a proxy."""

    def __init__(self):
        self.manager = context.Manager()
        self.space = self.manager.Namespace(number=0)
        self.lock = self.manager.Lock()

    def get(self):
        return self.space.number

    def set(self):
        self.space.number = 7

    def add(self):
        with self.lock:
            self.space.number += 1

    total = get


class Segments:
    """Segments by name, unlinked and closed outside of the time."""

    def __init__(self):
        self.existing = shared_memory.SharedMemory(create=True, size=4096)

    def make(self, **how):
        made = shared_memory.SharedMemory(**how)
        made.buf[0] = made.buf[0]
        return made

    def create(self):
        made = self.make(create=True, size=4096)
        return made.close, made.unlink

    def open(self):
        return (self.make(name=self.existing.name).close,)

    def end(self):
        self.existing.close()
        self.existing.unlink()


class Managers:
    """A whole server process for each."""

    def create(self):
        manager = context.Manager()
        manager.Namespace(number=0).number
        return (manager.shutdown,)


def work(peer, op, start, seconds, worker, answers):
    os.sched_setaffinity(0, {cpus[worker % len(cpus)]})
    do = getattr(peer, op)
    start.wait()
    began = time.monotonic_ns()
    end = began + int(seconds * 1e9)
    turns, spent = 0, 0
    batch = 1
    while time.monotonic_ns() < end:
        if op in ("create", "open"):
            before = time.perf_counter_ns()
            undo = do()
            spent += time.perf_counter_ns() - before
            for one in undo:
                one()
            turns += 1
            continue
        before = time.perf_counter_ns()
        for _ in range(batch):
            do()
        took = time.perf_counter_ns() - before
        spent += took
        turns += batch
        if took < 20_000:
            batch *= 2
    answers[worker] = (turns, spent, time.monotonic_ns() - began)


def main():
    peer = {"value": Value, "unlocked": Unlocked, "manager": Manager, "segments": Segments, "managers": Managers}
    peer = peer[sys.argv[1]]()
    print("ready", flush=True)
    for line in sys.stdin:
        first, rest, workers, seconds = line.split()
        workers = int(workers)
        if first == "total":
            for _ in range(workers):
                print(0, 0, 0, peer.total(), flush=True)
            continue
        start = context.Barrier(workers)
        answers = {}
        if workers == 1:
            work(peer, first, start, float(seconds), 0, answers)
        else:
            lines = [context.Pipe() for _ in range(workers)]

            def child(worker):
                mine = {}
                work(peer, rest if worker else first, start, float(seconds), worker, mine)
                lines[worker][1].send(mine[worker])

            children = [context.Process(target=child, args=(i,)) for i in range(workers)]
            for one in children:
                one.start()
            for i, one in enumerate(children):
                answers[i] = lines[i][0].recv()
                one.join()
        for worker in range(workers):
            print(*answers[worker], 0, flush=True)
    if hasattr(peer, "end"):
        peer.end()


main()
