"""Drives an application's own functions from several threads, each with a connection of its own."""
import os
import random
import threading
import time
import traceback
from urllib.parse import unquote, urlsplit

THREADS = int(os.environ.get('EVAL_THREADS', '5'))
ROUNDS = int(os.environ.get('EVAL_ROUNDS', '16'))


def target():
    """The database to use: postgres://user:password@host:port/name, or mysql://… for MySQL and MariaDB."""
    url = urlsplit(os.environ['EVAL_DATABASE_URL'])
    return {
        'dialect': 'postgres' if url.scheme.startswith('postgres') else 'mysql',
        'host': url.hostname,
        'port': url.port,
        'user': unquote(url.username or ''),
        'password': unquote(url.password or ''),
        'name': url.path[1:],
    }


def drive(actions, races=(), *, close=lambda: None, expected=(), seed=7):
    """
    Runs every action `ROUNDS` times in each thread, in an order of its own, with the thread's random numbers.
    After each round all threads run one of `races` at once with the same random numbers, so the same key.
    Exceptions in `expected` are what an unlucky loser of a race gets; others end the run.
    """
    together = threading.Barrier(THREADS)
    problems = []

    def attempt(action, numbers):
        try:
            action(numbers)
        except expected:
            pass

    def work(number):
        numbers = random.Random(seed * 1000 + number)
        try:
            for turn in range(ROUNDS):
                order = list(actions)
                numbers.shuffle(order)
                for action in order:
                    attempt(action, numbers)
                    time.sleep(numbers.random() * 0.004)
                together.wait(timeout=60)
                if races:
                    attempt(races[turn % len(races)], random.Random(seed * 7000 + turn))
        except Exception:
            problems.append(traceback.format_exc())
            together.abort()
        finally:
            close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    real = [each for each in problems if 'BrokenBarrierError' not in each] or problems
    if real:
        raise SystemExit(real[0])
