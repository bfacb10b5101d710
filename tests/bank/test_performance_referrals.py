"""C04: new effective clients whom another client recommended, alike on both engines."""

from datetime import date, timedelta

from tests.bank.records import measured, shown, writing

OPENED = date(2026, 9, 28)
"""Effective on 31 October: 60,000 yuan on each of the 30 days before, above 50,000."""
BEFORE = OPENED - timedelta(days=4)


def winning(books, count, *, manager="M001", prefix="N", opened=OPENED):
    names = [f"{prefix}{at}" for at in range(count)]
    for client in names:
        books.won(client, manager, opened)
    return names


def share(database, manager="M001", **when):
    return measured(database, "C04", **when)[manager]


def test_recommended_before_they_came_of_all_who_came(database):
    with writing(database) as books:
        first, late, close, same, *_ = winning(books, 6)
        books.client("FRIEND")
        books.referral("FRIEND", first, "M001", BEFORE)
        books.referral("FRIEND", late, "M001", OPENED + timedelta(days=1))  # after the opening
        books.referral("FRIEND", same, "M001", OPENED)  # on the day itself
        books.referral("FRIEND", close, "M001", BEFORE, related=True)  # staff, or related
    found = share(database)
    # 1 of 6 = 16.666667 %
    assert (found.numerator, found.denominator) == (1, 6)
    told = shown(database, "C04")
    assert (told.rows[0]["id"], told.rows[0]["referrer"]) == (first, "FRIEND")
    assert sum(row["counted"] for row in told.rows) == 1
    assert (told.count, {row["referrer"] for row in told.rows[1:]}) == (6, {""})


def test_two_recommendations_of_one_client_count_once(database):
    with writing(database) as books:
        first, *_ = winning(books, 5)
        for friend in ("FRIEND", "AUNT"):
            books.client(friend)
            books.referral(friend, first, "M001", BEFORE)
    assert (share(database).numerator, share(database).denominator) == (1, 5)


def test_under_five_new_clients_the_last_four_quarters_are_looked_at(database):
    with writing(database) as books:
        names = winning(books, 4)
        spring = winning(books, 2, prefix="S", opened=date(2026, 3, 25))
        winning(books, 3, prefix="A", opened=date(2025, 10, 1))  # effective in 2025: too long ago
        books.client("FRIEND")
        for client in (names[0], *spring):
            books.referral("FRIEND", client, "M001", date(2026, 3, 2))
    found = share(database)
    # January to 16 November: 4 and 2, of whom 1 and 2 were recommended
    assert (found.numerator, found.denominator, found.actual) == (3, 6, 50)
    assert shown(database, "C04").count == 6


def test_fewer_than_five_in_four_quarters_are_no_figure(database):
    with writing(database) as books:
        winning(books, 4)
        winning(books, 5, manager="M002", prefix="M")
    assert (share(database).actual, share(database).note) == (None, "too_few")
    assert share(database, "M002").actual == 0
    assert share(database, as_of=date(2026, 10, 30)).note == "too_few"


def test_a_client_lost_again_is_none(database):
    with writing(database) as books:
        names = winning(books, 6)
        books.client("FRIEND")
        books.referral("FRIEND", names[0], "M001", BEFORE)
        books.won("BRIEF", "M001", OPENED, fen=0)
        books.account("BRIEF", [(OPENED, 90_000_00), (date(2026, 11, 1), 0)])
        books.referral("FRIEND", "BRIEF", "M001", BEFORE)
    assert share(database).denominator == 7
    after = share(database, as_of=date(2026, 11, 30))
    assert (after.numerator, after.denominator) == (1, 6)
