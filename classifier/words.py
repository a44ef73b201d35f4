"""The vocabulary: which words and phrases speak of which concept, inflected once at import."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A concept's words. Verbs get all their forms, nouns a plural; phrases stand as they are.
VERBS: dict[str, str] = {
    "convert": "translate rephrase paraphrase spell convert list name recommend rename format"
    " proofread classify capitalize sort count add subtract multiply print show fetch restate"
    " shorten suggest pick choose return call look rewrite reword transcribe uppercase lowercase",
    "explain": "explain describe summarize outline tell teach clarify elaborate illustrate"
    " discuss interpret recap introduce",
    "compare": "compare contrast differentiate distinguish weigh rank prioritize",
    "compose": "write compose draft invent brainstorm generate create produce make prepare",
    "build": "implement code program build develop script scaffold automate integrate deploy"
    " configure install parse render simulate bootstrap containerize prototype containerise",
    "fix": "fix debug repair troubleshoot resolve patch correct solve unblock reproduce",
    "change": "refactor migrate port upgrade restructure modernize optimize extend rework"
    " consolidate replace remove delete update modify split extract parallelize vectorize"
    " decouple harden simplify clean edit decompose rearchitect reorganize standardize scale",
    "design": "design architect plan strategize engineer blueprint orchestrate model devise"
    " formulate propose",
    "analyse": "analyze evaluate assess review audit investigate diagnose critique examine"
    " justify argue synthesize research inspect scrutinize critically profile validate"
    " appraise deliberate challenge critically recommend-best",
    "prove": "prove derive disprove deduce refute formalize axiomatize",
    "check": "verify check confirm test cite support",
    "reason": "reason infer hypothesize",
    "run": "run rerun execute commit push merge iterate retry",
}
NOUNS: dict[str, str] = {
    "prose": "poem story essay email letter song lyric haiku joke tagline slogan tweet post blog"
    " caption paragraph speech article headline toast message card biography review-blurb"
    " limerick sonnet dialogue screenplay recipe itinerary playlist",
    "code": "function class script program method algorithm endpoint component module parser"
    " regex query api library package sdk cli compiler interpreter code unit-test snippet"
    " webapp website app application bot plugin loop subroutine macro dockerfile makefile"
    " interface struct template middleware migration handler decorator wrapper daemon crawler"
    " scraper game calculator simulator schema backend frontend codebase implementation shader"
    " modulescript notebook workflow pipeline service server client database helper",
    "language": "python javascript typescript java c++ golang rust kotlin swift ruby php perl"
    " scala haskell sql bash html css react angular vue django flask node nodejs c# matlab r"
    " fortran scheme lisp luau powershell assembly verilog vhdl systemverilog solidity pandas"
    " numpy pytorch tensorflow nextjs svelte spring laravel rails graphql shell nasm elixir"
    " clojure dart flutter excel vba latex arduino unity jsx tsx json yaml xml csv powerapps",
    "tech": "api git server database cache thread process network http rest url cpu gpu memory"
    " port socket docker linux unix windows container cloud aws azure gcp cluster commit branch"
    " repository repo variable parameter argument pointer array list-comprehension hash tree"
    " graph queue stack heap string integer boolean object type inheritance framework runtime"
    " exception traceback stacktrace log config deployment latency throughput index schema table"
    " join transaction session cookie token request response header json token-bucket timeout"
    " retry middleware webhook encryption authentication authorization protocol packet tcp udp"
    " dns tls ssl oauth jwt nosql mongodb postgresql postgres mysql redis kafka rabbitmq"
    " kubernetes microservice terraform ansible nginx lambda serverless regression classifier"
    " embedding transformer-model dataset tensor gradient model firewall router kernel filesystem"
    " interrupt register compiler bytecode stream buffer encoding unicode ast virtualization"
    " sandbox iterator closure callback promise async await coroutine semaphore mutex",
    "deep": "distributed consensus byzantine raft paxos sharding shard replication replica"
    " concurrency concurrent race deadlock mutex lock-free linearizability linearizable quorum"
    " consistency eventual partition idempotent idempotency crdt failover fault-tolerant"
    " fault-tolerance high-availability scalability scalable horizontally backpressure"
    " multi-region multi-tenant multi-threaded lockless orchestration orchestrator event-driven"
    " event-sourcing cqrs saga load-balancing load-balancer zero-downtime observability"
    " high-throughput low-latency real-time garbage allocator simd vectorization cryptography"
    " cryptographic zero-knowledge homomorphic compiler optimizer typechecker type-system monad"
    " complexity np-hard np-complete amortized polynomial heuristic invariant backpropagation"
    " reinforcement convergence stochastic bayesian markov eigenvalue fourier convolution"
    " quantization attention transformer diffusion kubernetes microservice middleware-chain"
    " monolith circuit-breaker rate-limiter rate-limiting bottleneck memory-leak segfault"
    " failure-mode tolerates fault architecture architectural performance indexing efficiency"
    " topology resilience resilient disaster-recovery rollback tcp-stack hypervisor",
    "law": "contract statute liability indemnity indemnification plaintiff defendant tort clause"
    " constitutional unconstitutional amendment jurisdiction negligence lawsuit court judge"
    " compliance regulation gdpr hipaa legal legislation easement felony homicide testimony"
    " hearsay warrant prosecution arbitration trademark copyright patent",
    "medicine": "clinical diagnosis symptom patient disease therapy dosage pharmacology embolism"
    " syndrome pathology chronic acute medication antibiotic tumor cancer cardiac renal hepatic"
    " infection surgical anatomy nerve artery hormone insulin vaccine sepsis anemia lesion"
    " pulmonary medical",
    "finance": "equity dividend bond portfolio derivative hedge valuation liabilities asset"
    " inflation recession gdp monetary fiscal tax accounting ebitda revenue npv interest-rate"
    " mortgage audit-opinion elasticity oligopoly monopoly saas b2b churn pricing market-entry"
    " depreciation amortization liquidity acquisition diligence",
    "science": "quantum relativity thermodynamic entropy electron proton neutron photon molecule"
    " isotope enzyme protein dna rna genome mitochondria organelle cell-membrane chromosome"
    " reaction equilibrium catalyst oxidation acid ph orbital carbocation magnetic voltage"
    " circuit resistor capacitor inductance torque momentum velocity acceleration wavelength"
    " frequency superconductivity semiconductor galaxy nebula species photosynthesis neuron"
    " synapse ligand polymer stoichiometry mole joule hypothesis",
    "maths": "theorem lemma proof axiom integral derivative matrix vector eigenvector polynomial"
    " group ring homomorphism isomorphism subgroup bijection prime modulo probability"
    " permutation combinatorial variance standard-deviation confidence-interval regression"
    " logarithm exponent trigonometry differential equation inequality geometry topology"
    " irrational triangle hypotenuse factorial sequence infinitely sqrt abelian finite",
    "humanities": "philosophy epistemology deontology utilitarianism kant ethics moral"
    " metaphysics sociology anthropology historiography rhetoric jurisprudence psychology"
    " cognitive bias empire republic restoration revolution treaty",
    "security": "vulnerability exploit injection xss csrf ssrf rce malware ransomware backdoor"
    " privilege-escalation cve threat pentest attacker attack breach credential secret"
    " password auth authentication authorization oauth jwt session-token csp cors permission"
    " rbac acl encryption cryptography cryptographic crypto tls certificate signature hashing"
    " sandbox-escape deserialization overflow tampering exfiltration phishing access-control"
    " login sso saml mfa 2fa token firewall security hsm kms nonce salt bypass sqli idor"
    " hardening leak leakage compromise zero-day payment pii",
    "reasons": "tradeoff trade-off rationale root-cause hypothesis implication consequence"
    " constraint assumption verdict counterargument edge-case failure-mode methodology"
    " uncertainty alternative disagreement evidence workstream",
    "artefact": "architecture schema roadmap runbook strategy specification blueprint rfc"
    " proposal requirement diagram business-plan curriculum framework checkpoint milestone",
    "symptom": "bug error exception crash failure failing fails broken traceback typeerror"
    " syntaxerror valueerror runtimeerror keyerror segfault panic regression flaky stacktrace"
    " throws crashes timing-out stalls duplicate undefined",
}
PHRASES: dict[str, str] = {
    "lookup": "what is|what's|whats|what are|who is|who was|who wrote|who are|when was|when did|"
    "where is|where are|how many|how much|what time|capital of|what does|stand for|meaning of|"
    "define|definition|which of|how old|how far|how tall|is it|are you|do you|what year|which",
    "explain": "how does|how do|how can|how to|how would|why is|why do|why does|why did|"
    "walk me through|give an example|what happens|the purpose of|help me understand|how it works",
    "compare": "difference between|differences between|pros and cons|versus|vs|advantages and|"
    "benefits of|better than|differs from|differ from",
    "design": "architecture review|a plan|the plan|come up with|system design|design doc|"
    "implementation plan|migration plan|phased|from scratch|architecture for|schema for|"
    "detailed architecture|action plan",
    "analyse": "root cause|trade offs|code review|race conditions|edge cases|failure modes|"
    "architecture review|security review|due diligence|deep dive|fact check|pen test|"
    "competing hypotheses|expert opinions|from both sides|adversarial review|reach a verdict|"
    "legal analysis|impact analysis|gap analysis|deep analysis|post mortem|postmortem",
    "prove": "formal proof|rigorous proof|proof by|by contradiction|by induction|show that",
    "reason": "step by step|step-by-step|think through|think carefully|think hard|think about|"
    "first principles|chain of thought|your reasoning|reason through|carefully consider|"
    "think deeply|reason about|reason step|multiple approaches|reasoning paths|one by one",
    "steps": "first|then|next|finally|afterwards|after that|followed by|lastly|second|third|"
    "step 1|step 2|in order|after each|once done|and then|before you|after every|each phase",
    "autonomy": "autonomously|until it passes|until everything|until all|keep going|"
    "keep iterating|keep trying|without asking|on your own|end to end|end-to-end|do not stop|"
    "don't stop|everything is green|tests pass|all tests|by yourself|independently|"
    "as long as it takes|until green|until done|work through|loop until",
    "scope": "entire|whole|every|each|all the|all of|across|codebase|code base|multiple|"
    "repository|repo|monorepo|throughout|everywhere|comprehensive|detailed|thorough|complete|"
    "in depth|in-depth|extensive|all modules|all files|several|full|project-wide|"
    "the tests|its tests|all callers|platform|production|enterprise|large-scale",
    "limits": "must|should|ensure|at least|at most|including|include|handle|handles|support|"
    "supports|proper|without|only|exactly|based on|consider|considering|requirements|given|"
    "such that|so that|within|avoid|as well as|make sure|in case|unless|able to|not use",
    "brief": "briefly|brief|short|concise|quick|quickly|just|simple|simply|one sentence|"
    "two sentences|one paragraph|three bullets|one word|tl dr|tldr|plain language|"
    "plain english|single sentence|a few words|in short|high level|three sentences|immediately|"
    "directly|one direct|short answer|simpler|easy|basic|eli5|nothing else|return only|"
    "in a sentence|one line|a sentence",
    "vague": "something|somehow|stuff|thing|things|whatever|maybe|somewhat|better|improve|it|"
    "this|that|these|those|nicer|etc|kind of|sort of|some|weird|off|properly|good|nice",
    "destroy": "drop table|drop the|wipe|truncate|force push|rm -rf|delete all|purge all|"
    "production database|prod database|live database|customer data|production data",
}
# Scripts without spaces: looked up as substrings.
SUBSTRINGS: dict[str, str] = {
    "explain": "解释|说明|总结|什么是|介绍|讲|説明|설명|اشرح|объясни",
    "lookup": "多少|是谁|什么时候|哪里|几点|定义|首都",
    "brief": "简短|简单|一句话|简洁|直接|简要|بإيجاز|кратко",
    "compare": "比较|对比|区别|取舍|優缺點|优缺点|比較|비교|сравни",
    "analyse": "分析|评审|审查|评估|根因|调查|对抗性|综合|分歧|诊断|حلل|分析して|분석|проанализируй",
    "reason": "逐步|推理|第一性原理|一步一步|多轮|步骤|استدلال|пошагово",
    "prove": "证明|証明|证明过程|추론|اثبت|докажи",
    "design": "设计|架构|规划|方案|計画|設計|설계|صمم|спроектируй",
    "build": "实现|编写|开发|写一个|函数|実装|구현|напиши функцию",
    "fix": "修复|修掉|调试|报错|错误|纠正|バグ|исправь",
    "change": "重构|迁移|优化|升级|リファクタ|리팩터",
    "scope": "全面|整个|所有|详细|深入|多个|多区域|完整",
    "deep": "分布式|一致性|并发|微服务|架构|共识|容错|复杂",
    "tech": "代码|缓存|数据库|接口|服务|部署|服务器|线程|算法",
    "symptom": "异常|崩溃|报错|故障|事故",
    "check": "核实|验证|出处|来源|证据",
    "security": "漏洞|安全|凭据|密钥|攻击|注入",
    "steps": "首先|然后|最后|分解|工作流",
}
# Spanish, French and German, the languages seen most after English.
OTHER: dict[str, str] = {
    "explain": "explica explique expliquer explicar resume résume resumir describe erkläre"
    " beschreibe fasse zusammenfassen",
    "lookup": "capital cuál quién cuándo quel quelle wer wann welche",
    "brief": "brevemente brièvement breve kurz brève directa directement sencillo phrase frase",
    "compare": "compara comparer comparar vergleiche compromis ventajas desventajas diferencia"
    " différence unterschied",
    "analyse": "analiza analyse analizar analyser evalúa évalue profundo approfondie causa-raíz"
    " cause-racine investigar enquêter revisión examine untersuche analysiere bewerte"
    " sintetizar synthèse raíz racine análisis",
    "reason": "razona raisonne razonamiento raisonnement paso-a-paso étape begründe schritt pasos",
    "prove": "demuestra démontre prueba preuve beweise rigurosa rigoureuse démontrer demostrar",
    "design": "diseña conçois arquitectura architektur entwirf planificar planifier planifica",
    "build": "implementa implémente implementar implémenter implementiere programa función fonction",
    "fix": "corrige corriger corregir behebe depura débogue",
    "deep": "distribuido distribué distribuida verteilt compleja complexe",
    "scope": "detallada détaillée completa complète varias plusieurs gesamte todo tout",
    "steps": "luego primero puis ensuite zuerst danach finalmente enfin",
    "check": "verifica verificar vérifie vérifier fuentes sources evidencia preuves",
}
NEGATORS = frozenset("not don't dont never no without avoid skip isn't doesn't cannot".split())
DETERMINERS = frozenset("the a an this that my our your its his her their of".split())
INFLECTED_AS_NOUNS_TOO = frozenset(
    "design plan review research report audit test code program script build change update fix"
    " model patch list name count reason challenge port profile show call format return".split()
)
HARNESS_TAGS = (
    "system-reminder",
    "environment_context",
    "environment_details",
    "env",
    "local-command-stdout",
    "local-command-stderr",
    "local-command-caveat",
    "command-name",
    "command-message",
    "bash-stdout",
    "bash-stderr",
    "user_instructions",
    "INSTRUCTIONS",
    "file_content",
    "file",
    "files",
    "document",
    "documents",
    "tool_result",
    "function_results",
    "ide_opened_file",
    "ide_selection",
    "new-diagnostics",
    "session_context",
    "context",
    "attached_files",
    "git_status",
    "directory_structure",
    "permissions_instructions",
)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One word or phrase in all its forms, the concepts that it speaks of, and its use."""

    lemma: str
    concepts: tuple[str, ...]
    verb: bool


