"""Qt faces of the document and the queue; they hold no truth of their own."""
