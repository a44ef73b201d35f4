"""The built-in force-patterns: small talk that any model can answer, and plainly hard work."""

from classifier.tiers import Tier

# A message is whole where nothing but names, politeness and marks stands around its core.
_SOFT = (
    r"(?:[\s,.!?…'’~*()-]|\p{So}|\p{Sk}|\p{Mn}|\x{200d}|"
    r"\b(?:so|very|really|again|there|then|now|ai|claude|assistant|bot|friend|everyone|all|"
    r"guys|team|"
    r"mate|buddy|man|please|just|well|oh|and|ok|okay|too|much|lol|haha|thx|everybody|folks|"
    r"dear)\b)*"
)
_HELLO = (
    r"(?:hi+|hey+|hello+|hola|howdy|yo|greetings|hiya|good (?:morning|afternoon|evening|day)|sup|"
    r"bonjour|salut|hallo|guten tag|ciao|ol[aá]|namaste|"
    r"你好|您好|こんにちは|안녕하세요|안녕|привет|مرحبا|"
    r"(?:and )?how(?:'s| is| are| r|’s) (?:it going|you(?: doing| feeling)?|u|things|life|your day|"
    r"everything)(?: going)?(?: today| now)?|what['’]?s (?:up|new)|you (?:there|around|ok)|"
    r"are you (?:there|ok|okay|doing (?:ok|okay|alright|well))|anyone (?:there|home)|"
    r"(?:nice|good|great) to (?:meet|see) you|(?:long )?time no see)"
)
_THANKS = (
    r"(?:(?:many |big |great |ok |okay |cool |perfect )?(?:thanks?|thx|thank (?:you|u)|ty|cheers|"
    r"gracias|merci|danke|obrigad[oa]|grazie|谢谢|感谢|ありがとう|감사합니다|спасибо|شكرا)"
    r"(?: (?:you|a (?:lot|million|bunch|ton)|so much|very much|ever so much|again|"
    r"for (?:that|it|this|everything|helping|trying|"
    r"(?:all )?(?:the|your|that|this) (?:\w+ )?(?:help|time|assistance|answer|reply|"
    r"response|support|"
    r"info|information|patience|explanation|advice|effort|work|quick \w+))))*|"
    r"(?:much|really |greatly )?appreciated?(?: (?:it|that|the help|your help|you))?|"
    r"i (?:really |truly |do )?appreciate (?:it|that|you|(?:the|your|all your) \w+)|"
    r"you(?:'re|’re| are)? (?:the best|awesome|amazing|a lifesaver|great|so helpful))"
)
_BYE = (
    r"(?:(?:good ?)?bye(?:[ -]?bye)?|see (?:you|ya|u)(?: (?:later|soon|around|tomorrow|"
    r"next time))?|"
    r"cya|later|farewell|take care|ttyl|(?:talk|catch|speak) (?:to )?(?:you|ya) (?:later|soon)|"
    r"have a (?:good|great|nice|lovely|wonderful) (?:day|night|evening|one|weekend|time|"
    r"rest of \w+ \w+)|"
    r"good ?night|i(?:'m|’m| am) (?:done|going now|off|leaving)|signing off|adios|au revoir|"
    r"tsch[uü]ss|再见|さようなら|(?:it (?:was|is|has been) )?(?:a |so |really |very )*"
    r"(?:nice|great|good|awesome|pleasure|lovely|wonderful) (?:to )?"
    r"(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|see(?:ing)?|meet(?:ing)?)(?: (?:to|"
    r"with))?(?: you)?|"
    r"that(?:'s|’s| is| will be) all(?: (?:for (?:now|today)|i need(?:ed)?))?)"
)
_YES = (
    r"(?:y|yes+|yeah+|yep|yup|ya|yea|sure(?: thing)?|ok+|okay|k|kk|affirmative|definitely|"
    r"absolutely|"
    r"of course|correct|right|exactly|indeed|true|agreed|i agree|roger(?: that)?|10-4|fine|alright|"
    r"s[ií]|oui|ja|да|是的?|好的?|はい|네|"
    r"(?:that|it|this)(?:'?s|’s| is| was| sounds| looks| seems) (?:\w+ )?"
    r"(?:right|correct|true|good|great|fine|ok|okay|perfect|factual)|sounds good|looks good|lgtm|"
    r"you(?:'re|’re| are) (?:right|correct)|works(?: for me)?|perfect|great|awesome|cool|"
    r"nice|got it|"
    r"makes sense|understood|noted|i see|good (?:job|work)|well done|excellent|wonderful|amazing)"
)
_NO = (
    r"(?:n|no+|nope|nah|not (?:really|now|yet|right now|at all|today|quite)|never ?mind|"
    r"nvm|negative|"
    r"(?:definitely|absolutely|of course) not|false|wrong|incorrect|non|nein|нет|"
    r"不是?|いいえ|아니요|"
    r"(?:that|it|this)(?:'?s|’s| is| was) (?:\w+ )?(?:not (?:it|right|true|correct)|wrong|false|"
    r"incorrect|untrue)|(?:that|it|this) (?:isn['’]?t|wasn['’]?t) (?:right|it|true|correct)|"
    r"no (?:need|way|problem|worries)|i (?:disagree|don['’]?t think so)|i['’]d say no)"
)
_CORE = "|".join((_HELLO, _THANKS, _BYE, _YES, _NO))


