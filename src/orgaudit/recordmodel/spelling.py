"""How people spell one word: traditional or simplified, full-width or not, with spaces and hints in brackets."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_TRADITIONAL = (
    "黨員會議組織單幹務職數長門間開關課題討論記錄書證號碼聯繫電話選舉執離調轉係屆滿換預備積極發動對處罰懲獎勵評優審計劃經費場館樓園區鄉鎮縣級機構業學歷齡歲產權屬實際應該請準進個體戶從這還過達遠運連遲適邊讓"
    "認識設訪訓託詢詳語說誤談諾講謝譜護讀變貝負財責賢貨質購資賓賬賴贊軍輔輛輪輸轄鄰鄭醫釋鋼錢錯鍵鐵鑒閱闊陸陳陽階隊隨險雙雜難雲靈靜頁項順須領頭額顧顯風飛飯養馬駐驗鬥魚鳥麗黃點齊龍東專為義烏樂習買亂爭亞親億"
    "僅倉儀價眾傳傷倫偉側債傾僑儲兒內兩冊寫農凍淨減幾鳳憑擊劉則剛創別劑勁勞勢勻協賣盧衛廠廳厲壓參敘葉嘆嗎啟嘗團圍圖圓聖壞塊堅壇壟復夠夾奪奮婦媽孫寧寶寬尋導壽將爾塵層島嶺幣師帳帶幫庫廟廢廣張強彈歸當徑徹態總"
    "憂懷懇惡惱懸懶戀戰戲擴掃揚擾撫拋搶報擬擁擇擔據揮損搖攝敗敵齋斷無舊時曉暫術殺條來槍標樣檢榮歡歐殘毀畢氣漢湯溝沒況澤潔淺測濟濃漁潛瀏濤災爐煉煙煩熱燈愛爺牽狀獨獄獻環現瓊畫異療瘋癥監蓋盤矚礦確禮禪種稱穩窮"
    "競筆節範築簡簽類糧緊紀約紅純紙紋納紛紹細終結給絡絕統綜綠維網編緣績繼續罷羅聰肅腦臨艦藝蘇藍薦藥蘭虛補裝製複見規覽覺觀觸訂許訴診詞試誠誰諮諸裡辦於後裏臺灣檔佈嚴滯麼僱緩閉週鬆櫃牆糾紐綁綱緻聲脫莊華葷蔣衝"
    "詐諧謀譽貸貿賀賠贏趙跡踐載輕輿轟辭遙遞遺釘鈔銀銷鋪鋒錦鍛鎖鏈閒閩闡陣陰隱雖韓響頻顆飾餘驅驕驚鬧鯉鵬鹽麥齒"
)
_SIMPLIFIED = (
    "党员会议组织单干务职数长门间开关课题讨论记录书证号码联系电话选举执离调转系届满换预备积极发动对处罚惩奖励评优审计划经费场馆楼园区乡镇县级机构业学历龄岁产权属实际应该请准进个体户从这还过达远运连迟适边让"
    "认识设访训托询详语说误谈诺讲谢谱护读变贝负财责贤货质购资宾账赖赞军辅辆轮输辖邻郑医释钢钱错键铁鉴阅阔陆陈阳阶队随险双杂难云灵静页项顺须领头额顾显风飞饭养马驻验斗鱼鸟丽黄点齐龙东专为义乌乐习买乱争亚亲亿"
    "仅仓仪价众传伤伦伟侧债倾侨储儿内两册写农冻净减几凤凭击刘则刚创别剂劲劳势匀协卖卢卫厂厅厉压参叙叶叹吗启尝团围图圆圣坏块坚坛垄复够夹夺奋妇妈孙宁宝宽寻导寿将尔尘层岛岭币师帐带帮库庙废广张强弹归当径彻态总"
    "忧怀恳恶恼悬懒恋战戏扩扫扬扰抚抛抢报拟拥择担据挥损摇摄败敌斋断无旧时晓暂术杀条来枪标样检荣欢欧残毁毕气汉汤沟没况泽洁浅测济浓渔潜浏涛灾炉炼烟烦热灯爱爷牵状独狱献环现琼画异疗疯症监盖盘瞩矿确礼禅种称稳穷"
    "竞笔节范筑简签类粮紧纪约红纯纸纹纳纷绍细终结给络绝统综绿维网编缘绩继续罢罗聪肃脑临舰艺苏蓝荐药兰虚补装制复见规览觉观触订许诉诊词试诚谁咨诸里办于后里台湾档布严滞么雇缓闭周松柜墙纠纽绑纲致声脱庄华荤蒋冲"
    "诈谐谋誉贷贸贺赔赢赵迹践载轻舆轰辞遥递遗钉钞银销铺锋锦锻锁链闲闽阐阵阴隐虽韩响频颗饰余驱骄惊闹鲤鹏盐麦齿"
)
#: to the simplified form, for what is compared only: quotes keep the script of their source
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
#: what nobody sees: zero-width and direction characters
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\u00ad"
_NO_UNSEEN = str.maketrans("", "", UNSEEN)
_WIDER = ord("！") - ord("!")  #: from a narrow character to the full-width one
_HANZI = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_HINT = re.compile(r"\(.*", re.DOTALL)


def seen(text: str) -> str:
    """A text without the characters that nobody sees."""
    return text.translate(_NO_UNSEEN)


def even(text: str) -> str:
    """A text in plain forms: full-width letters, digits and brackets as the narrow ones, and nothing unseen."""
    return unicodedata.normalize("NFKC", seen(text))


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, character by character."""
    return text.translate(_TO_SIMPLIFIED)


def language_written(text: str) -> str:
    """The language of a text, as pages name it: Chinese where it has hanzi, in which script; else English."""
    if not _HANZI.search(text):
        return "en"
    return "zh-Hans" if simplified(text) == text else "zh-Hant"


def spellings(characters: set[str]) -> str:
    """All characters that are written for these: in either case, script and width."""
    others = {old for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if new in characters}
    cases = {c for one in characters | others for c in (one, one.upper(), one.lower())}
    return "".join(sorted(cases | {chr(ord(c) + _WIDER) for c in cases if "!" <= c <= "~"}))


def spelled(value: Any) -> str:
    """How headings, names of tables and codes are compared: without spaces, hints in brackets, letter case and script."""
    text = _HINT.sub("", even(str(value))) or even(str(value))
    return simplified("".join(text.split())).casefold()
