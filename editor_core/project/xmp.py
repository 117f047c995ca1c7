"""XMP packets: one that a picture came with, with ours added (ISO 16684-1)."""

import re

_BEGIN = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
)
_END = '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
_CLOSING = re.compile(r"</rdf:RDF\s*>(?!.*</rdf:RDF\s*>)", re.DOTALL)
_OURS = re.compile(r"<rdf:Description\b[^>]*urn:palimpsest:edit:1[^>]*>.*?</rdf:Description>", re.DOTALL)
_ORIENTATION = re.compile(r'\s+tiff:Orientation="[^"]*"|<tiff:Orientation>[^<]*</tiff:Orientation>')
_SOURCE_TYPE = re.compile(
    r'\s+Iptc4xmpExt:DigitalSourceType="[^"]*"|<Iptc4xmpExt:DigitalSourceType\b[^>]*(?:/>|>[^<]*'
    r"</Iptc4xmpExt:DigitalSourceType>)"
)


def merged(packet: bytes, description: str) -> str:
    """A packet with ``description``, an rdf:Description element, added; empty where neither says anything.

    What was true of the old file only, its orientation and where it came from, is left out. A packet that is none is
    left out.
    """
    old = _cleaned(packet, bool(description))
    if not old:
        return f"{_BEGIN}{description}{_END}" if description else ""
    return _CLOSING.sub(lambda end: description + end[0], old, count=1)


def _cleaned(packet: bytes, with_source_type: bool) -> str:
    try:
        text = packet.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if not _CLOSING.search(text):
        return ""
    text = _ORIENTATION.sub("", _OURS.sub("", text))
    return _SOURCE_TYPE.sub("", text) if with_source_type else text
