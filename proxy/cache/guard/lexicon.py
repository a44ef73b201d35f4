"""Words that mean the same, words that mean the reverse, and words that carry no meaning alone.

The groups are written by hand; what the development data lacked was added from its
even rows alone, and the odd ones measure it.
"""

from typing import Final

_SAME: Final = """
use utilize employ apply usage utilization; create make generate produce construct build form;
create establish; make render; get obtain acquire retrieve fetch; get receive; retrieve extract;
get find; provide offer furnish supply give; provide present; provide include; offer feature;
specify indicate designate define; specify determine; determine decide; determine define; specify
state; specify set; define describe; allow enable permit let facilitate; facilitate ease; able
capable; possible feasible; need require necessitate; necessary required essential; necessary
needed; require demand; want wish desire; want need; ask request; begin start commence; start
launch; end finish; end conclude; stop halt cease; purchase buy; remove delete eliminate;
eliminate erase; remove drop; show display exhibit; show demonstrate; demonstrate illustrate;
display present; see view; view look; big large; bigger larger; biggest largest; smaller tinier;
huge enormous massive gigantic; tiny minuscule; small little; quick fast rapid speedy swift;
quickly fast rapidly swiftly speedily; speed velocity; simple easy straightforward; easily simply
effortlessly; hard difficult tough; difficulty hardship; smart intelligent clever; brave
courageous; thankful grateful; happy joyful glad; happy cheerful; frightened scared afraid
fearful; angry mad furious; sad unhappy; rich wealthy; modest humble; cautious careful; wary
cautious; hopeful optimistic; evil wicked; vigilant watchful; religious devout; stupid dumb; lazy
idle; attractive beautiful pretty; ill sick; begin initiate; collection set; collection
compilation; group collection; multiple several various numerous many; various different diverse;
varied diverse; variety range; variety diversity; variety assortment; kind type sort; type
variety; kind variety; specific particular certain; specifically particularly; additional extra
further supplementary; more additional; additionally also furthermore moreover too; however
nevertheless nonetheless yet; therefore thus hence consequently; because since; due because;
information details info; detail information; knowledge information; data information; instruction
direction; instruction guidance guideline; guide tutorial guidance; guidance direction; help
assist aid; help assistance aid; support help; goal aim objective purpose intention; purpose
function; intended meant designed; method technique approach; method way; way manner; way means;
function method; parameter argument; option choice; option alternative; feature attribute; feature
characteristic; attribute property; property characteristic; value amount; number amount quantity;
total overall; entire whole complete full; entirely completely fully wholly totally; all every
each; all entire; part section portion; section segment; part piece; split divide partition; split
division partition; division section; separate distinct; separately individually; individual
single; unique distinct; new fresh; new novel; current present; currently presently now; existing
current; previous prior preceding earlier; previously before; following subsequent; following
next; afterwards subsequently then; later afterwards; once after; when once; when while; when if;
while during; during throughout; usually typically generally commonly normally; often frequently;
sometimes occasionally; rarely seldom; nearly almost; approximately roughly about around; about
regarding concerning; exactly precisely; correctly properly accurately; correct right accurate;
precise accurate exact; appropriate suitable proper; suitable fitting; relevant pertinent;
important crucial essential vital significant; important key; main primary principal chief; mainly
primarily chiefly mostly; basic fundamental; foundation base basis; useful helpful beneficial;
useful handy; benefit advantage; beneficial advantageous; problem issue; error mistake fault;
error issue; fix repair; fix solve resolve; solution answer; answer response reply; reply respond;
change modify alter; change adjust; modification change alteration; modify adjust; convert
transform change; convert turn; conversion transformation; transform turn; replace substitute;
swap exchange; switch change; move transfer; move shift; copy duplicate; copy replicate; reproduce
replicate; combine merge join; merge unite; combine unite; connect link; connection link; link
hyperlink; join unite; gather collect; store save keep; store hold; keep retain maintain; preserve
retain; save preserve; hold contain; contain include; contain have; include comprise encompass;
include incorporate; include cover; include involve; comprise consist; cover encompass;
incorporate integrate; have possess; own possess; load retrieve; load import; run execute; execute
perform; perform conduct; perform do; execution run; check verify; verify confirm; check examine;
check inspect; validate verify; ensure guarantee; ensure make; confirm ensure; test check; test
examine; test experiment; look search; search seek; find locate; find discover; discover identify;
identify recognize; recognize acknowledge; choose select pick; selection choice; choose opt;
decide choose; return yield; return give; return produce; return provide; generate yield; yield
produce; result outcome; result output; outcome consequence; compute calculate; calculation
computation; recompute recalculate; count number; compare contrast; comparison contrast; avoid
prevent; prevent stop; avoid evade; improve enhance; improve better; increase raise; increase
boost; enhance boost; speed accelerate; reduce decrease lessen; reduce lower; lower decrease;
minimize reduce; shorten abbreviate; handle manage; handle process; handle deal; manage control;
control regulate; management handling; process manipulate; process procedure; manipulate alter;
work operate; work function; operation procedure; operate function; task job; task assignment;
work job; learn discover; learn study; understand comprehend; understand grasp; know understand;
familiar acquainted; explain describe; explain clarify; explanation description; mention state;
mention reference; refer consult; reference refer; visit go; follow adhere; by via; through via;
over through; inside within; within in; outside beyond; like similar; similar comparable; same
identical; equal identical; equivalent equal; vs versus; example instance; example illustration;
sample example; instance case; case situation; scenario situation; situation circumstance; place
location; position location; locate situate; put place; insert put; list enumerate; list catalog;
listing catalog; name title; named called; call name; title heading; label tag; mark label; text
textual; vision visual; sound audio; image picture; photo photograph; picture photo; movie film;
car automobile; phone telephone; cellphone phone; doctor physician; lawyer attorney; kid child;
baby infant; folder directory; repository repo; documentation docs; document documentation;
document paper; docs manual; page webpage; website site; application app; program application;
software program; script program; command instruction; machine computer; disk disc; user people;
person individual; people individuals; people persons; customer client; community people; query
question; question inquiry; query inquiry; topic subject; matter subject; content material;
material resource; tool utility; tool instrument; numeric numerical; optional discretionary;
mandatory compulsory obligatory; default standard; standard normal; ordinary normal; usual normal;
common typical; popular common; frequent common; available accessible; accessible reachable;
available provided; exist available; visible viewable; free complimentary; safe secure; safely
securely; dangerous hazardous; risky dangerous; risk danger; threat danger; allowed permitted;
permission authorization; forbidden prohibited; ban prohibit; forbid prohibit; limit restrict;
limitation restriction; constraint limitation; restriction limit; share distribute; publish
release; post publish; upload post; sign register; register enroll; join enroll; collaborate
cooperate; collaborate work; team group; meeting gathering; clean tidy; clean cleanse; organize
arrange; arrange order; organize categorize; classify categorize; category class; sort order; rank
order; structure schema; structure format; structure arrangement; layout arrangement; format
layout; shape form; design plan; plan intend; intend aim; idea concept; concept notion; idea
notion; thought idea; opinion view; believe think; think consider; consider regard; considered
deemed; treat consider; seem appear; appear emerge; happen occur; occur arise; cause lead; cause
reason; reason why; trigger cause; trigger initiate; invoke call; raise throw; pass provide; pass
supply; passing providing; input enter; enter type; type write; write compose; write author;
author writer; read peruse; speak talk; talk chat; tell inform; notify inform; tell say; teach
educate; teacher instructor; student pupil; school academy; job occupation; profession occupation;
career profession; salary wage; pay compensate; price cost; cost expense; cheap inexpensive;
expensive costly; money cash; firm company; business company; corporation company; boss manager;
employee worker; house home; flat apartment; street road; city town; country nation; nation state;
world globe; global worldwide; earth world; area region; region zone; border boundary; journey
trip; travel journey; trip voyage; holiday vacation; aircraft airplane; sluggish slow; calm
peaceful; silent quiet; loud noisy; strange odd weird; weird unusual; rare uncommon; amazing
incredible; great excellent; excellent outstanding; wonderful great; perfect ideal; ideal best;
optimal best; bad poor; terrible awful; horrible terrible; broken damaged; damage harm; harm hurt;
hurt injure; injury wound; kill slay; die perish; dead deceased; alive living; food meal; sickness
illness; disease illness; cure remedy; medicine medication; drug medication; treatment therapy;
obese overweight; slim thin; weight mass; ancient old; old elderly; young youthful; modern
contemporary; recent latest; newest latest; immediately instantly; instant immediate; soon
shortly; eventually ultimately; finally lastly; initial first; initially first; final last; last
ultimate; permit authorize; agree consent; refuse decline; reject decline; accept approve; admit
acknowledge; deny refute; try attempt; attempt effort; succeed manage; achieve accomplish;
accomplish complete; achieve attain; reach attain; obtain gain; gain acquire; earn gain; lose
forfeit; hide conceal; reveal disclose; expose reveal; protect guard; protect safeguard; defend
protect; attack assault; destroy demolish; ruin destroy; burn ignite; throw toss; hit strike; push
press; press click; click select; pull drag; lift raise; carry transport; transport convey; send
transmit; send dispatch; submit send; deliver bring; download fetch; install setup; setup
installation; configure setup; configuration setting; configure set; setting option; preference
setting; adapt adjust; customize personalize; customize tailor; tailor adapt; develop create;
develop build; develop evolve; programmer developer; coder programmer; code program; bug defect;
debug troubleshoot; troubleshoot diagnose; monitor track; watch monitor; observe watch; notice
observe; track trace; measure gauge; estimate approximate; assess evaluate; evaluate appraise;
evaluation assessment; assessment appraisal; review examine; analyze examine; investigate examine;
study examine; inspect examine; explore investigate; discuss talk; mention cite; quote cite;
summarize recap; summary overview; outline summarize; brief short; concise brief; lengthy long;
extend expand; expand enlarge; extend lengthen; augmented enhanced; wrap group; iterate cycle;
iterate loop; traverse iterate; shuffle randomize; random arbitrary; randomly arbitrarily; stream
streaming; cache caching; index indexing; preprocess preprocessing; resample resampling; filename
name; sufficient enough; adequate sufficient; lack absence; empty blank; null none; contents
content; inclusion addition; integration incorporation; deep strong; tie connection; relationship
relation; relation connection; corresponding matching; match correspond; respective corresponding;
associated related; related connected; linked connected; affect influence; impact affect;
influence impact; effect impact; effect influence; depend rely; reliable dependable; trust rely;
responsible accountable; remain stay; unchanged unaltered; constant unchanged; fixed constant;
edit modify; update modify; update refresh; renew refresh; restore recover; retrieve recover;
reset restore; resume continue; proceed continue; continue keep; continue persist; persist remain;
suggest recommend; advise recommend; recommend propose; suggestion recommendation; advice
recommendation; advice guidance; tip advice; cutting-edge state-of-the-art; leading-edge
cutting-edge; advanced cutting-edge; platform system; serve act; act function; role function; host
house; reside live; dwell live; inhabit live; originate come; derive obtain; dim faint; bright
luminous; difference distinction; differ vary; distinguish differentiate; differentiate discern;
purchase acquire; spouse partner; mom mother; mum mother; dad father; begin embark; autumn fall;
soccer football; truck lorry; petrol gasoline; gas gasoline; elevator lift; garbage trash; rubbish
trash; bicycle bike; tv television; ad advertisement; exam examination; lab laboratory; maths
mathematics; math mathematics; uk britain; usa america; find access; provided specified; provided
given; given specified; given supplied; information guidance; provide contain; follow refer;
following link; contain exist; cast convert; cast transform; set assign; set establish; set
define; value setting; support compatible; support accommodate; support handle; select retrieve;
add insert; add incorporate; add append; drop eliminate; drop discard; extract unpack; install
get; represent embody; represent depict; represent denote; size dimension; size length; special
specific; independently individually; standardized consistent; standardized uniform; distribute
disseminate; simple uncomplicated; launch initiate; union combination; combine amalgamate;
concatenate combine; concatenate join; chunk segment; chunk piece; wide broad; wide extensive;
manage oversee; management administration; suppress silence; revise update; remote external;
instead rather; switch transition; deprecated discontinued; align match; library package;
framework library; path location; label designation; optimal maximum; parallelize speed; speed
expedite; augment increase; inherit derive; mean signify; mean imply; mean indicate; learn
acquire; learn gain; learn understand; next further; next subsequent; iterate go; known called;
known named; known familiar; know aware; equal same; shape dimension; download obtain; import
obtain; load obtain; load get; load access; dataset data; creator author; devoted dedicated;
outline describe; outline delineate; community individuals; automatic automated; automatically
autonomously; flexible adaptable; flexibility adaptability; efficient effective; efficiently
effectively; powerful potent; capability ability; capable possible; ability capacity; compile
assemble; create assemble; create devise; create author; contain store; contain house; wrapper
container; list specify; list outline; mention outline; mentioned indicated; mentioned described;
mentioned specified; mentioned stated; describe present; demonstrate exemplify; indicate show;
indicate signify; indicate denote; indicate state; receive accept; accept take; take receive; take
require; take consume; consume use; require involve; entail involve; respond react; operate run;
employ run; read interpret; interpret parse; parse analyze; save write; export save; dump write;
serialize dump; sequence series; succession sequence; sequence order; list array; pair tuple;
entry item; item element; element component; component part; component piece; record entry; row
record; content substance; feature functionality; functionality capability; feature capability;
easier simpler; easiest simplest; greatest largest; quicker faster; better improved; higher
greater; greater larger; more greater; fewer less; tidy orderly; order orderliness; avoid avert;
conflict clash; advise suggest; recommended advised; recommended suggested; recommended advisable;
helpful advantageous; execute carry; perform carry; disable deactivate; enable activate;
unsuccessful failed; fail unsuccessful; warn alert; warning alert; notice alert; raise issue;
issue emit; assist support; supported backed; built constructed; written composed; written
authored; based founded; based built; consecutive successive; simultaneously concurrently;
concurrent simultaneous; parallel simultaneously; adjacent neighboring; nearby close; ask pose;
ask query; grow expand; grow increase; shrink decrease; price charge; fee charge; fee cost;
illegal unlawful; legal lawful; permission consent; rule regulation; law legislation; policy rule;
mad insane; crazy insane; clever bright; quickly rapid; identify distinguish; get gain; main
major; tap click; discussion conversation; progressively gradually; contain consist; craft create;
extend extension; potential possible; eager ready; state declare; ignore bypass; achieve reach;
usual standard; usually standard; difficulty issue; difficulty problem; per each; unique
distinctive; distinct distinctive; detailed thorough; thorough comprehensive; complete
comprehensive; portion slice; optimize maximize; complex intricate; complex complicated;
complicated intricate; activity task; fit compatible; location destination; citation reference;
solve tackle; tackle address; address solve; architecture structure; start initiation; individual
everyone; associate link; practical useful; mode setting; method procedure; explore dive; provider
service; merely just; just only; huge large; behavior conduct; diverse distinct; different
distinct; different separate; meaning sense; hint tip; guide manual; outline cover; explain
outline; designed created; initially originally; origin source; kept stored; preserved stored;
enclosed contained; discard remove; omit skip; omit exclude; skip bypass; cut trim; attach append;
attach add; tied linked; bound tied; capture record; yielded returned; issued raised; emitted
raised; terminate end; terminate stop; terminated ended; finish complete; done finished; done
achieved; ready prepared; prepare ready
"""

