"""Time expressions of English news: where they stand in a text, and the days that they mean."""
