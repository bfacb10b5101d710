"""Settings: read from the environment, and every wrong value told in one line."""

import pytest

from bot.errors import SettingError
from bot.settings import MAY_HOLD, read_settings


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in MAY_HOLD:
        monkeypatch.delenv(name, raising=False)


def test_without_anything_set_there_is_a_sqlite_file_in_the_home_folder():
    settings = read_settings()

    assert settings.database == f"sqlite:///{settings.home_path / 'daybook.db'}"
    assert settings.home_path.name == ".daybook"
    assert (settings.timezone, settings.lang) == ("Asia/Shanghai", "en")


def test_the_environment_stands_above_the_env_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("DAYBOOK_LANG=zh\nDAYBOOK_TIMEZONE=Europe/Berlin\n")
    monkeypatch.setenv("DAYBOOK_TIMEZONE", "Asia/Tokyo")

    settings = read_settings()

    assert (settings.lang, settings.timezone) == ("zh", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("DAYBOOK_DATABASE_URL", "mysql://somewhere/else"),
        ("DAYBOOK_TIMEZONE", "Asia/Nowhere"),
        ("DAYBOOK_LANG", "fr"),
        ("DAYBOOK_SLACK_URL", "slack.com"),
        ("DAYBOOK_EMBEDDINGS", "word2vec"),
        ("DAYBOOK_EMBEDDINGS", "openai:"),
        ("DAYBOOK_KEEP_QUESTIONS", "-1"),
        ("DAYBOOK_KEEP_QUESTIONS", "a year"),
        ("DAYBOOK_KEEP_AUDIT", "0"),
        ("DAYBOOK_CHROMA_URL", "localhost:8000"),
        ("DAYBOOK_CHROMA_URL", "http://chroma.internal"),
    ],
)
def test_a_wrong_value_names_the_variable_what_it_held_and_what_it_may_hold(
    monkeypatch, name, held
):
    monkeypatch.setenv(name, held)

    with pytest.raises(SettingError) as error:
        read_settings()

    assert str(error.value) == f"{name} holds {held!r}: it may hold {MAY_HOLD[name]}"


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_wrong_token_is_named_but_never_shown(monkeypatch, name):
    monkeypatch.setenv(name, "xoxp-123-secret")

    with pytest.raises(SettingError) as error:
        read_settings()

    assert str(error.value).startswith(f"{name} holds ")
    assert "secret" not in str(error.value)


def test_the_password_in_an_address_is_never_shown(monkeypatch):
    monkeypatch.setenv("DAYBOOK_DATABASE_URL", "mysql://daybook:hunter2@db.internal/bank")

    with pytest.raises(SettingError) as error:
        read_settings()

    assert "hunter2" not in str(error.value)
    assert "mysql://daybook:***@db.internal/bank" in str(error.value)


def test_settings_cannot_be_changed_and_do_not_show_their_secrets(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")
    settings = read_settings()

    assert "very-secret" not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.lang = "zh"
