"""Published figures as the shortest decimal text; float noise is not a figure."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

_TEN_DIGITS = Context(prec=10)


def decimal_text(text: str, thousands: bool = False) -> str:
    """``text`` as the shortest decimal: ``64.89999999999999`` → ``64.9``, ``5.0`` → ``5``.

    Whole numbers stay as they are, whatever their length; other numbers keep ten significant
    digits, more than any publisher means and fewer than a float's noise. ``thousands`` allows
    commas. Raises ValueError for what is not a finite number.
    """
    cleaned = text.strip()
    if thousands:
        cleaned = cleaned.replace(",", "")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    if number != number.to_integral_value():
        number = _TEN_DIGITS.plus(number)
    shown = format(number, "f")
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def same_figure(one: str, other: str, within: float = 0.0) -> bool:
    """Whether two texts made by :func:`decimal_text` are the same figure.

    ``within`` is the largest difference allowed, in the figure's own unit, for figures that a
    publisher rounds; at 0 only the tenth significant digit may differ. Empty equals empty only.
    """
    if one == other:
        return True
    if not one or not other:
        return False
    first, second = Decimal(one), Decimal(other)
    noise = max(abs(first), abs(second)) * Decimal("1e-9")
    return abs(first - second) <= max(Decimal(str(within)), noise)
