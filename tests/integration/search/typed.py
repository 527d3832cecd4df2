"""Questions as somebody types them: the same meaning in one of many spellings."""

from calendar import monthrange

from consultations.lifecycle import Stage
from consultations.models.topic import Topic
from decisions.search.question import AllOf, AnyOf, Between, Has, Not, Number, Term

# What a reader may call the units of the oracle, and whom that means.
UNIT_NAMES = {
    "zjj": {"zjj"},
    "住建局": {"zjj"},
    "住房和城鄉": {"zjj"},
    "JTJ": {"jtj"},
    "交通运输": {"jtj"},
    "市水": {"swj"},
    "建": {"zjj", "swj"},
    "局": {"zjj", "jtj", "swj"},
}
UNITS = {
    "zjj": ("市住房和城乡建设局", "住建局"),
    "jtj": ("市交通运输局", "交通局"),
    "swj": ("市水利建管局", "水利局"),
}
FIELDS = {
    "title": ("标题", "標題", "title", "Title"),
    "number": ("文号", "文號", "number"),
    "unit": ("部门", "部門", "unit"),
    "year": ("年份", "year", "ＹＥＡＲ"),
    "topic": ("主题", "topic"),
    "stage": ("阶段", "階段", "stage"),
    "opens_on": ("开始", "opens"),
    "closes_on": ("截止", "closes"),
    "decided_on": ("公布", "decided"),
    "effective_on": ("施行", "effective"),
}
TOPIC_NAMES = {name: {one.value} for one in Topic for name in (one.value, one.label)}
# A name in any language, a part of one, or a code.
STAGE_NAMES = {
    "起草中": {Stage.DRAFTING},
    "drafting": {Stage.DRAFTING},
    "徵求意見中": {Stage.CONSULTING},
    "整理意见": {Stage.CONSULTATION_CLOSED},
    "意见中": {Stage.CONSULTING, Stage.CONSULTATION_CLOSED},
    "审查中": {Stage.UNDER_REVIEW},
    "已作出决策": {Stage.DECIDED},
    "Decided": {Stage.DECIDED},
    "决策已公布": {Stage.PUBLISHED},
    "published": {Stage.PUBLISHED, Stage.FEEDBACK_PUBLISHED},
    "feedback_published": {Stage.FEEDBACK_PUBLISHED},
    "采纳": {Stage.FEEDBACK_PUBLISHED},
    "目录": {Stage.CATALOGUED, Stage.WITHDRAWN},
    "catalogued": {Stage.CATALOGUED},
    "已移出目录": {Stage.WITHDRAWN},
    "暂缓": {Stage.DEFERRED},
}
QUOTES = ("“”", '""', "＂＂", '“"', "”＂")
OTHER_SCRIPT = str.maketrans("车费绿电", "車費綠電")
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(ord("0"), ord(":"))})


