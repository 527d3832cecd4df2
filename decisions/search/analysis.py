"""How text is made comparable: one form for every script, width and bracket; pure.

The same rules serve the engine (as character filters) and the database copy (`fold`). All of them
put one character in the place of one, so a position in folded text is the position in the original.
"""

import re
from functools import cache
from hashlib import sha256
from itertools import accumulate, pairwise

import rjieba
from elasticsearch_dsl import analyzer, char_filter
from opencc import OpenCC

from decisions.document_number import read_document_number

# Ideographs of the basic plane; rarer ones take two UTF-16 units, which the engine counts as two.
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_BRACKETS = "〔〕﹝﹞【】［］（）〖〗「」『』《》〈〉[]()"
_SPACES = "\u3000\u00a0"
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_WIDTH_DISTANCE = 0xFEE0
_SURROGATES = range(0xD800, 0xE000)

_WORD = re.compile(r"\w+")
# Signs of folded text, written out: what is a letter differs from one database to the next.
_ANY_SIGNS = (
    r"[ !-/:-@\u005b-\u005e`{-~\u00b7\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3020]*"
)
# No letter or figure before or behind: 10 does not stand in 2010, nor art in party.
_BEGINS, _ENDS = "(?<![a-z0-9])", "(?![a-z0-9])"
# What makes words a sentence and says nothing about its subject.
_LITTLE_WORDS = frozenset(
    word
    for words in (
        "吗 呢 么 谁 哪 哪些 哪里 哪个 哪儿 几 几天 几次 几个 多少 多久 多长时间 什么 什么时候",
        "怎么 怎么办 怎样 怎么样 如何 为什么 为何 是否 是不是 能不能 可不可以 会不会 要不要 该不该",
        "有没有 请问",
        "的 了 吧 啊 呀 在 是 和 与 及 或 对 由 从 到 被 把 为 也 都 就 还 里 这 那",
        "我 你 您 他 我们 你们 他们 大家 能 不能 可以 不可以 有 没有 有关 关于",
        "想 要 会 该 应该 需要",
    )
    for word in words.split()
)
# Left out where they stand alone in a sentence: they join its words or say how, and of what not.
_LITTLE_SIGNS = frozenset(
    "不每所等给来去以向经才太又很更最只仅各其该此之于则且但而并按因让使着过个些请再"
)
# Which of two characters 简 one of these is depends on its word, so OpenCC leaves it: 答覆 is 答复
# and 覆盖 stays 覆盖, 帳款 is 账款 and 帐篷 stays 帐篷. Here both are one.
_BOTH_AS_ONE = str.maketrans("覆著瞭藉帐", "复着了借账")


