"""Which language a text is in, as an ISO 639-1 code."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# The languages of most of the web's news; the more there are, the more short English texts are taken for a rare one.
_LANGUAGES = (
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi",
    "fr", "ga", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "ky", "lt", "lv",
    "mk", "mn", "ms", "mt", "ne", "nl", "no", "pl", "ps", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw",
    "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh",
)  # fmt: skip
# The commonest function words of English (any frequency list of it); taken together they are rare elsewhere.
_ENGLISH = frozenset({
    "the", "of", "and", "to", "in", "a", "that", "is", "was", "for", "on", "with", "as", "at", "by", "he", "it",
    "his", "from", "said", "are", "be", "has", "have", "had", "an", "not", "which", "will", "were", "who",
    "its", "they", "this", "but", "their", "been", "or", "would", "after", "than", "about", "more", "when",
    "over", "we", "she", "her", "you", "if", "also",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 6_000
_SHORT = 6


def language_of(text: str, hint: str | None = None) -> str:
    """The language of `text`. `hint` is what the page declares; it decides where the text is too short to tell.

    Texts of plain ASCII words with English function words among them are English without further ado.
    """
    sample = text[:_SAMPLE]
    found = _WORD.findall(sample.lower())
    if not found:
        return hint or "en"
    plain = sum(word.isascii() for word in found) / len(found)
    function = sum(word in _ENGLISH for word in found) / len(found)
    if plain > 0.9 and (function > 0.2 or (function > 0.1 and hint == "en")):
        return "en"
    if len(found) < _SHORT:
        return hint or ("en" if plain > 0.9 else str(_identifier().classify(sample)[0]))
    return str(_identifier().classify(sample)[0])


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LANGUAGES)
    return identifier