class Typist:
    """Writes down one question after the other, as chance has it."""

    def __init__(self, chance):
        self.one_of = chance.choice

    def write(self, node):
        """Write a question that is to be taken to the letter.

        Words alone would be taken generously: they are ruled out twice, which changes nothing.
        """
        text = self.written(node)
        if is_plain(node):
            text = f"{self.no()}{self.no()}{self.in_brackets(text)}"
        return f"{self.maybe_blank()}{text}{self.maybe_blank()}"

    def written(self, node):
        match node:
            case Not(inner):
                text = self.written(inner)
                is_joined = isinstance(inner, (AllOf, AnyOf))
                ruled_out = "".join(self.no() for _ in range(self.one_of((1, 1, 3))))
                return f"{ruled_out}{self.in_brackets(text) if is_joined else text}"
            case AllOf(nodes):
                both = self.one_of((" ", "\u3000", " AND ", " 且 ", "\u3000且\u3000"))
                return both.join(self.joined(one, AnyOf) for one in nodes)
            case AnyOf(nodes):
                either = self.one_of((" OR ", " 或 ", "\u3000或  "))
                return either.join(self.joined(one) for one in nodes)
        return self.leaf(node)

    def joined(self, node, *looser):
        """Write a part of a whole, in brackets where it would fall apart, or for no reason."""
        text = self.written(node)
        is_compound = isinstance(node, (AllOf, AnyOf))
        needs = isinstance(node, looser) or (is_compound and self.one_of((True, False)))
        return self.in_brackets(text) if needs else text

    def leaf(self, node):
        match node:
            case Term(text, in_title, is_quoted):
                said = text.translate(OTHER_SCRIPT) if self.one_of((True, False)) else text
                said = self.quoted(said) if is_quoted else said
                return self.field("title", said) if in_title else said
            case Number(key):
                return self.field("number", self.number(key))
            case Has(field, values):
                return self.named(field, values)
            case Between("year", first, last):
                ends = [str(end) if end else "" for end in (first, last)]
                return self.field("year", self.span(*(self.year(end) for end in ends)))
            case Between(field, first, last):
                return self.field(field, self.days(first, last))
        raise AssertionError(node)

    def named(self, field, values):
        """Write one name for all of some values, or one for each."""
        names = {"unit": UNIT_NAMES, "stage": STAGE_NAMES, "topic": TOPIC_NAMES}[field]
        parts = [set(values)] if set(values) in names.values() else [{one} for one in values]
        asked = [
            self.field(field, self.one_of([name for name, of in names.items() if of == part]))
            for part in parts
        ]
        either = self.one_of((" OR ", " 或 "))
        return asked[0] if len(asked) == 1 else self.in_brackets(either.join(asked))

    def number(self, key):
        agency, *rest = key.split("|")
        if rest:
            year, number = rest
            agency += self.one_of(
                (f"〔{year}〕{number}号", f"[{year}]第{int(number):03}號", f"（{year}）{number}号")
            )
        return self.quoted(agency) if self.one_of((True, False)) else agency

    def year(self, text):
        text = text.translate(FULL_WIDTH) if self.one_of((True, False)) else text
        return text and text + self.one_of(("", "年"))

    def days(self, first, last):
        if first and last and (first.day, last) == (1, month_end(first)):
            return self.one_of((f"{first:%Y-%m}", f"{first:%Y年%m月}", f"{first:%Y/%m}"))
        return self.span(*(self.day(end) if end else "" for end in (first, last)))

    def day(self, day):
        year, month, number = day.year, day.month, day.day
        spellings = (
            f"{day}",
            f"{year}.{month}.{number}",
            f"{year}/{month:02}/{number}",
            f"{year}年{month}月{number}日",
        )
        text = self.one_of(spellings)
        return text.translate(FULL_WIDTH) if self.one_of((True, False)) else text

    def span(self, first, last):
        return f"{first}{self.one_of(('..', '至', '~', '～'))}{last}"

    def field(self, field, value):
        return f"{self.one_of(FIELDS[field])}{self.one_of((':', '：', ': ', '：　'))}{value}"

    def quoted(self, text):
        opening, closing = self.one_of(QUOTES)
        return f"{opening}{text}{closing}"

    def in_brackets(self, text):
        opening, closing = self.one_of("(（"), self.one_of(")）")
        return f"{opening}{self.maybe_blank()}{text}{self.maybe_blank()}{closing}"

    def no(self):
        return self.one_of(("NOT ", "非 ", "非\u3000", "-", "－"))

    def maybe_blank(self):
        return self.one_of(("", "", " ", "\u3000"))


def month_end(day):
    return day.replace(day=monthrange(day.year, day.month)[1])


def is_plain(node):
    """Tell whether a question may be nothing but words and brackets."""
    match node:
        case Term(_text, in_title, is_quoted):
            return not in_title and not is_quoted
        case AllOf(nodes):
            return all(is_plain(one) for one in nodes)
    return False
