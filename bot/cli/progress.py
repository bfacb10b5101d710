"""A bar on the terminal for what takes a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.terminal import console


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """What draws "this step, so much done, of so much"; None when stderr is no terminal.

    The bar leaves no trace.
    """
    people = console()
    if not people.is_terminal:
        yield None
        return
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=people, transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(name: str, done: int, total: int) -> None:
            if bar.tasks[0].description != name:
                bar.reset(task, description=name)
                bar.refresh()  # a step may be over before the bar is drawn by itself
            bar.update(task, completed=done, total=total or None)

        yield report
