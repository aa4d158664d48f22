"""The list of runs that need a person says what, who, since when, and offers both ways out."""

from types import SimpleNamespace

from tests.foundation.workflow.deeds import Ask, ask
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow import start
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.foundation.workflow.person import stuck_runs


def drawn(app):
    with app.test_request_context():
        return app.jinja_env.get_template("control/_runs.html").render(
            runs=stuck_runs(),
            identity=SimpleNamespace(slug="home"),
            url_for=lambda endpoint, **names: f"/{endpoint}/{names.get('stuck_id')}",
        )


def test_it_says_so_when_nothing_needs_a_person(app, house):
    with house.scope():
        assert "Nothing needs a person" in drawn(app)


def test_it_lists_what_is_stuck_with_both_ways_out(app, house):
    with house.scope("box_office"):
        stuck = RunStuck(
            run_id=start(ask, Ask("late"), key="1", send=False), step="asked", reason="closed <b>today</b>"
        )
        db.session.add(stuck)
        commit()
        page = drawn(app)
    assert "cannot undo asked" in page
    assert "closed &lt;b&gt;today&lt;/b&gt;" in page
    assert "box_office of home" in page
    assert f"/control.try_again/{stuck.id}" in page
    assert f"/control.settle/{stuck.id}" in page
