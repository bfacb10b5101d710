"""What was taught, as one process holds it while its indexes change."""

from bank.generations import active_generation
from bank.policies import clauses_of
from bank.rankings import ConfirmedRecord, confirm, digest
from knowledge.library import Library
from knowledge.teaching import Teaching
from tests.knowledge.conftest import NOW, on_one_engine

ASKED = "What becomes of a lantern?"


@on_one_engine
def test_a_confirmed_answer_names_its_clause_in_whatever_index_it_is_looked_for(
    shelf, database, tmp_path
):
    """An index that follows has other rows than one begun anew, and either may be asked."""
    shelf.put("bells.md", "1.1 A bell is rung at noon.\n\n1.2 A bell is hung at dusk.")
    shelf.put("lanterns.md", "1.1 A lantern is lit at dusk.")
    shelf.sync()
    shelf.ask(ASKED)
    shelf.put("bells.md", "1.1 A bell is rung at one.")
    shelf.sync()
    with database.write() as tx:
        (clause,) = clauses_of(tx, "lanterns@1")
        words = digest([clause.text])
        confirm(tx, [ConfirmedRecord(ASKED, "en", "lanterns", "1.1", words, "C001", NOW)])
    anew = Library(database, tmp_path / "anew")
    teaching = Teaching()

    found = []
    with database.read() as tx:
        generation = active_generation(tx)
        for library in (shelf.library, anew):
            search = library._engine.search_of(tx, generation)
            (remembered,) = teaching.learned(tx, search, generation).memories["en"].earlier
            found.append([search.catalogue.ids[row] for row in remembered.rows])
    anew.close()

    assert found == [[clause.id], [clause.id]]
