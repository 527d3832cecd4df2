"""How a decision is cited."""

from dataclasses import replace
from datetime import date

from decisions.citation import Cited, as_bibtex, as_gb7714

CITED = Cited(
    issuer="澜川市人民政府",
    title="澜川市电动自行车停放充电安全管理办法",
    document_no="澜政示〔2026〕3号",
    published_on=date(2026, 4, 7),
    url="https://demo.lanchuan.example/catalogue/2025/01/decision/",
    seen_on=date(2026, 11, 24),
)


def test_gb7714_names_organ_title_days_and_address() -> None:
    assert as_gb7714(CITED) == (
        "澜川市人民政府. 澜川市电动自行车停放充电安全管理办法：澜政示〔2026〕3号[EB/OL]. "
        "(2026-04-07)[2026-11-24]. https://demo.lanchuan.example/catalogue/2025/01/decision/."
    )


def test_bibtex_is_one_entry() -> None:
    entry = as_bibtex(CITED)

    assert entry.startswith("@misc{jianyan20263,\n")
    assert "  title = {澜川市电动自行车停放充电安全管理办法},\n" in entry
    assert entry.count("{") == entry.count("}")


def test_what_tex_would_read_as_a_command_is_escaped() -> None:
    entry = as_bibtex(replace(CITED, title="50% & more_{x}\\y"))

    assert r"50\% \& more\_\{x\}\textbackslash{}y" in entry
