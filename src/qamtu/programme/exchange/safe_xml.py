"""XML from strangers: no entities, no DTD, no network; findings, not errors."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from qamtu.core.findings import Finding, Severity

__all__ = ["REPLACEMENT", "clean_text", "parse_xml"]

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT: Final = "\ufffd"


def clean_text(text: str) -> str:
    """Replace the characters that XML 1.0 cannot carry (its production 2, Char) by U+FFFD."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


def parse_xml(content: bytes, file: str, findings: list[Finding]) -> Any:
    """Parse a document that may be hostile.

    Parameters
    ----------
    content
        The document.
    file
        Its name, for findings.
    findings
        Takes why it is refused.

    Returns
    -------
    root
        Element, or None where the document is refused.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        place = error.lineno
        findings.append(
            Finding(
                "exchange-xml-broken",
                Severity.ERROR,
                f"not well-formed XML: {error.msg}",
                "write the file again, or mend the line named",
                file=file,
                row=place,
            )
        )
        return None
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        findings.append(
            Finding(
                "exchange-xml-doctype",
                Severity.ERROR,
                "the document declares a document type, which can hide entities",
                "remove the DOCTYPE; none of the formats needs one",
                file=file,
                row=1,
            )
        )
        return None
    return root