def _entries() -> Iterator[tuple[str, str, bool]]:
    for concept, text in VERBS.items():
        yield from ((lemma, concept, True) for lemma in text.split())
    for table, cut in ((NOUNS, None), (PHRASES, "|"), (OTHER, None)):
        for concept, text in table.items():
            yield from ((lemma, concept, False) for lemma in text.split(cut))


def _verb_forms(lemma: str) -> Iterable[str]:
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    doubled = lemma + lemma[-1] if len(lemma) < 6 and lemma[-1] in "bgmnpt" else stem
    ending = lemma[:-1] + "ies" if lemma.endswith("y") else lemma + "s"
    return (lemma, ending, lemma + "es", stem + "ed", stem + "ing", doubled + "ed", doubled + "ing")


def _noun_forms(lemma: str) -> Iterable[str]:
    ending = lemma[:-1] + "ies" if lemma.endswith("y") else lemma + "s"
    return (lemma, ending, lemma + "es")


def _spellings(form: str) -> set[str]:
    british = form.replace("yz", "ys").replace("iz", "is")
    spaced = {spelling.replace("-", " ") for spelling in (form, british)}
    return {form, british} | spaced


def _forms(lemma: str, verb: bool) -> set[str]:
    if " " in lemma:
        return {lemma}
    forms = _verb_forms(lemma) if verb else _noun_forms(lemma)
    return {spelling for form in forms for spelling in _spellings(form)}


def _build() -> dict[str, Entry]:
    concepts: dict[str, dict[str, None]] = {}
    verbs: dict[str, bool] = {}
    for lemma, concept, verb in _entries():
        concepts.setdefault(lemma, {})[concept] = None
        verbs[lemma] = verbs.get(lemma, True) and verb
    vocabulary: dict[str, Entry] = {}
    for lemma, found in concepts.items():
        entry = Entry(lemma, tuple(found), verbs[lemma])
        for form in _forms(lemma, verbs[lemma]):
            vocabulary.setdefault(form, entry)
        vocabulary[lemma] = entry
    return vocabulary


VOCABULARY = _build()
PHRASE_STARTS = frozenset(key.split(" ", 1)[0] for key in VOCABULARY if " " in key)
CHARACTERS = tuple(
    (part, concept) for concept, text in SUBSTRINGS.items() for part in text.split("|")
)
CONCEPTS = tuple(dict.fromkeys((*VERBS, *NOUNS, *PHRASES, *SUBSTRINGS)))
