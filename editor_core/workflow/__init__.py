"""Between the document and the session: what to edit, by which way, and what a result becomes. No Qt."""
