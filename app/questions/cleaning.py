"""Cleans typed text without changing what somebody said, and counts the characters that a person sees.

Source: languages.md section 7: normalise to NFC, keep the zero-width non-joiner, do not strip invisible characters
blindly, count characters a person sees.
"""

import re
import unicodedata

# Every free text keeps this many characters, whatever length the question suggests; more is told, never cut.
MOST_CHARACTERS = 4_000
# Letters may carry marks that nobody counts; a few thousand marks on one letter is not writing, so they end somewhere.
MOST_CODE_POINTS = 4 * MOST_CHARACTERS

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Embeddings, overrides and isolates reorder what stands around them: a text could read one way on the page and be
# stored another way, or turn the words of the page beside it. Plain right-to-left marks, ZWNJ and ZWJ stay.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")

_ZERO_WIDTH_JOINER = "\u200d"
_UNSEEN_CATEGORIES = frozenset({"Mn", "Mc", "Me", "Cf"})
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def clean(text: str, *, lines: bool) -> str:
    """Return the text as it is kept. With `lines` False a line end becomes a space. Cleaning twice changes nothing."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    text = _REORDERING.sub("", _CONTROLS.sub("", text))
    text = unicodedata.normalize("NFC", text).rstrip()
    return "" if _is_blank(text) else text


def shown_again(text: str) -> str:
    """Return what was sent as a page can show it once more: without the signs that no page can hold or that reorder it."""
    ends = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _REORDERING.sub("", _CONTROLS.sub("", ends))


def characters_over(text: str) -> int:
    """How many characters must go before the text can be kept; 0 when it can be kept as it is."""
    if len(text) <= MOST_CHARACTERS:  # nobody sees more characters than there are code points
        return 0
    return max(characters_seen(text) - MOST_CHARACTERS, len(text) - MOST_CODE_POINTS, 0)


def characters_seen(text: str) -> int:
    """Count the characters a person sees: code points of the NFC form, without those that join the one before.

    Not counted: combining marks, variation selectors, format characters (ZWJ, ZWNJ, direction marks, tags), skin
    tones, a picture joined to the one before by ZWJ, and the second letter of a flag. A close and dependency-free
    reading of Unicode's grapheme clusters; good enough to tell somebody that a text is too long.
    """
    seen = 0
    before = ""
    half_flag = False
    for character in unicodedata.normalize("NFC", text):
        is_flag_letter = ord(character) in _FLAG_LETTERS
        if is_flag_letter and half_flag:
            half_flag = False
        elif not _joins(character, before):
            seen += 1
            half_flag = is_flag_letter
        before = character
    return seen


def _joins(character: str, before: str) -> bool:
    category = unicodedata.category(character)
    if category in _UNSEEN_CATEGORIES or ord(character) in _SKIN_TONES:
        return True
    return before == _ZERO_WIDTH_JOINER and category == "So"


def _is_blank(text: str) -> bool:
    """True when there is nothing to see: only spaces and format characters."""
    return all(character.isspace() or unicodedata.category(character) == "Cf" for character in text)
