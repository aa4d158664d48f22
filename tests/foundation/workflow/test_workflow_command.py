"""`voelgoed workflow NAME` draws a workflow of ours, without a database."""

from click.testing import CliRunner

from voelgoed.cli.workflow import workflow


def test_it_draws_the_sale():
    drawn = CliRunner().invoke(workflow, ["complete_checkout"])
    assert drawn.exit_code == 0, drawn.output
    assert drawn.output.startswith("%% complete_checkout, version 1\nflowchart TD\n")
    assert "  ledger -.->|then| tickets" in drawn.output


def test_an_unknown_name_is_one_line_that_says_what_there_is():
    drawn = CliRunner().invoke(workflow, ["no_such"])
    assert drawn.exit_code == 1
    assert "there is no workflow no_such; there are: " in drawn.output