def _whole(core: str) -> str:
    """Nothing but `core` first, and pleasantries after it."""
    return rf"^{_SOFT}{core}(?:{_SOFT}(?:{_CORE})){{0,3}}{_SOFT}$"


# Where a clause may begin to ask for something: spelt out, since re2 has no lookaround.
_POLITE = (
    r"(?:please|kindly|can you|could you|would you|will you|you (?:must|should|need to)|"
    r"i(?: would|['’]d)? (?:need|want|like) (?:you )?to|we need (?:you )?to|let['’]?s|"
    r"let us|help me|"
    r"now|first|then|next|also|and|finally|go(?: ahead)?(?: and)?|do|try to|your task is to|"
    r"your job is to|carefully|rigorously|formally|mathematically|thoroughly|fully|use .{1,40} to)"
)
_LEAD = rf"(?:^|[.;:!?\n,(]\s*|\band )(?:[-*#>\d.)]+\s*)?(?:{_POLITE}[ ,]+){{0,4}}"
_THOROUGH = r"(?:[\w-]+ ){0,4}"

ROWS: tuple[tuple[str, str, Tier], ...] = (
    ("greeting", _whole(_HELLO), Tier.SIMPLE),
    ("thanks", _whole(_THANKS), Tier.SIMPLE),
    ("goodbye", _whole(_BYE), Tier.SIMPLE),
    ("yes", _whole(_YES), Tier.SIMPLE),
    ("no", _whole(_NO), Tier.SIMPLE),
    ("sum", r"^[\d\s.,()+*/x×÷^%=?-]{1,60}$", Tier.SIMPLE),
    ("suggestion", r"^\[suggestion mode\b", Tier.SIMPLE),
    (
        "proof",
        rf"{_LEAD}(?:prove|disprove|formally verify)\s+(?:\w+ly\s+)?(?:that\s+(?:[^y\s]|"
        rf"y[^o])|by|the|this|there|a|an|any|"
        rf"every|each|why|whether|or disprove|it by|using|lemma|theorem|for|[a-z]?\(|\$|"
        rf"\\)|\band (?:then )?prove it\b|"
        rf"{_LEAD}(?:give|provide|write|construct|show|present|find|produce)\s+(?:me\s+)?"
        rf"(?:an?|the)?\s*(?:\w+\s+){{0,2}}proofs?\b|证明|証明せよ|докажите",
        Tier.REASONING,
    ),
    (
        "security-audit",
        rf"{_LEAD}(?:(?:do|perform|conduct|carry out|run|complete|prepare|produce|write|"
        rf"give me|start|"
        rf"make)\s+)?(?:an?|the|our)?\s*{_THOROUGH}"
        rf"(?:security (?:audit|review|assessment)|threat[- ]model(?:l?ing)?|"
        rf"penetration test|pen ?test)"
        rf"(?: (?:of|on|for|against|across|our|the|this|that|my)\b|\s*[.!]?$)|"
        rf"{_LEAD}audit\b.{{0,80}}\b(?:security|vulnerabilit|injection|exploit|auth|"
        rf"secrets?|crypto)",
        Tier.REASONING,
    ),
    (
        "whole-codebase",
        rf"{_LEAD}(?:re-?architect|refactor|review|analy[sz]e|audit|rewrite|re-?write|migrate|port|"
        rf"restructure|redesign|moderni[sz]e|convert|overhaul|document|understand|optimi[sz]e|"
        rf"rework|reorgani[sz]e)\b.{{0,60}}\b(?:entire|whole|full|complete|"
        rf"all (?:of )?(?:the|our|my))\s+"
        rf"(?:[\w-]+ ){{0,2}}(?:code ?-?base|repo|repository|monorepo|project|system|application|"
        rf"platform|source tree|backend)\b",
        Tier.REASONING,
    ),
    (
        "deliberate",
        rf"{_LEAD}(?:think|reason|work|talk)\s+(?:(?:it|this|me|us|things)\s+)?(?:\w+ly\s+)?"
        rf"(?:step[- ]by[- ]step|through|carefully|deeply|hard(?:er)?\b|from first principles)|"
        rf"{_LEAD}(?:explain|show|give|detail|"
        rf"lay out)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:your|the full)\s+"
        rf"(?:\w+\s+)?(?:reasoning|chain of thought|thought process|thinking)|"
        rf"\breason(?:ing)? (?:carefully |rigorously )?(?:step[- ]by[- ]step|"
        rf"from first principles)|"
        rf"step[- ]by[- ]step (?:reasoning|analysis|proof)|{_LEAD}ultrathink\b|"
        rf"逐步推理|paso a paso|étape par étape",
        Tier.REASONING,
    ),
)
