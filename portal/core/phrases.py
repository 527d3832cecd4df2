"""Where a Chinese title may break: between words, as a careful typesetter would; pure.

Titles of public matters are made of a small stock of words. The longest that fits is taken at each
place; whatever is not in the stock stays whole, and the style sheet breaks it only in need.
"""

import re

_WORDS = frozenset(
    [
        "澜川江",
        "人民政府",
        "市委",
        "关于",
        "进一步",
        "印发",
        "开展",
        "推进",
        "促进",
        "加强",
        "规范",
        "完善",
        "深化",
        "调整",
        "制定",
        "修订",
        "实施",
        "落实",
        "优化",
        "扩大",
        "提高",
        "统一",
        "公开",
        "重大",
        "行政",
        "决策",
        "事项",
        "目录",
        "公众",
        "参与",
        "征求",
        "意见",
        "采纳",
        "情况",
        "反馈",
        "公告",
        "结果",
        "征求意见稿",
        "草案",
        "修订草案",
        "征集",
        "办法",
        "方案",
        "规划",
        "计划",
        "规定",
        "细则",
        "条例",
        "意见",
        "通知",
        "决定",
        "标准",
        "措施",
        "政策",
        "行动",
        "工程",
        "项目",
        "制度",
        "体系",
        "机制",
        "若干",
        "指导",
        "暂行",
        "试行",
        "城市",
        "城乡",
        "农村",
        "乡镇",
        "街道",
        "社区",
        "老城",
        "历史",
        "文化",
        "街区",
        "住宅",
        "小区",
        "既有",
        "老旧",
        "新建",
        "公共",
        "设施",
        "配套",
        "管网",
        "第二",
        "水厂",
        "供水",
        "水源",
        "轨道",
        "交通",
        "公交",
        "票价",
        "价格",
        "收费",
        "计量",
        "补贴",
        "补助",
        "停车",
        "停放",
        "充电",
        "电动",
        "自行车",
        "互联网",
        "租赁",
        "机动车",
        "道路",
        "桥梁",
        "三年",
        "五年",
        "养老",
        "服务",
        "托育",
        "教育",
        "医疗",
        "卫生",
        "健康",
        "中小学校",
        "学校",
        "集中",
        "用餐",
        "食品",
        "安全",
        "应急",
        "消防",
        "治安",
        "环境",
        "生态",
        "绿地",
        "系统",
        "岸线",
        "河湖",
        "湿地",
        "保护",
        "利用",
        "更新",
        "改造",
        "建设",
        "管理",
        "治理",
        "监督",
        "开发",
        "加装",
        "电梯",
        "生活",
        "垃圾",
        "分类",
        "智慧",
        "灯杆",
        "数字",
        "数据",
        "平台",
        "土地",
        "房屋",
        "征收",
        "补偿",
        "投放",
        "秩序",
        "企业",
        "主体",
        "责任",
        "和",
        "与",
        "及",
        "的",
        "等",
    ]
)
_LONGEST = max(map(len, _WORDS))
# A number with its unit, a word in Latin letters, or the name of the city that opens a title.
_WHOLE = re.compile(r"[0-9]+(?:年度?|项|号|条|月|日|%)?|[A-Za-z][A-Za-z0-9.\-]*")
_CITY = re.compile(r"[\u4e00-\u9fff]{2,3}?[省市县区]")
_OPENING = "“《（〈〔「"
_CLOSING = "”》）〉〕」，、。：；？！,.:;?!) "
_BOUND_BACK = frozenset("和与及的等")


def phrases(title: str) -> list[str]:
    """Cut a title into pieces between which a line may end; joined, they are the title."""
    pieces: list[str] = []
    place, open_piece = 0, False
    while place < len(title):
        word = _word_at(title, place)
        step = word or title[place]
        clings = bool(pieces) and (
            step[0] in _CLOSING
            or step in _BOUND_BACK
            or pieces[-1][-1] in _OPENING
            or (not word and open_piece)
        )
        if clings:
            pieces[-1] += step
        else:
            pieces.append(step)
        open_piece = not word and step not in _CLOSING
        place += len(step)
    return pieces


def _word_at(title: str, place: int) -> str:
    """Return the longest known word that starts at a place, or the empty string."""
    whole = _WHOLE.match(title, place) or (_CITY.match(title) if place == 0 else None)
    if whole:
        return whole[0]
    for length in range(min(_LONGEST, len(title) - place), 0, -1):
        if title[place : place + length] in _WORDS:
            return title[place : place + length]
    return ""
