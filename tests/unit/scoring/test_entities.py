"""Who is meant in a text: found by names, parts of names with a reason, and handles; left where it is not clear."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.entities import Entities, Known, Reason
from tests.load.mentions import Organisation, intervals, judged

KNOWN = [
    Known("an", "Person", "Nguyễn Văn An", handles=("an.nguyen", "ops-an", "q3", "2026.12")),
    Known("mai", "Person", "Trần Thị Mai", aliases=("Mai Mèo",), handles=("mai@lotus.example", "mai")),
    Known("binh", "Person", "Lê Quốc Bình"),
    Known("anh", "Person", "Nguyễn Văn Anh"),
    Known("ánh", "Person", "Nguyễn Văn Ánh"),
    Known("hoà", "Person", "Đặng Hoà Hiệp"),
    Known("tuấn", "Person", "Phạm Minh Tuấn"),
    Known("tuấn2", "Person", "Đỗ Anh Tuấn"),
    Known("hồng", "Person", "Võ Thị Hồng"),
    Known("hồng2", "Person", "Võ Thị Hồng"),
    Known("thu hà", "Person", "Thu Hà"),
    Known("sarah", "Person", "Sarah Miller"),
    Known("will", "Person", "Will Turner"),
    Known("may", "Person", "May Robinson"),
    Known("robert", "Person", "Robert James Whitfield"),
    Known("anne", "Person", "Anne-Marie Dubois"),
    Known("sean", "Person", "Sean O'Connor"),
    Known("olsen", "Person", "Q. Ronald Olsen"),
    Known("phoenix", "Project", "Phoenix"),
    Known("ship", "Project", "Ship"),
    Known("roof", "Project", "Solar Roof"),
    Known("lake", "Project", "Data Lake Migration"),
    Known("làng", "Project", "Làng Xanh"),
    Known("số", "Project", "Chuyển Đổi Số"),
]
ENTITIES = Entities(KNOWN)


def found(text: str) -> list[tuple[str, str]]:
    """Words and whom they mean; several with a stroke between them."""
    return [(one.words, "|".join(one.ids)) for one in ENTITIES.mentions(text)]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Nguyễn Văn An fixed it with sarah miller.", [("Nguyễn Văn An", "an"), ("sarah miller", "sarah")]),
        ("SARAH MILLER WILL CALL NGUYỄN VĂN AN.", [("SARAH MILLER", "sarah"), ("NGUYỄN VĂN AN", "an")]),
        ("we asked mai mèo and Mai Mèo", [("Mai Mèo", "mai")]),
        ("we asked Anne-Marie Dubois and Anne Marie", [("Anne-Marie Dubois", "anne"), ("Anne Marie", "anne")]),
        ("we asked Sean O’Connor", [("Sean O’Connor", "sean")]),
        ("we asked Robert Whitfield and Trần Mai", [("Robert Whitfield", "robert"), ("Trần Mai", "mai")]),
        ("we asked Mai Tran and Quốc Bình", [("Mai Tran", "mai"), ("Quốc Bình", "binh")]),
        ("The Solar Roof and the data lake migration", [("Solar Roof", "roof"), ("data lake migration", "lake")]),
        ("Gặp Võ Thị Hồng ở kho", [("Võ Thị Hồng", "hồng|hồng2")]),
        ("the Solar Roof Project and the Project Solar Roof", [("Solar Roof", "roof"), ("Solar Roof", "roof")]),
        ("we asked Sarah, Will, Robert", [("Sarah", "sarah"), ("Will", "will"), ("Robert", "robert")]),
        ("ask Will", [("Will", "will")]),
        ("we met Q. Ronald Olsen", [("Q. Ronald Olsen", "olsen")]),
        ("our CEO Sarah Miller HR", [("Sarah Miller", "sarah")]),
        ("gặp Chị Nguyễn Văn An", [("Nguyễn Văn An", "an")]),
        ("Nguyễn Văn\nAn", []),
        ("The Solar, Roof", []),
    ],
)
def test_names_are_found_in_any_case_and_several_holders_are_asked_about(
    text: str, mentions: list[tuple[str, str]]
) -> None:
    assert found(text) == mentions


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("chào Nguyễn Văn Ánh", [("Nguyễn Văn Ánh", "ánh")]),
        ("chào Nguyễn Văn Ảnh", []),
        ("chao Nguyen Van Anh", [("Nguyen Van Anh", "anh|ánh")]),
        ("chao Nguyen Van An", [("Nguyen Van An", "an")]),
        ("Hôm qua đã gặp anh Ánh ở xưởng", [("Ánh", "ánh")]),
        ("Hôm qua đã gặp anh Anh ở xưởng", [("Anh", "anh")]),
        ("Hôm qua đã gặp anh Hong ở xưởng", []),
        ("they met Nguyễn Văn Ánh last week at the old pump", [("Nguyễn Văn Ánh", "ánh")]),
        ("Cảm ơn chị đã đến\nwe asked Mai Tran", [("Mai Tran", "mai")]),
        ("chào Đặng Hòa Hiệp", [("Đặng Hòa Hiệp", "hoà")]),
        ("chào Đặng Hoà Hiệp", [("Đặng Hoà Hiệp", "hoà")]),
    ],
)
def test_what_is_written_with_accents_must_fit_them(text: str, mentions: list[tuple[str, str]]) -> None:
    assert found(text) == mentions
    decomposed = [
        (unicodedata.normalize("NFC", words), ids) for words, ids in found(unicodedata.normalize("NFD", text))
    ]
    assert decomposed == [(unicodedata.normalize("NFC", words), ids) for words, ids in mentions]


def test_offsets_are_those_of_the_text_as_it_is_given() -> None:
    text = unicodedata.normalize("NFD", "Cảm ơn Trần Thị Mai")
    [mention] = ENTITIES.mentions(text)
    assert text[mention.start : mention.end] == unicodedata.normalize("NFD", "Trần Thị Mai") == mention.words
    assert mention.end == len(text) > len("Cảm ơn Trần Thị Mai")


@pytest.mark.parametrize(
    ("text", "words", "whom", "reason"),
    [
        ("Hôm qua chị Mai nghe máy", "Mai", "mai", Reason.TITLE),
        ("Ms. Miller is here", "Miller", "sarah", Reason.TITLE),
        ("hi Will", "Will", "will", Reason.ADDRESS),
        ("Mai ơi, mở cửa", "Mai", "mai", Reason.ADDRESS),
        ("Thanks to May for the cake", "May", "may", Reason.ADDRESS),
        ("Will's plan", "Will", "will", Reason.POSSESSIVE),
        ("Will said no", "Will", "will", Reason.SPEECH),
        ("Mai nói rằng xe hỏng", "Mai", "mai", Reason.SPEECH),
        ("we asked Will about it", "Will", "will", Reason.CAPITAL),
        ("Sarah fixed it", "Sarah", "sarah", Reason.RARE),
        ("please, ms. sarah", "sarah", "sarah", Reason.TITLE),
        ("@Will please look", "@Will", "will", Reason.AT),
        ("@mai please look", "@mai", "mai", Reason.HANDLE),
        ("write to mai@lotus.example.", "mai@lotus.example", "mai", Reason.HANDLE),
        ("(AN.Nguyen) is on call", "AN.Nguyen", "an", Reason.HANDLE),
        ("ask @ops-an", "@ops-an", "an", Reason.HANDLE),
        ("the Phoenix is late", "Phoenix", "phoenix", Reason.CAPITAL),
        ("Phoenix team meets", "Phoenix", "phoenix", Reason.PROJECT),
        ("Dự án Phoenix bị trễ", "Phoenix", "phoenix", Reason.PROJECT),
        ("see #phoenix", "phoenix", "phoenix", Reason.PROJECT),
        ("the solar roof project", "solar roof", "roof", Reason.PROJECT),
        ("gặp Trần Thị Mai", "Trần Thị Mai", "mai", Reason.NAME),
        ("gặp Mai Mèo", "Mai Mèo", "mai", Reason.ALIAS),
        ("gặp Trần Mai", "Trần Mai", "mai", Reason.PAIR),
        ("Hôm qua chị Tuấn nghe máy", "Tuấn", "tuấn|tuấn2", Reason.TITLE),
    ],
)
def test_a_reason_is_told(text: str, words: str, whom: str, reason: Reason) -> None:
    [mention] = ENTITIES.mentions(text)
    assert (mention.words, "|".join(mention.ids), mention.reason) == (words, whom, reason)
    assert mention.linked is ("|" not in whom)


@pytest.mark.parametrize(
    "text",
    [
        "Will the truck come?",  # begins a sentence
        "It is late. Will it come?",
        "He said: “Will it come?”",
        "- Will it come?",
        "they said “Will it come”",
        "Gọi đi. Mai nghỉ.",
        "WE WILL SEE",  # all capitals
        "CHỊ MAI ĐI HỌP",
        "SARAH is a system",
        "Big Boats & Will & Co",  # a heading
        "we will see mai",  # no capital
        "gặp chị mai ở kho",
        "gặp trần mai ở kho",
        "bàn về chuyển đổi số",
        "the ship left, the phoenix rose",
        "they came in ART and MAY",  # short for something
        "hẹn ngày Mai",  # an ordinary word by what stands beside it
        "bàn về An toàn lao động",
        "ban ve An toan lao dong",
        "we close in May",
        "we close on 5 May",
        "we close on May 5",
        "see May's figures",
        "the office in Phoenix",
        "the new Phoenix 2",
        "the new Phoenix II",
        "the new Solar Roof 2",
        "the Green Solar Roof",
        "khách sạn Phoenix",
        "học tiếng Anh",
        "cảm ơn Anh đã gọi",  # a word for you
        "ở công ty Bình",  # a company
        "ở công ty Thu Hà",
        "we met Sarah Petersen",  # somebody else
        "we met Sarah van der Berg",
        "we met Anna Sarah",
        "we met Mr. Bill Robert",
        "we met Miller",
        "Nguyễn Mai gọi",
        "we met J. Will",
        "J. Will said no",
        "gặp Thu Hà Linh",
        "gặp Bùi Anh Mai ở kho",  # a middle name, no form of address
        "Bùi Anh Mai gọi",
        "gặp Trần Mai Hoa",
        "with nguyễn văn an bình",
        "gặp lê nguyễn văn an",
        "Sarah-like, Mary-Sarah and Sarah2",  # a piece of something else
        "see sarah.miller/Sarah Sarah.xlsx /Sarah Sarah_",
        "open /Sarah now",
        "open Sarah/ now",
        "in Q3 and in 2026.12",
        "https://x.example/Phoenix",
        "Sarah@x.example x@Sarah",
        "write to mai@elsewhere.example",
        "mùa thu hà nội",  # two words that both are ordinary, without capitals
        "a solar roof for làng xanh",
        "ops-an",  # accounts that could be words
    ],
)
def test_what_is_not_clear_is_left(text: str) -> None:
    assert found(text) == []


def test_the_longest_name_counts_and_none_overlap() -> None:
    longer = Entities([*KNOWN, Known("longer", "Project", "Solar Roof Sarah Miller")])
    assert [one.ids for one in longer.mentions("in Solar Roof Sarah Miller")] == [("longer",)]


def test_who_shares_words_with_a_project_is_told_by_what_stands_beside_them() -> None:
    both = Entities([Known("person", "Person", "Beacon Lee"), Known("project", "Project", "Beacon")])
    [asked, person, project] = both.mentions("we saw Beacon; hi Beacon, thanks for project Beacon")
    assert (asked.ids, asked.label, asked.linked) == (("project", "person"), None, False)
    assert (person.ids, person.label) == (("person",), "Person")
    assert (project.ids, project.label) == (("project",), "Project")


def test_a_single_name_of_one_is_the_given_name_of_another() -> None:
    both = Entities([Known("short", "Person", "Sarah"), Known("long", "Person", "Sarah Miller")])
    assert [one.ids for one in both.mentions("we asked Sarah")] == [("short", "long")]


def test_a_whole_name_of_one_is_not_a_part_of_the_name_of_another() -> None:
    both = Entities([Known("short", "Person", "Trần Mai"), Known("long", "Person", "Trần Thị Mai")])
    assert [one.ids for one in both.mentions("gặp Trần Mai")] == [("short",)]


def test_what_is_known_changes_in_place() -> None:
    entities = Entities(KNOWN)

    def whom(text: str) -> list[tuple[str, ...]]:
        return [one.ids for one in entities.mentions(text)]

    entities.put(Known("new", "Person", "Sarah Novak", handles=("novak1",)))
    assert whom("we asked Sarah and @novak1") == [("sarah", "new"), ("new",)]
    entities.put(Known("new", "Person", "Petra Novak"))
    assert whom("we asked Sarah, @novak1 and Petra") == [("sarah",), ("new",)]
    entities.put(Known("sarah", "Person", "Sarah Miller", aliases=("Petra Novak",)))
    entities.remove("new")
    entities.remove("nobody")
    assert whom("we asked Petra Novak, not Petra") == [("sarah",)]
    entities.put(Known("roof", "Person", "Solar Roof"))
    assert [one.label for one in entities.mentions("we asked Solar Roof")] == ["Person"]


@given(st.lists(st.sampled_from(KNOWN)), st.sampled_from(KNOWN))
def test_whoever_was_put_and_removed_leaves_no_trace(others: list[Known], one: Known) -> None:
    entities = Entities(others)
    entities.put(one)
    for known in [*others, one]:
        entities.remove(known.id)
    text = f"hi {one.full_name}, @{''.join(one.handles[:1])} and {' and '.join(one.full_name.split())}"
    assert entities.mentions(text) == []
    assert entities.mentions("nguyễn văn an bình") == []


ODD = st.sampled_from([
    *("\ufdfa", "\u0301", "\u0323", "\x00", "\u200f", "\u202e"),
    *("👩‍👩‍👧", "'", "’s", "@", ".", "-", " ", "\n", "#", "İ", "ß"),
    *("ﬁ", "مريم", "Sarah", "Miller", "chị", "Mai", "Nguyễn", "Văn", "An", "Phoenix", "an.nguyen", "Mr", "J"),
])  # fmt: skip


@settings(max_examples=400)
@given(st.lists(ODD | st.text(max_size=5), max_size=30), st.booleans())
def test_whatever_is_read_offsets_fit_and_nothing_overlaps(pieces: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(pieces)
    place = 0
    for one in ENTITIES.mentions(text):
        assert place <= one.start < one.end <= len(text)
        assert one.words == text[one.start : one.end]
        assert one.ids
        place = one.end


@given(st.lists(st.text(max_size=20), max_size=4))
def test_whatever_somebody_is_called_can_be_known(names: list[str]) -> None:
    entities = Entities([Known("odd", "Person", "".join(names), tuple(names), tuple(names))])
    entities.mentions(" ".join(names))
    entities.remove("odd")
    assert entities.mentions(" ".join(names)) == []


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0323" * 25_000,
        "\ufdfa" * 50_000,
        "a-" * 25_000,
        "a.b@" * 12_500,
        "' " * 25_000,
        "Nguyen Van Anh " * 3_000,
        "chi Anh va anh Tuan " * 2_500,
    ],
    ids=["marks", "ligatures", "hyphens", "accounts", "quotes", "names", "shared names"],
)
def test_four_times_the_text_takes_about_four_times_as_long(text: str) -> None:
    shared = Entities(Known(f"{number}", "Person", f"Nguyen {number} Anh") for number in range(2_000))

    def spent(entities: Entities, said: str) -> float:
        started = time.process_time()
        entities.mentions(said)
        return time.process_time() - started

    for entities in (ENTITIES, shared):
        quarter = min(spent(entities, text[: len(text) // 4]) for _ in range(3))
        whole = min(spent(entities, text) for _ in range(2))
        assert whole < 10 * quarter + 0.05  # a square of its length would be sixteen times


def test_of_the_generated_mentions_at_most_two_in_a_hundred_links_are_wrong() -> None:
    organisation = Organisation()
    entities = Entities(organisation.known)
    sentences = organisation.sentences(2_000, seed=5)
    [precision, recall, *_] = intervals(sentences, [judged(entities, one)[0] for one in sentences])
    assert precision[0] >= 0.98
    assert recall[0] >= 0.9  # not by finding nothing
