"""Chinese text is cut into pairs for the admin's search, all other text stays as it is."""

from hypothesis import given
from hypothesis import strategies as st
from modelsearch.index import SearchField

from portal.core.search_backend.bigrams import CutObject, asked, indexed, is_one_han

HAN = st.text(alphabet="电动自行车保护管理", min_size=1, max_size=12)


def test_text_is_indexed_as_pairs_and_its_last_character():
    assert indexed("保护管理").split() == ["保护", "护管", "管理", "理"]
    assert indexed("关于ABC的通知").split() == ["关于", "于", "ABC", "的通", "通知", "知"]


def test_questions_are_pairs():
    assert asked("保护管理 abc") == ["保护", "护管", "管理", "abc"]
    assert asked("护") == ["护"]
    assert asked(" ，") == ["，"]
    assert asked("") == []


@given(HAN, st.data())
def test_every_word_inside_a_text_is_found(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    terms = indexed(text).split()
    for term in asked(text[start:end]):
        if is_one_han(term):
            assert any(one.startswith(term) for one in terms)
        else:
            assert term in terms


@given(st.text(alphabet="abc 123,."))
def test_other_text_is_not_touched(text):
    assert indexed(text) == text


class Thing:
    pk = 7
    search_fields = ()

    def get_search_fields(self):
        return [Words("words")]


class Words(SearchField):
    def get_value(self, obj):
        return {"title": "保护", "tags": ["管理", 3], "none": None}


def test_an_object_is_cut_whatever_its_values_come_in():
    thing = CutObject(Thing())
    [field] = thing.get_search_fields()
    assert thing.pk == 7
    assert isinstance(field, SearchField)
    value = field.get_value(thing)
    assert value["title"].split() == ["保护", "护"]
    assert [str(part).split() for part in value["tags"]] == [["管理", "理"], ["3"]]
    assert value["none"] is None
