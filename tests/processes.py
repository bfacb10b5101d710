"""Processes for the tests that kill one: an interpreter starts and imports once, the rest forks."""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.bank.appender", "tests.bank.importer", "tests.jobs.sender"]
)
