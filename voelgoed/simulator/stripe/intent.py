"""Payment intents: made, confirmed, captured, cancelled."""

from __future__ import annotations

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call, Refusal
from voelgoed.simulator.stripe import charge as charges
from voelgoed.simulator.stripe import method as methods
from voelgoed.simulator.stripe.card import Card
from voelgoed.simulator.stripe.door import card_error, invalid, missing, stripe
from voelgoed.simulator.stripe.event import announce
from voelgoed.simulator.stripe.expand import expand
from voelgoed.simulator.stripe.params import known, whole
from voelgoed.simulator.world import shown, token

CREATE = {"amount", "currency", "automatic_payment_methods", "capture_method", "confirm", "confirmation_method",
          "customer", "description", "error_on_requires_action", "expand", "metadata", "off_session", "payment_method",
          "payment_method_data", "payment_method_options", "payment_method_types", "receipt_email", "return_url",
          "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix", "use_stripe_sdk"}  # fmt: skip
CONFIRM = {"payment_method", "payment_method_data", "payment_method_options", "return_url", "off_session", "expand",
           "error_on_requires_action", "receipt_email", "capture_method", "use_stripe_sdk"}  # fmt: skip
UPDATE = {"amount", "description", "metadata", "payment_method", "receipt_email", "expand"}
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELLABLE = (*CONFIRMABLE, "requires_capture")
MOST = 99_999_999
DOUBTFUL = "payment_intent_unexpected_state"
UNAUTHENTICATED = Card(
    "",
    code="payment_intent_authentication_failure",
    message="The provided payment method has failed authentication. Provide payment_method_data or a new payment "
    "method to attempt to fulfil this PaymentIntent again.",
)


@stripe.post("/v1/payment_intents")
def create(call: Call) -> Row:
    """Make an intent, and confirm it when told to."""
    known(call, CREATE)
    amount = whole(call.body.get("amount"), "amount", least=1, most=MOST)
    currency = str(call.body.get("currency") or "").lower()
    if len(currency) != 3:
        raise invalid("Missing required param: currency.", code="parameter_missing", param="currency")
    intent = _blank(call, amount, currency)
    method = methods.given(call)
    if method:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    call.put("payment_intent", intent)
    if call.body.get("confirm") == "true":
        return _confirmed(call, intent)
    return expand(call, intent)


@stripe.post("/v1/payment_intents/<name>/confirm")
def confirm(call: Call, name: str) -> Row:
    """Charge the intent's method, or ask its holder first."""
    known(call, CONFIRM)
    intent = found(call, name)
    expect(intent, CONFIRMABLE, "confirm")
    method = methods.given(call)
    if method:
        intent["payment_method"] = method["id"]
    return _confirmed(call, intent)


@stripe.post("/v1/payment_intents/<name>/capture")
def capture(call: Call, name: str) -> Row:
    """Take all or a part of what was authorised."""
    known(call, {"amount_to_capture", "expand", "metadata", "final_capture", "statement_descriptor"})
    intent = found(call, name)
    expect(intent, ("requires_capture",), "capture")
    most = intent["amount_capturable"]
    amount = whole(call.body.get("amount_to_capture", str(most)), "amount_to_capture", least=1)
    if amount > most:
        message = f"Requested capture amount {amount} is greater than the authorized amount {most}."
        raise invalid(message, code="amount_too_large", param="amount_to_capture")
    charge = call.table("charge").rows[intent["latest_charge"]]
    charges.capture(call, charge, amount)
    _succeed(call, intent, amount)
    return expand(call, intent)


@stripe.post("/v1/payment_intents/<name>/cancel")
def cancel(call: Call, name: str) -> Row:
    """End an intent that has not taken money."""
    known(call, {"cancellation_reason", "expand"})
    intent = found(call, name)
    expect(intent, CANCELLABLE, "cancel")
    reason = call.body.get("cancellation_reason")
    intent |= {"status": "canceled", "canceled_at": call.now(), "cancellation_reason": reason}
    intent |= {"amount_capturable": 0, "next_action": None}
    call.put("payment_intent", intent)
    announce(call, "payment_intent.canceled", intent)
    return expand(call, intent)


