from tests.boxoffice.till.test_till import *
from tests.boxoffice.till.conftest import *
for _n in [n for n in list(globals()) if n.startswith("test_")]: del globals()[_n]
@pytest.mark.parametrize("n", range(24))
def test_again(till, personas, programme, n):
    keys(till, "1 0")
    till.keyboard.type("a")
    expect(till.locator("#find")).to_contain_text("Adult")
    keys(till, "Escape 1")
    till.wait_for_timeout(200)
    assert "2Adult" in till.locator("#lines").text_content()
