from tests.boxoffice.till.test_till import *
from tests.boxoffice.till.conftest import *

for _n in [n for n in list(globals()) if n.startswith("test_")]:
    del globals()[_n]


@pytest.mark.parametrize("n", range(24))
def test_again(till, personas, programme, n):
    with personas.home.scope():
        serial = sell(programme)[0].serial
    till.evaluate("""() => { window.log=[]; addEventListener('keydown', e => window.log.push([e.key, e.target.tagName, document.getElementById('find').open, e.timeStamp|0, e.defaultPrevented]), true);
      document.getElementById('find').addEventListener('close', () => window.log.push('closed'));document.getElementById('find').addEventListener('cancel', () => window.log.push('cancel')); }""")
    keys(till, "1 0")
    till.keyboard.type(serial)
    expect(till.locator("#find")).to_contain_text("Adult")
    keys(till, "Escape 1")
    till.wait_for_timeout(300)
    if "2Adult" not in till.locator("#lines").text_content():
        print("LOG", till.evaluate("window.log"), till.locator("#find").is_visible())
        assert 0
