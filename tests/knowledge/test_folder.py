"""The files of a folder: each told by its own content, however many are read side by side."""

from knowledge.folder import find_sources

FILES = [f"{number % 3}/{number:03}.md" for number in range(170)]


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def digests(folder):
    sources, failures = find_sources(folder)
    return {source.path: source.digest for source in sources}, failures


def test_of_many_files_only_the_changed_one_has_another_digest(tmp_path):
    for name in FILES:
        write(tmp_path, name, f"# {name}\n")
    write(tmp_path, "root.md", "# root\n")
    before, failures = digests(tmp_path)
    assert sorted(before) == sorted([*FILES, "root.md"])
    assert (len(set(before.values())), failures) == (171, [])

    write(tmp_path, "1/100.md", "# changed\n")
    after, _ = digests(tmp_path)
    assert {name for name in before if after[name] != before[name]} == {"1/100.md"}


def test_a_file_that_cannot_be_read_leaves_the_others_their_own_digests(tmp_path):
    for name in FILES:
        write(tmp_path, name, f"# {name}\n")
    before, _ = digests(tmp_path)
    (tmp_path / "1" / "050.md").symlink_to("nowhere.md")

    after, failures = digests(tmp_path)
    assert after == before
    assert [(one.path, one.reason) for one in failures] == [
        ("1/050.md", "cannot be read: No such file or directory")
    ]


def test_a_file_of_more_than_one_portion_is_told_by_all_of_it(tmp_path):
    write(tmp_path, "long.md", "a" * 200_000 + "b")
    before, _ = digests(tmp_path)
    write(tmp_path, "long.md", "a" * 200_000 + "c")

    assert digests(tmp_path)[0] != before
