"""Long texts of law made by rule: for measuring what a comparison costs, not for meaning."""

WORDS = (
    *("应当", "不得", "单位", "个人", "部门", "申请", "备案", "公布", "检查"),
    *("处理", "费用", "设施", "安全", "管理", "标准", "期限", "报告", "监督"),
)


def a_law(size: int, *, shift: int) -> list[str]:
    """A law of so many articles; another shift gives an amended one."""
    return [
        "".join(
            WORDS[(number * 7 + place * (number % 5 + 1) + shift * (place == 9)) % 18]
            + str(number * place % 97)
            for place in range(24)
        )
        for number in range(size)
    ]
