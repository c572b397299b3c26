#!/usr/bin/python3
"""Visits the shop as browsers do: a page that opens several requests at once, all with the same session cookie.

usage: load.py [URL] [--visitors N] [--requests N]
"""
import argparse
import socket
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

# The shop is on this machine: no proxy from the environment.
browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def wait_for(url, seconds=15):
    address = urllib.parse.urlsplit(url)
    deadline = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection((address.hostname, address.port or 80)).close()
        except OSError as error:
            if time.monotonic() > deadline:
                sys.exit(f"No shop answers at {url} ({error}). Is it running, and what does server.log say?")
            time.sleep(0.2)


def get(url, session):
    request = urllib.request.Request(url, headers={"Cookie": f"session={session}"})
    try:
        with browser.open(request, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def visit(pool, url, requests):
    """One page of a new visitor: `requests` at the same moment. Answers the session and the status of each."""
    session = uuid.uuid4().hex
    ready = threading.Barrier(requests)

    def fetch():
        ready.wait()
        return get(url, session)

    answers = [pool.submit(fetch) for _ in range(requests)]
    return session, [answer.result() for answer in answers]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000/cart")
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--requests", type=int, default=6)
    options = parser.parse_args()

    wait_for(options.url)
    first, later = Counter(), Counter()
    with ThreadPoolExecutor(options.requests) as pool:
        sessions = []
        for _ in range(options.visitors):
            session, statuses = visit(pool, options.url, options.requests)
            sessions.append(session)
            first.update(statuses)
        for session in sessions:
            later[get(options.url, session)] += 1
    print("first page:", described(first))
    print("next page: ", described(later))


def described(statuses):
    counts = ", ".join(f"{count} answered {status}" for status, count in sorted(statuses.items()))
    return f"{sum(statuses.values())} requests, {counts}"


if __name__ == "__main__":
    main()