# Left out of _SAME although people swap them: what differs may be what was asked.
_REVERSE: Final = """
enable disable;activate deactivate;add remove;add subtract;add delete;before after;min max
minimum maximum;minimize maximize;increase decrease;increase reduce;raise lower;open close
start stop;begin end;first last;left right;up down;in out;on off
more less;more fewer;most least;best worst
better worse;good bad;high low;higher lower;highest lowest;big small;bigger smaller;large small
larger smaller;largest smallest;fast slow;faster slower;early late;earlier later;old new;old young
older newer;older younger;hot cold;hotter colder;push pull;buy sell;lend borrow;import export
upload download;install uninstall;lock unlock;encode decode;encrypt decrypt;compress decompress
serialize deserialize;mount unmount;subscribe unsubscribe;link unlink;do undo;redo undo;show hide
insert delete;create destroy;create delete;build destroy;public private;ascending descending
advantage disadvantage;benefit drawback;pro con;allow forbid;allow deny;allow prevent;accept reject
include exclude;inside outside;internal external;input output;read write;send receive;give take
with without;for against;above below;over under;always never;all none;some none;same different
true false;right wrong;correct incorrect;possible impossible;able unable;legal illegal;safe unsafe
safe dangerous;visible invisible;valid invalid;active inactive;active passive;positive negative
love hate;like dislike;win lose;gain lose;find lose;succeed fail;success failure;pass fail
arrive depart;enter leave;enter exit;come go;push pop;attach detach;connect disconnect;join leave
join split;merge split;expand collapse;expand shrink;grow shrink;zoom shrink;upgrade downgrade
promote demote;strong weak;stronger weaker;heavy light;heavier lighter;long short;longer shorter
wide narrow;thick thin;deep shallow;rich poor;cheap expensive;cheaper pricier;easy hard
easy difficult;simple complex;clean dirty;full empty;dry wet;alive dead;awake asleep;day night
male female;man woman;husband wife;father mother;son daughter;brother sister;king queen;he she
ancestor descendant;parent child;teacher student;client server;employer employee;question answer
cause cure;cause effect;front back;forward backward;top bottom;horizontal vertical;row column
north south;east west;major minor;majority minority;optional required;optional mandatory
sync async;synchronous asynchronous;static dynamic;mutable immutable;global local;online offline
manual automatic;manually automatically;temporary permanent;ancient modern;past future
previous next;preceding following;lower upper;uppercase lowercase;even odd;inner outer
hopeful hopeless;optimistic pessimistic;brave fearful;brave cautious;courageous fearful
humble proud;defensive offensive;dependent independent;lazy active;smart stupid;happy sad
thankful ungrateful;religious secular;careful careless;useful useless;dangerous harmless
innocent guilty;sweet sour;polite rude;friend enemy;ally enemy;war peace;birth death;attack defend
"""

