"""The shapes of time expressions, each with the rule that tells its days: the first that fits a stretch decides."""

import re
from functools import cache

from detente.reading.calendar import around, days, periods, units
from detente.reading.calendar.telling import Rule, Rules, nothing

_AGO = r"(?P<n>[aN]*(?:&aU)?)(?P<U>[UV])(?:&aU)?"
_SAID = "[iLlqXxF]"
# Shapes over the letters of `words.LETTERS`, in the order they are tried; articles, "of", "on" and marks are gone.
_SHAPES: tuple[tuple[str, Rule], ...] = (
    (r"[iLqXx]?R+", nothing),
    # days
    (r"W?(?P<I>I)W?", days.numeric),
    (r"(?P<W>W?)(?P<M>M)(?P<N>[NO])W?(?P<Y>Y?)", days.month_day),
    (r"(?P<W>W?)(?P<N>[NO])(?P<M>M)W?(?P<Y>Y?)", days.month_day),
    (r"[iLlqXxF]W?(?P<M>M)(?P<N>[NO])", days.last_month_day),
    (r"(?P<W>)(?P<O>O)(?P<rest>)", days.of_month),
    (r"(?P<W>W)(?P<O>[NO])(?P<rest>)", days.of_month),
    (rf"(?P<W>)(?P<O>O)(?P<rest>{_SAID}U)", days.of_month),
    (rf"(?P<O>)(?P<L>)(?P<W>W)(?P<rest>{_SAID}+U)", days.weekday_of),
    (rf"(?P<O>)(?P<L>)(?P<rest>{_SAID}+U)(?P<W>W)", days.weekday_of),
    (rf"(?P<O>O)(?P<L>)(?P<W>W)(?P<rest>MY?|{_SAID}U|U)", days.weekday_of),
    (rf"(?P<O>)(?P<L>L)(?P<W>W)(?P<rest>MY?|{_SAID}U|U)", days.weekday_of),
    (r"[rsezbmn]*(?P<W>W)[ezrs]*", days.bare_weekday),
    (r"[rsez]*[iLlqXxFj]{1,2}(?P<W>W)", days.weekday_said),
    (r"[rsezbmn]*(?P<t>t)[ezrs]*", days.deictic),
    (r"(?P<t>t)(?P<W>W)", days.deictic_weekday),
    (r"[iLlqXxFj]?(?P<B>B)U?(?P<Y>Y?)", days.feast),
    (r"(?P<rest>B)w|w(?P<day>MNY?|NMY?)", days.weekend_of),
    (r"[LlXFj]P+", days.part_of_day),
    (r"R?[iezrsbnm()]*P+", days.of_today),
    (r"(?P<n>N)(?P<W>W)g", days.weekdays_ago),
    # units by number and place
    (rf"(?P<how>{_SAID}+)(?P<n>N)(?P<U>[UV])", units.stretch),
    (rf"(?:{_SAID}+a?[vy]+|{_SAID}*y)(?P<U>[UV])|i?[qXx](?P<U2>V)", units.vague_stretch),
    (r"(?:a?v+)?(?P<U>V)[gr]", units.vague_ago),
    (rf"(?P<how>{_SAID}+)(?P<n>N)H", days.hours),
    (r"(?P<how>\[)[Xx]?(?P<n>[aNv]*)H", days.hours),
    (r"(?:U?[av&])*(?P<n>N?)H[grs]", days.clock_ago),
    (r"(?P<U>[UwW])\(L", units.one_off),
    (r"(?P<U>[UwW])\)X", units.one_off),
    (r"P\(", days.part_of_day),
    (rf"{_AGO}[gr]", units.ago),
    (rf"{_AGO}(?:s|h|=R)", units.later),
    (r"\[[Xx]?a?(?P<v>v(?P<U>V)|(?P<U2>V))", units.within),
    (r"\[(?P<v>)[Xx]?(?P<n>[aN]*)(?P<U>[UV])", units.within),
    (r"(?P<n>[aN]+)(?P<U>[UV])", units.ahead),
    (r"(?:[aNv]|&aU?|U(?=a))+[UVHP](?:&aU)?|[VH]", nothing),
    (r"(?P<n>[aN]*)(?P<U>[UV])E(?P<rest>.+)", periods.ended),
    (r"(?P<n>)(?P<U>U)b(?P<rest>.+)", periods.begun),
    (r"(?P<n>)(?P<U>U)T(?P<rest>.+)", periods.ended),
    (r"(?P<n>[aN]+)(?P<U>V)T(?P<rest>.+)", periods.ended),
    (r"(?P<U>U)(?P<rest>(?:M|N[MO]|W|B|I).*)", units.unit_with),
    (r"(?P<rest>Y)f?(?P<O>O)f?(?P<U>U)", units.nth_unit),
    (r"j(?P<U>U?)(?P<rest>Y|LU|[aN]*[UV][gr])", units.same_unit),
    (rf"{_AGO}[gr](?P<rest>.+)", units.ago_from),
    (rf"(?P<rest>[^embznrs].*?){_AGO}[gr]", units.ago_from),
    (r"(?P<n>[aN]+)(?P<U>[UV])(?P<side>[()])(?P<rest>.*)", units.beside),
    (r"(?P<n>)(?P<U>U)(?P<side>[()])(?P<rest>.*)", units.beside),
    (r"V[()].*", nothing),
    (r"(?P<n>[aN]*)(?P<U>[UV])(?P<side>=)(?P<rest>.+)", units.beside),
    (r"f?(?P<O>O)f?(?P<U>U)(?P<rest>)", units.nth_unit),
    (r"(?P<O>[OL])f?(?P<n>N)(?P<U>V)(?P<rest>.*)", units.nth_units),
    (r"(?P<O>[OL])(?P<n>)(?P<U>V)(?P<rest>.+)", units.nth_units),
    (r"f?(?P<O>O)f?(?P<U>U)f?(?P<rest>.+)", units.nth_unit),
    (r"(?P<O>L)f?(?P<U>U)f?(?P<rest>.+)", units.nth_unit),
    (r"(?P<Y>)f?(?P<J>J)", periods.numbered),
    (r"(?P<J>J)f?(?P<Y>Y)", periods.numbered),
    (r"(?P<Y>Y)(?P<J>J)", periods.numbered),
    (r"jU", units.that_unit),
    (r"i*f?UU?", units.this_unit),
    (r"i?[LlqXxF]f?(?P<U>U)", units.moved_unit),
    # months, seasons, years
    (r"(?P<M>M)(?P<Y>Y)", periods.month),
    (r"(?P<Y>Y)(?P<M>M)", periods.month),
    (rf"{_SAID}{{0,2}}(?P<M>M)(?P<Y>)", periods.month),
    (r"(?P<S>S)(?P<Y>Y?)(?P<Z>Z?)", periods.season),
    (r"(?P<Y>Y)(?P<Z>)(?P<S>S)", periods.season),
    (r"[iLlqXxFj]{1,2}(?P<S>S)(?P<Y>)(?P<Z>)", periods.season),
    (rf"{_SAID}{{0,2}}w", days.weekend),
    (r"f?U?f?(?P<Y>Y)(?:f?U)?", periods.year),
    (r"f?(?P<Z>Z)", periods.years),
    (r"(?P<D>D)", periods.decade),
    # around the others
    (r"(?P<Y>Y?)(?P<U>U)n", around.unit_end),
    (r"(?P<U>U)n(?P<Y>Y)", around.unit_end),
    (r"(?P<how>[embznrs](?:[T&]?[embznrs])*)(?P<rest>.+)", around.narrowed),
    (r"[=~]?(?P<a>[^T&|=~<>-]+)[T&-](?P<b>[^T&|=~<>-]+)", around.between),
    (r"=(?P<a>[^T&|=~<>-]+)\|(?P<b>[^T&|=~<>-]+)", around.between),
    (r"[<>|()](?P<rest>.+)", around.bounded),
    (r"=(?P<rest>.+)", around.bare),
)


@cache
def rules() -> Rules:
    """The shapes, compiled, with what each means."""
    return tuple((re.compile(shape), rule) for shape, rule in _SHAPES)
