"""GIMP's own files (.xcf): their structure, their pixels, and how GIMP puts layers over one another."""
