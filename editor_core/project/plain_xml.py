"""XML from files of others: any encoding, a DOCTYPE, but nothing that is declared in it."""

import xml.etree.ElementTree as ET
from xml.parsers import expat


class DeclaredEntityError(ValueError):
    """The text declares entities, with which a few bytes can become gigabytes."""


def parse_xml(text: bytes) -> ET.Element:
    """The root of a document. Raises ValueError for what is no XML, DeclaredEntityError for one with entities."""
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: builder.start(name, attributes)
    parser.EndElementHandler = builder.end
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(text, True)
        return builder.close()
    except (expat.ExpatError, LookupError, AssertionError) as problem:
        raise ValueError(str(problem)) from problem


def _refuse(*_declaration: object) -> None:
    raise DeclaredEntityError("entities")