@cache
def simplified() -> dict[str, str]:
    """Return the single characters 繁 that one other character 简 stands for, from OpenCC."""
    characters = [chr(code) for first, end in _HAN_BLOCKS for code in range(first, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = {
        old: new
        for old, new in zip(characters, converted, strict=True)
        if old != new and len(new) == 1 and new.isalpha() and ord(new) < 0x10000  # noqa: PLR2004
    }
    pairs |= {chr(old): chr(new) for old, new in _BOTH_AS_ONE.items()}
    return {old: pairs.get(new, new) for old, new in pairs.items()}


@cache
def half_width() -> dict[str, str]:
    """Return full-width forms with their half-width ones; brackets become blanks."""
    forms = {chr(code): chr(code - _WIDTH_DISTANCE) for code in _FULL_WIDTH}
    return forms | dict.fromkeys(_BRACKETS + _SPACES, " ")


@cache
def _widths() -> dict[int, str]:
    return str.maketrans(half_width())


@cache
def _scripts() -> dict[int, str]:
    return str.maketrans(simplified())


def fold(text: str) -> str:
    """Return text in the form both copies compare, with every character in its place."""
    return fold_width(text).translate(_scripts())


@cache
def folding() -> str:
    """Return a name of 64 signs for what `fold` makes of the characters of the basic plane."""
    signs = "".join(chr(code) for code in range(0x10000) if code not in _SURROGATES)
    return sha256(fold(signs).encode()).hexdigest()


def fold_width(text: str) -> str:
    """Return text in one width and case, in the script it is written in."""
    folded = text.translate(_widths())
    lowered = folded.lower()
    if len(lowered) == len(folded):
        return lowered
    # A few letters (İ) grow in lower case; leaving them keeps positions.
    return "".join(low if len(low := one.lower()) == 1 else one for one in folded)


def terms_of(text: str) -> tuple[str, ...]:
    """Return the words a question asks for, folded, each once, punctuation left out."""
    return tuple(dict.fromkeys(_WORD.findall(fold(text))))


def pattern_of(term: str) -> str:
    """Return the pattern of a folded word or phrase as it has to stand in folded text.

    Its Latin letters and figures are whole words, and any signs or none may stand where it has
    some beside a Chinese character: so the engine compares, too. Python, SQLite and PostgreSQL
    read the pattern alike.
    """
    words = list(_WORD.finditer(term))
    pattern = words[0].group()
    for before, word in pairwise(words):
        beside = before.group()[-1] + word.group()[0]
        as_written = re.escape(term[before.end() : word.start()])
        pattern += (as_written if beside.isascii() else _ANY_SIGNS) + word.group()
    begins = _BEGINS if words[0].group()[0].isascii() else ""
    ends = _ENDS if words[-1].group()[-1].isascii() else ""
    return f"{begins}{pattern}{ends}"


def words_of(text: str) -> tuple[str, ...]:
    """Return folded text cut into words by a dictionary; together they are the whole."""
    return tuple(rjieba.cut(fold(text), False))


def word_ends(text: str) -> frozenset[int]:
    """Return where a word of a text may begin or end, its own ends included.

    A word made of two that the dictionary knows ends between them, too: 废品收购 is 废品 and 收购.
    """
    ends = list(accumulate(map(len, words_of(text)), initial=0))
    known = {(start, end) for _word, start, end in rjieba.tokenize(fold(text), "search", False)}
    within = (
        middle
        for start, end in pairwise(ends)
        for middle in range(start + 1, end)
        if {(start, middle), (middle, end)} <= known
    )
    return frozenset((*ends, *within))


def key_words(text: str) -> str:
    """Return a question without its little words, cut into words; a text that has none as it is.

    电瓶车能不能在楼道里充电 asks for 电瓶车 楼道 充电; a pasted title is not cut, because what lies
    across its words tells it from others. A word that is said again is left out.
    """
    cut = words_of(text)
    told = [word for word in cut if word.strip() not in _LITTLE_WORDS]
    if len(told) < len(cut):
        whole = [word for word in told if word not in _LITTLE_SIGNS and _WORD.fullmatch(word)]
        text = " ".join(whole) or text
    return " ".join(dict.fromkeys(text.split()))


def lone_signs(text: str) -> tuple[str, ...]:
    """Return the key words of one character, folded, as 电 and 气 in 电和气的价格."""
    return tuple(word for word in terms_of(key_words(text)) if len(word) == 1)


def needed_terms(text: str) -> tuple[str, ...]:
    """Return the key words that have to occur, folded."""
    return terms_of(key_words(text))


def telling_terms(text: str) -> tuple[str, ...]:
    """Return the words of a text that tell what it is about, folded, the longest first.

    Those of one character only where it has no longer: 狗咬人 speaks of 狗, 咬 and 人.
    """
    cut = (word for word in words_of(text) if word not in _LITTLE_WORDS | _LITTLE_SIGNS)
    terms = sorted(terms_of(" ".join(cut)), key=len, reverse=True)
    return tuple(term for term in terms if len(term) > 1) or tuple(terms)


def canonical_document_no(text: str) -> str:
    """Return agency|year|number of a document number in any spelling, or the empty string.

    澜政示〔2026〕3号, 瀾政示[2026]第003號 and 澜政示（２０２６）3号 are the same number.
    """
    number = read_document_number(fold(text))
    return number.key if number else ""


def _rule(old: str, new: str) -> str:
    """Write a mapping rule; escapes, because a rule is trimmed and a backslash is special."""
    return f"\\u{ord(old):04x} => \\u{ord(new):04x}"


HAN_FOLD = char_filter(
    "han_fold", "mapping", mappings=[_rule(*pair) for pair in sorted(simplified().items())]
)
WIDTH_PUNCT = char_filter(
    "width_punct", "mapping", mappings=[_rule(*pair) for pair in sorted(half_width().items())]
)

# Finds any run of characters wherever words begin: 电动自行车 is 电动 动自 自行 行车.
ZH = analyzer(
    "zh",
    tokenizer="standard",
    char_filter=[HAN_FOLD, WIDTH_PUNCT],
    filter=["cjk_width", "lowercase", "cjk_bigram"],
)
# Single characters: exact phrases, and questions of one character.
ZH_UNI = analyzer(
    "zh_uni",
    tokenizer="standard",
    char_filter=[HAN_FOLD, WIDTH_PUNCT],
    filter=["cjk_width", "lowercase"],
)
