"""Language: a page that is not English is kept as unread, with that reason, and not misread."""

from detente.reading.draft import Draft

READ = frozenset({"en"})


def language(draft: Draft) -> None:
    """Marks the page as unread where its language is none that the reader knows: sets `draft.unread`."""
    found = draft.article.language
    if found not in READ:
        draft.unread = f"the page's language is {found!r}; detente reads English"
        draft.decide("language", 0, draft.unread)