@stripe.post("/v1/payment_intents/<name>")
def update(call: Call, name: str) -> Row:
    """Change what an intent says of itself; the amount only before money was asked for."""
    known(call, UPDATE)
    intent = found(call, name)
    if "amount" in call.body:
        expect(intent, CONFIRMABLE, "update the amount of")
        intent["amount"] = whole(call.body["amount"], "amount", least=1, most=MOST)
    # A metadata key without a value is taken away.
    told = intent["metadata"] | (call.body.get("metadata") or {})
    intent["metadata"] = {key: value for key, value in told.items() if value != ""}
    intent |= {field: call.body[field] for field in ("description", "receipt_email") if field in call.body}
    return expand(call, call.put("payment_intent", intent))


def answer_challenge(call: Call, intent: Row, *, passed: bool) -> Row:
    """Go on after the holder's bank asked; what fails needs a new method."""
    method = call.table("payment_method").rows[intent["payment_method"]]
    intent["next_action"] = None
    card = methods.card_of(method) if passed else UNAUTHENTICATED
    try:
        return _charged(call, intent, method, card)
    except Refusal:
        return intent


def _confirmed(call: Call, intent: Row) -> Row:
    method = call.table("payment_method").get(intent["payment_method"] or "")
    if method is None:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise invalid(message, code=DOUBTFUL, payment_intent=shown(intent))
    card = methods.card_of(method)
    if not card.challenge:
        return expand(call, _charged(call, intent, method, card))
    if call.body.get("off_session") == "true" or call.body.get("error_on_requires_action") == "true":
        ask = Card("", code="authentication_required", decline_code="authentication_required",
                   message="Your card was declined. This transaction requires authentication.")  # fmt: skip
        return _charged(call, intent, method, ask)
    back = call.body.get("return_url")
    page = f"{call.root}/simulator/3ds/{call.owner}/{intent['client_secret']}"
    intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"url": page, "return_url": back}}
    intent["status"] = "requires_action"
    call.put("payment_intent", intent)
    announce(call, "payment_intent.requires_action", intent)
    return expand(call, intent)


def _charged(call: Call, intent: Row, method: Row, card: Card) -> Row:
    charge = charges.attempt(call, intent, method, card)
    intent["latest_charge"] = charge["id"]
    if card.code is not None:
        raise _failed(call, intent, method, card, charge)
    intent["last_payment_error"] = None
    if intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        call.put("payment_intent", intent)
        announce(call, "payment_intent.amount_capturable_updated", intent)
        return intent
    return _succeed(call, intent, intent["amount"])


def _succeed(call: Call, intent: Row, amount: int) -> Row:
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    call.put("payment_intent", intent)
    announce(call, "payment_intent.succeeded", intent)
    return intent


def _failed(call: Call, intent: Row, method: Row, card: Card, charge: Row) -> Refusal:
    error: Row = {"type": "card_error", "code": card.code, "message": card.message, "charge": charge["id"]}
    if card.decline_code:
        error["decline_code"] = card.decline_code
    error["payment_method"] = shown(method)
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_payment_error"] = error
    call.put("payment_intent", intent)
    announce(call, "payment_intent.payment_failed", intent)
    told = {name: value for name, value in error.items() if name not in ("type", "message")}
    return card_error(card.message, **told, payment_intent=shown(intent))


def found(call: Call, name: object) -> Row:
    """Return an intent of this account."""
    intent = call.table("payment_intent").get(name)
    if intent is None:
        raise missing("payment_intent", name, "intent")
    return intent


def expect(intent: Row, states: tuple[str, ...], deed: str) -> None:
    """Refuse what the intent's state does not allow."""
    if intent["status"] not in states:
        message = f"You cannot {deed} this PaymentIntent because it has a status of {intent['status']}."
        raise invalid(message, code=DOUBTFUL, payment_intent=shown(intent))


def _blank(call: Call, amount: int, currency: str) -> Row:
    name, said = token("pi_"), call.body
    return {
        "id": name,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": said.get("automatic_payment_methods"),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": said.get("capture_method", "automatic"),
        "client_secret": token(f"{name}_secret_"),
        "confirmation_method": said.get("confirmation_method", "automatic"),
        "created": call.now(),
        "currency": currency,
        "customer": said.get("customer"),
        "description": said.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": said.get("metadata") or {},
        "next_action": None,
        "payment_method": None,
        "payment_method_types": said.get("payment_method_types") or ["card"],
        "receipt_email": said.get("receipt_email"),
        "status": "requires_payment_method",
    }
