"""The words and phrases that speak of each concept; HARNESS_TAGS are blocks that clients add."""

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
    " decouple harden simplify clean edit decompose rearchitect reorganize standardize scale"
    " encrypt decrypt rekey re-key anonymize pseudonymize redact",
    "erase": "delete drop truncate wipe purge erase overwrite",
    "design": "design architect plan strategize engineer blueprint orchestrate model devise"
    " formulate propose",
    "analyse": "analyze evaluate assess review audit investigate diagnose critique examine"
    " justify argue synthesize research inspect scrutinize critically profile validate"
    " appraise deliberate challenge critically recommend-best",
    "prove": "prove derive disprove deduce refute formalize axiomatize",
    "check": "verify check confirm test cite support read",
    "reason": "reason infer hypothesize",
    "probe": "find detect identify triage rotate revoke harden secure scan probe search trace hunt"
    " check verify inspect test look examine review ensure confirm enumerate mitigate prevent",
    "edit": "add insert append wire hook move rename bump install write create wrap put drop",
    "steps": "first then next finally afterwards lastly",
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
    " topology resilience resilient disaster-recovery rollback tcp-stack hypervisor"
    " memory-ordering memory-model memory-barrier wait-free crash-safe crash-safety wal mpmc lsm"
    " write-ahead mvcc serializable isolation-level two-phase-commit gossip vector-clock"
    " escape-analysis liveness exactly-once at-least-once b-tree bloom-filter hot-path"
    " cache-coherence cache-coherent dataflow intermediate-representation register-allocation",
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
    " morally ethical virtue justice rights cognitive bias empire republic restoration"
    " revolution treaty",
    "attack": "vulnerability exploit exploitable injection xss csrf ssrf rce malware ransomware"
    " backdoor privilege-escalation cve threat pentest attacker breach sqli idor zero-day rootkit"
    " exfiltration exfiltrated deserialization tampering reentrancy spoofing weakness botnet"
    " sandbox-escape intrusion forensic hijacking takeover malicious bypass leaked"
    " leak trojan keylogger",
    "sensitive": "credential secret password auth authentication authorization oauth jwt csp cors"
    " permission rbac acl iam encryption cryptography cryptographic crypto tls certificate"
    " signature hashing login sso saml mfa 2fa token security firewall hsm kms salt payment pii"
    " gdpr hipaa exposed exposure stolen compromised insecure secure session-fixation"
    " key-management"
    " access-control billing sanitization",
    "cosmetic": "typo color colour label wording spelling title comment rename caption text"
    " placeholder icon font padding tooltip",
    "reasons": "tradeoff trade-off rationale root-cause hypothesis implication consequence"
    " constraint assumption verdict counterargument edge-case failure-mode methodology"
    " uncertainty alternative disagreement evidence workstream",
    "prod": "production prod",
    "artefact": "architecture schema roadmap runbook strategy specification blueprint rfc"
    " proposal requirement diagram business-plan curriculum framework checkpoint milestone",
    "symptom": "bug error exception crash failure failing fails broken traceback typeerror"
    " syntaxerror valueerror runtimeerror keyerror segfault panic regression flaky stacktrace"
    " throws crashes timing-out stalls duplicate undefined",
}
TASK_NOUNS: dict[str, str] = {
    "explain": "explanation summary overview outline tutorial walkthrough",
    "compare": "comparison",
    "build": "implementation",
    "fix": "bugfix fix debugging",
    "change": "refactoring refactor migration optimization modernization rewrite",
    "design": "redesign runbook roadmap architecture blueprint",
    "analyse": "analysis evaluation assessment investigation critique audit review"
    " root-cause postmortem",
    "prove": "proof",
}
PHRASES: dict[str, str] = {
    "attack": "suspicious traffic|suspicious outbound|suspicious login|suspicious logins|"
    "suspicious requests|open redirect|replay attack|replay attacks|"
    "security issue|security issues|security flaw|security flaws|"
    "security hole|"
    "security holes|security risk|security risks|security incident|security audit|"
    "security review|threat model|penetration test|penetration testing|pen test|timing attack|"
    "timing attacks|buffer overflow|memory safety|remote code execution|code execution|"
    "brute force|data breach|supply chain attack|side channel|path traversal|hardcoded secrets|"
    "attack surface|denial of service|account takeover|man in the middle|broken access control",
    "sensitive": "credit card number|credit card numbers|card numbers|card data|"
    "customer data|personal data|access control|access controls|"
    "private key|private keys|api keys|api key|secrets management|key management|user data|"
    "publicly exposed|encryption at rest|at rest",
    "ours": "our|does this|in this|of this|this code|this function|this app|this module|"
    "this middleware|this service|"
    "this repo|this repository|this endpoint|this query|this file|this script|my code|my app|"
    "my api|my server|the code|the repo|the following code|these policies|this contract",
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
    "wants": "give me|provide|i need a|i need an|i need some|i want a|i want an|i want to|"
    "i would like|i'd like|how to|how can|how do|output|show me|is there a way|trying to",
    "resume": "continue|go on|go ahead|proceed|resume|keep going|carry on|do it|try again|"
    "next step|finish it|do the rest|still failing|still broken|still fails|same error",
    "steps": "after that|followed by|step 1|step 2|phase 1|after each|once done|and then|"
    "before you|after every|each phase",
    "autonomy": "autonomously|until it passes|until everything|until all|keep going|"
    "keep iterating|keep trying|without asking|on your own|end to end|end-to-end|do not stop|"
    "don't stop|everything is green|tests pass|all tests|by yourself|independently|"
    "as long as it takes|until green|until done|work through|loop until",
    "scope": "entire|whole|deep|deeply|every|each|all the|all of|across|codebase|code base|"
    "multiple|"
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
    "destroy": "drop table|wipe|truncate|force push|push --force|rm -rf|hard reset",
    "live": "production database|prod database|live database|production db|prod db|production data|"
    "live data|production cluster|production server|production servers|production environment",
}
# Other scripts: looked up as parts, for want of spaces between words or of fixed endings.
SUBSTRINGS: dict[str, str] = {
    "explain": "解释|解釋|说明|說明|总结|總結|介绍|讲清|"
    "説明|要約|설명|요약|اشرح|لخص|объясн|опиши|поясн"
    "|समझा|सारांश|הסבר",
    "lookup": "多少|是谁|什么时候|哪里|几点|首都|何時|誰|누구|언제|столиц|क्या है|ما هي|ما هو",
    "brief": "简短|簡短|简单|一句话|简洁|直接|簡潔|"
    "一言|한 문장|간단|بإيجاز|باختصار|кратко|коротко|संक्षेप",
    "compare": "比较|比較|对比|区别|取舍|优缺点|トレードオフ|비교|сравни|مقارن|قارن|तुलना|השווה",
    "analyse": "分析|评审|审查|審查|评估|根因|调查|对抗性|综合|"
    "分歧|诊断|検証|調査|評価|レビュー|분석|평가|검토"
    "|анализ|оцени|исследу|حلل|حلّل|تحليل|قيّم|विश्लेषण|मूल्यांकन|נתח",
    "reason": "逐步|推理|第一性原理|一步一步|多轮|段階的|"
    "推論|順を追って|단계별|추론|пошагов|рассужд|خطوة بخطوة"
    "|استدلال|चरण दर चरण|तर्क|שלב אחר שלב",
    "prove": "证明|證明|証明|증명|докаж|доказател|أثبت|اثبت|सिद्ध|הוכח",
    "design": "设计|設計|架构|架構|规划|"
    "アーキテクチャ|설계|아키텍처|архитектур|спроектир|разработай план"
    "|صمم|بنية|معمارية|डिज़ाइन|आर्किटेक्चर|תכנן",
    "build": "实现|實現|编写|開發|开发|写一个|実装|作成|"
    "구현|작성|реализ|напиши|اكتب|نفّذ|लिख|लागू|כתוב",
    "fix": "修复|修復|修掉|调试|纠正|修正|デバッグ|수정|디버그|исправ|отлад|أصلح|ठीक कर|תקן",
    "change": "重构|迁移|优化|升级|リファクタ|移行|"
    "최적화|리팩터|마이그레이션|рефактор|мигр|оптимиз|حسّن",
    "scope": "全面|整个|所有|详细|詳細|深入|多个|多区域|"
    "完整|包括的|전체|상세|подробн|глубок|весь|всех|शامل"
    "|مفصل|متعمق|गहन|विस्तृत",
    "deep": "分布式|分散|一致性|并发|微服务|共识|容错|"
    "复杂|複雑|マルチリージョン|분산|복잡|распредел|сложн"
    "|موزع|معقد|वितरित|जटिल",
    "tech": "代码|缓存|数据库|接口|服务|部署|线程|算法|キャッシュ|"
    "システム|コード|データ|캐시|코드|시스템|кэш|код|сервер"
    "|систем|نظام|كود|कैश|कोड|סיסטמ",
    "symptom": "异常|崩溃|报错|故障|事故|错误|bug|エラー|バグ|오류|ошибк|сбой|خطأ|त्रुटि",
    "check": "核实|验证|出处|来源|证据|検証|검증|провер|तحقق|सत्यापित",
    "security": "漏洞|凭据|密钥|攻击|注入|脆弱性|취약|уязвим|ثغرة|भेद्यता",
    "steps": "首先|然后|最后|分解|まず|次に|먼저|그다음|сначала|затем|أولا|ثم |पहले|फिर",
    "reasons": "取舍|根因|权衡|トレードオフ|원인|компромисс|причин|أسباب|سبب|कारण",
}
# Latin scripts other than English: the words of tasks, by language families seen most.
OTHER: dict[str, str] = {
    "explain": "explica explique explicar explícame expliquer résume résumer resume resumir resumen"
    " describe descreva descrivi décris décrire erkläre erklären beschreibe zusammenfassen spiega"
    " riassumi uitleg açıkla wyjaśnij förklara",
    "lookup": "capital cuál quién cuándo quel quelle quand wer wann welche hauptstadt chi quando",
    "brief": "brevemente brièvement breve breves kurz knapp brève bref directa directement sencillo"
    " sencilla einfach simplemente frase phrase satz frases concis conciso",
    "compare": "compara comparar comparer comparez vergleiche vergleichen confronta compromis"
    " kompromisse ventajas desventajas diferencia différence unterschied vantagens alternativas"
    " trade-offs",
    "analyse": "analiza analizar análisis analyse analysez analyser analysiere analysieren analise"
    " análise analizza analisi evalúa evaluar évalue évaluer bewerte bewerten avalie investiga"
    " investigar investigue enquêter untersuche untersuchen revisión revisa überprüfe sintetizar"
    " synthèse expertos experten experts desacuerdos désaccords",
    "reason": "razona razonar razonamiento raisonne raisonner raisonnement begründe begründen"
    " schrittweise ragiona raciocine étapes",
    "prove": "demuestra demostrar démontre démontrer beweise beweis preuve demonstre dimostra"
    " rigurosa rigoureuse",
    "design": "diseña diseñar conçois concevoir conception arquitectura arquitetura architektur"
    " entwirf entwerfen progetta projete planificar planifica planifier planen",
    "build": "implementa implementar implémente implémenter implementiere implementieren programa"
    " programmiere función fonction funktion escribe escreva écris schreibe scrivi erstelle"
    " erstellen produis haz faça",
    "fix": "corrige corriger corrija corregir repara behebe beheben depura débogue arregla"
    " correggi",
    "change": "refactoriza refactorise migra migrer migriere optimiza optimise optimiere migración"
    " migration",
    "deep": "distribuido distribué distribuée distribuida distribuído verteilt verteilten verteilte"
    " compleja complejo complexe complexo complexa komplex komplexe profundo profunda aprofundada"
    " approfondie gründliche gründlich latenzkritischen",
    "scope": "detallada detallado détaillée détaillé detalhada detaillierte ausführliche completa"
    " complète vollständige varias várias plusieurs mehrere gesamte todo todos tout toutes alle",
    "steps": "luego primero puis ensuite d'abord zuerst danach anschließend finalmente"
    " enfin depois",
    "check": "verifica verificar vérifie vérifier prüfe fuentes quellen sources evidencia preuves",
    "tech": "caché cache servidor serveur base-de-datos datenbank código sistema système",
    "reasons": "raíz racine ursache causa compromisos compromis hipótesis hypothèses",
    "symptom": "fallo panne fehler erreur falla",
}
# The same for phrases, several words each.
OTHER_PHRASES: dict[str, str] = {
    "reason": "paso a paso|passo a passo|étape par étape|schritt für schritt|primeros principios|"
    "premiers principes|passo dopo passo|rutas de razonamiento",
    "analyse": "causa raíz|causa raiz|cause racine",
}
NEGATORS = frozenset("not don't dont never no without avoid skip isn't doesn't cannot".split())
# A verb asks for its task only where a clause begins: after one of these, a mark, or an adverb.
LEADERS = frozenset(
    "and or then to please you me us we let's lets now also first finally next just help"
    " should must"
    " could would can will do kindly so ok okay hey hi hello need want go try either both"
    " instead again here by for with start begin consider about on needs".split()
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