# What a question may lose without asking anything else.
OPTIONAL: Final = frozenset(
    """
please really actually truly indeed exactly basically simply just kindly maybe perhaps somehow
literally honestly currently properly successfully generally specifically easily eg ie etc
in-fact precisely definitely certainly
""".split()
)

# Labels that may stand beside a name that says the same alone: the `hash` parameter, `hash`.
LABELS: Final = frozenset(
    """
parameter argument function method class option attribute column format command library package
module page link named called name titled known keyword flag variable type field file object
""".split()
)

# Words that statements use to lead to a verb and that add nothing to it.
LIGHT: Final = frozenset(
    """
use utilize utilization usage employ employment apply allow enable permit let facilitate help assist
serve design intend possible able ability capability capable way means order purpose make provide
offer furnish want wish desire need want given particular certain specific act perform carry achieve
accomplish do involve take have also additionally additional other order sure contain include exist
consist base know call name refer follow get find set know see go come come available information
user need require necessary happen remain form type single devote
""".split()
)

SYMMETRIC: Final = frozenset(
    """
marry married relate related friend friends date dating close connected connect similar different
difference equal identical same between compare comparison compatible adjacent near next engaged
meet parallel perpendicular neighbor sibling cousin twin synonym distance
""".split()
)


def _groups(text: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(text.split(";")):
        for word in line.split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _pairs(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split()) for pair in text.replace("\n", ";").split(";") if pair)


GROUPS: Final = _groups(_SAME)
REVERSED: Final = _pairs(_REVERSE)
