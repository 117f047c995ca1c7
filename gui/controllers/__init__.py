"""What the window does, one flow a file: it connects the document, the worker and what is seen."""
