"""A process that asks no processor pays for none: their libraries are loaded when they are first used."""

import subprocess
import sys

LOADED = """
import sys
import voelgoed.payments.hooks, voelgoed.selling.settle_webhook, voelgoed.payments.gateways.paystack
import voelgoed.payments.gateways.stripe
print({"stripe", "requests"} & set(sys.modules))
from voelgoed.payments.gateways import warm_up
warm_up("stripe"), warm_up("paystack")
print({"stripe", "requests"} <= set(sys.modules))
"""


def test_processors_libraries_are_loaded_when_they_are_used():
    said = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["set()", "True"]
