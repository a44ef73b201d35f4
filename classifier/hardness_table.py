"""Stems and what they add to a question's hardness, in thousandths; a fit made it."""

TABLE = """
#:1107 $:-2230 %:-529 =:302 ability:-80 able:-169 abnorma:-102 about:57 above:565 accept:-86
accepta:-108 access:-225 acciden:-92 accordi:1137 account:-288 accurat:-83 achieve:132 acid:440
acids:85 acknowl:79 acquire:-152 acre:126 acres:123 across:-150 act:148 acting:80 action:175
activit:-448 acts:-135 actual:180 adam:-81 adaptat:105 add:-146 added:44 adding:434 additio:44
adds:152 admissi:91 admitte:77 adult:171 adults:256 advance:-123 affecte:144 afford:88 african:-191
after:-1533 afterno:-225 again:142 against:-41 age:360 aged:-115 agency:-186 ages:157 ago:408
agreed:111 agreeme:159 air:300 all:1298 alleged:176 allocat:-192 allowan:-118 alone:128 along:349
alpha:164 already:431 also:633 alterna:214 althoug:80 altoget:-325 always:-134 amendme:-75
amino:112 among:377 amount:-169 amplitu:99 amy:142 analysi:99 ancient:-122 and:3449 angle:95
animal:104 animals:-135 another:44 answer:-1497 answere:-135 answers:238 anthony:116 anxiety:110
any:1085 apart:133 apartme:163 apiece:-196 appeal:97 appear:119 appeare:248 appears:104 apple:-456
apply:-86 approac:-114 approva:119 approxi:168 are:1302 area:94 areas:183 argues:101 arguing:-82
argumen:-120 army:136 around:-64 arrange:382 array:141 arreste:-48 art:223 ashley:100 asked:-69
asking:113 asks:158 aspects:-157 assault:-148 assembl:116 assessm:-129 assigne:66 assista:173
associa:166 assume:223 assumin:106 astrono:175 ate:34 athlete:-116 atom:92 atomic:155 atoms:243
attachm:90 attack:-116 attempt:-209 attorne:52 attract:251 auditor:307 austral:-104 automat:-213
automob:-105 availab:-143 average:454 avoid:83 awarded:118 away:81 babies:87 back:-135 backyar:-309
bad:172 bag:88 bags:-315 baked:-152 bakery:293 bakes:-96 balance:68 ball:209 balloon:-342
bananas:-109 bank:-141 bar:67 bars:-92 base:105 basebal:171 based:-700 basis:-284 basket:-166
basketb:199 batch:-146 battery:-68 beach:395 beans:148 became:73 because:252 become:-434
becomes:169 bed:-159 beef:-189 been:109 beer:112 before:181 began:138 beginni:121 begins:402
behavio:-185 behind:134 being:114 believe:-160 below:228 ben:-188 benefit:62 best:106 better:159
between:691 big:-52 bike:-89 bill:-86 billy:239 binding:119 bird:206 birthda:-57 black:72 blue:-381
boat:88 bob:200 body:331 bone:206 book:249 books:-68 boots:189 born:186 both:760 bottle:212
bottom:-110 bought:253 bouquet:332 bowl:-235 box:-97 boxed:-1284 boxes:67 boy:203 boyfrie:182
boys:-304 breach:-99 break:87 breakdo:100 bring:-64 brings:-138 brother:334 brought:-207 brown:-118
bubble:-128 buff:137 build:-101 buildin:88 built:119 burn:-147 bus:153 busy:-149 but:599 buy:1088
buyer:-78 buying:-198 buys:-385 cake:-127 calcula:-139 call:-141 called:-87 calling:95 calls:-297
calorie:-240 came:-166 campaig:163 can:266 cancer:117 candida:-185 candle:-98 candy:-149 cannot:106
cap:-138 capital:-106 car:-195 carbon:110 card:-568 cards:282 care:-201 careful:-1229 carl:-215
carlos:156 carnati:99 carried:-183 carrots:-233 carry:-292 carryin:-157 cars:-323 case:298
cases:-63 cashier:-96 cat:66 categor:-175 cause:334 caused:-223 causes:-53 cell:-104 cells:394
centime:109 central:87 cents:-286 century:-73 certain:-388 chair:-107 challen:-126 change:-353
changes:-151 charact:1344 charge:422 charged:-573 charges:240 charlie:-313 check:-492 cheese:-156
chemica:78 chest:139 chew:-171 chicken:-261 chief:-91 child:61 childre:-490 chocola:-93 choice:71
choosin:95 christm:144 cigaret:-145 cindy:-219 circums:49 cities:-115 city:-86 civil:-59
civiliz:-123 claim:109 claims:-70 class:303 classes:223 classro:-263 clause:-151 clean:134
cleanin:-133 clearly:1336 client:67 clients:89 closer:117 clothes:175 clue:679 coach:-123 code:159
coeffic:-157 coffee:173 cogniti:-116 coins:-171 collect:461 color:408 colored:179 combina:-125
combine:-38 comes:-82 comfort:184 command:-66 commiss:-71 committ:110 common:-106 commonl:-99
company:-416 compare:82 compari:-160 compens:90 competi:53 complet:209 complex:233 composi:238
compoun:613 compute:407 concent:143 concept:-67 concert:208 conclus:-135 concurr:138 conditi:53
conduct:-99 confirm:-89 congres:81 connect:218 consent:62 conside:206 consist:91 constan:54
constit:-180 constru:73 consult:87 consume:-335 contact:107 contain:143 contest:162 conting:204
continu:-233 contrac:152 contrib:130 control:44 convert:-372 conveya:129 conveye:200 convict:-54
convinc:-125 cook:-223 cookie:-194 cookies:-436 coordin:-162 corpora:-101 correct:122 corresp:125
cost:-180 could:198 council:-87 counsel:-104 counted:-185 counter:-134 country:229 counts:143
course:108 court:-73 cover:-406 cows:-487 cream:-63 create:-334 created:242 creates:201
creatio:-238 credit:-220 cricket:118 crime:-132 crimina:142 crisis:-107 critica:-223 crown:124
cubic:-210 cup:-125 cupcake:139 cups:89 currenc:-114 current:-84 curve:-107 custome:-116 dad:319
daffodi:168 daily:-163 damages:124 dance:163 dark:100 data:239 date:-102 daughte:77 david:-301
day:-982 days:-272 dead:122 death:286 debt:315 decide:-149 decided:640 decides:542 declara:75
declare:-82 decorat:-165 decreas:344 deed:118 def:-441 defenda:-152 defense:-344 defined:-70
deliver:-520 demand:127 demonst:99 denied:64 density:255 derived:231 describ:332 descrip:94
design:-197 desired:93 destroy:165 detecte:127 determi:-168 develop:-291 deviati:-92 device:116
diagnos:53 did:475 didn:60 died:69 diet:236 differe:889 dig:-70 digits:118 dimensi:-83 dimes:-122
dimethy:342 dinner:-307 directi:123 directl:636 disclos:101 discoun:-240 discove:234 disease:-47
disorde:174 distanc:-130 distinc:136 distrib:180 divide:178 divided:142 dna:146 doctor:-232
doctrin:-71 documen:-98 does:-138 doesn:335 dollar:-127 dollars:-279 domesti:-77 dominat:-96
done:-55 door:105 double:-63 doubled:-104 down:138 dozen:74 dozens:-140 drawing:-172 drawn:-161
drill:-88 drink:133 drinker:118 drinkin:-87 driver:-243 drives:69 driving:-188 drop:-175
dropped:-139 drops:199 drug:136 due:220 duly:135 during:632 each:557 early:-236 earn:-493
earned:217 earns:-334 east:-56 easter:-132 eastern:-223 easy:172 eat:-332 eating:315 eats:-349
economi:-94 edge:-294 educati:-296 effects:-120 efficie:-86 egg:-397 eggs:-565 eight:-106
either:135 electri:196 electro:351 element:-402 elimina:134 else:177 emergen:168 empire:98
empiric:-98 employe:-189 empty:-208 end:115 ended:-249 enforce:-44 engage:-177 enginee:150
england:291 english:127 enough:-49 ensure:88 entered:166 enthusi:356 entire:141 entitle:-106
entity:111 environ:-40 equal:163 equally:70 equatio:-343 equilib:-92 equipme:-106 equity:-104
equival:81 era:-107 error:187 essenti:-162 establi:-189 estate:55 estimat:-256 etc:-124 europea:73
evaluat:85 even:154 evening:-73 evenly:-137 event:-136 events:137 ever:152 every:-468 everyon:427
everyth:54 evidenc:-331 evoluti:-119 exactly:-130 exam:98 examina:-74 example:364 except:-103
excess:121 exchang:-152 exclude:-151 exclusi:75 execute:209 exercis:93 exhibit:185 exist:73
existin:101 exists:-90 expect:259 expecte:235 expense:-58 experie:-228 experim:410 explana:128
exposed:96 express:81 extende:114 extensi:-74 extra:-394 extract:-179 extreme:77 face:-135
facilit:143 factor:209 factors:-131 failure:87 fair:-91 fall:-107 falling:72 falls:-70 false:38
family:428 famous:173 fanatic:145 fantasy:326 far:-49 farm:-533 farmer:-513 farther:-158 fast:-75
faster:-188 father:87 favorit:81 feature:280 federal:223 feed:-201 feedbac:106 feeds:-116
feeling:73 feels:177 feet:-182 fell:-114 female:203 females:229 fence:-123 fewer:-182 fiction:145
field:-162 fifth:267 fight:-129 fill:219 filled:94 film:-77 final:-1009 finally:-236 financi:87
find:289 finding:70 finds:-100 fire:-129 firm:134 firms:114 first:1565 fish:-89 fit:98 five:-399
fix:120 fixed:147 flies:152 flock:-158 flowers:176 fly:130 follow:121 followe:279 followi:975
food:109 foods:81 foot:-69 footbal:-72 for:396 force:79 forces:175 forest:-182 form:-343
formal:-113 formed:213 former:-138 formula:292 forth:96 found:453 foundat:-101 four:-268
fourtee:-100 fourth:834 foyer:253 frac:-107 france:294 frederi:-99 freedom:-67 french:-89
frequen:264 fresh:-121 friday:306 fried:238 friend:173 friends:-411 frisbee:-168 from:-131
front:-107 fruit:438 fry:-141 full:-231 fully:-171 functio:-1094 fundame:80 further:-148 gain:169
gallon:-288 gallons:-229 game:-172 gameboy:160 games:257 garden:-228 garment:-159 gases:114
gather:185 gatheri:115 gave:133 gdp:-191 gear:-241 general:270 generat:-88 genetic:-206 geograp:98
german:-237 germany:102 get:493 gets:34 getting:172 gift:-162 gifts:99 girl:-370 girlfri:76
girls:-282 give:-245 given:373 gives:-78 glass:-171 glasses:-88 glucose:-68 goals:81 god:-57
goes:-138 going:66 gold:86 golfer:112 good:485 goods:-215 got:154 governm:-46 grade:181 grams:113
grandma:-308 grant:90 grantor:118 grape:-139 great:55 greates:-153 green:-69 greg:-122 grocery:-212
groom:-199 ground:198 grounds:-204 group:-186 groups:243 grow:198 grown:108 growth:-113 guarant:354
guest:116 guests:-196 guilty:-113 guitar:-152 gum:-148 gun:-114 gym:-152 had:1776 hair:197 half:311
hand:53 hard:80 harvest:-178 has:2196 have:844 having:-227 hay:-286 head:-104 health:-79
hearing:109 heart:233 heat:171 heels:237 height:-283 heir:-129 heirs:229 held:63 help:110
helped:284 her:825 here:155 herself:158 hidden:199 hierarc:78 high:608 higher:250 highest:83
highly:-73 highway:-122 him:-185 hired:126 hires:-244 his:412 histori:-104 history:112 hit:176
hold:-117 holding:-176 holds:310 hole:-172 holes:136 home:199 horizon:-172 hormone:98 horse:-363
horses:117 hospita:120 hot:267 hour:-233 hours:-749 house:1115 househo:129 houses:793 how:-3226
however:167 hunt:-230 husband:127 hydroge:146 ice:-367 idea:77 ideas:-76 identic:61 identif:323
identit:-113 ill:-105 immedia:335 immunit:-95 impact:154 import:207 importa:79 impose:144
imprope:-228 improve:120 inch:84 inches:-251 include:-314 includi:-69 income:76 increas:-181
indepen:451 indicat:486 indirec:107 individ:-592 industr:-48 inelast:119 infant:-91 informa:-316
ingredi:-225 inhabit:-97 inheren:-100 inhibit:175 initial:223 initiat:86 injured:137 injurie:76
injury:114 insects:-139 inside:-72 inspect:-77 install:179 instead:82 institu:-105 instruc:95
instrum:368 int:-142 integer:309 intelli:-261 intende:54 intensi:118 intent:99 interac:247
interes:-190 interna:601 interst:-94 interva:162 intervi:-116 into:-626 investi:-187 investm:-187
iron:-153 irrelev:-93 island:229 islands:-97 isotope:-99 issue:-92 issues:-176 item:-363 items:98
its:427 jackson:301 james:-66 jane:-149 jars:-200 jean:311 jelly:294 jenny:-129 jerry:-112
jewels:236 jim:384 job:375 joe:94 john:168 jones:-108 josh:97 journal:-131 juice:-149 july:-246
jump:-125 jumped:154 jurisdi:69 just:542 justice:-83 justifi:-65 keep:-107 keeper:127 keeps:178
kelly:-109 kept:372 kids:148 kill:126 killing:-75 kim:157 kind:612 kinds:-457 king:234 kingdom:65
kitchen:-106 kiwis:165 knife:181 know:419 knowing:-152 knowled:141 known:-49 labor:119 laid:-101
lake:180 land:-192 languag:-83 large:297 larger:112 largest:-249 last:847 later:110 laundry:-181
laws:53 lead:-92 learnin:169 lease:89 least:56 leave:94 leaves:80 leaving:-97 led:149 left:899
leg:-135 legal:208 legisla:-88 length:-666 less:423 letters:-103 level:207 levels:147 liabili:151
liberat:111 life:-186 light:267 lights:211 like:343 likely:-29 likes:317 lilies:237 limited:-188
line:-306 lines:-138 liquid:83 list:-859 liters:120 little:228 live:553 lived:-175 lives:777
living:760 load:158 loafers:192 loan:243 local:-135 located:225 log:-99 lollipo:-136 long:-179
loose:-191 lose:-180 loses:-110 losing:-168 loss:141 lost:227 lot:134 lover:380 loves:351 low:174
lower:383 loyalty:-153 lumber:-96 lunch:-475 machine:-236 made:-259 magneti:292 main:1298 major:138
make:433 makes:-245 makeup:214 making:-140 male:-103 males:267 mall:123 man:-280 managem:-90
mangos:95 manual:-134 manufac:-76 many:-999 marbles:-118 march:80 margina:98 mark:132 market:226
marketi:-239 married:-131 mary:-101 mass:58 match:126 materia:83 matrix:121 matter:-99 max:-180
may:53 mean:219 means:64 measure:204 meat:-213 mechani:112 media:-256 medicin:195 medium:91
melanie:-116 member:166 members:157 memory:149 mental:331 mention:391 merchan:-193 message:-210
metal:81 meter:264 meters:-86 method:-77 middle:-143 might:122 mile:-92 milk:129 million:-233
mind:78 mini:-102 minimum:94 minor:150 minus:-121 minute:53 miss:-91 missing:180 model:-73
models:175 molecul:363 mom:131 moment:86 monday:110 monetar:100 money:-499 monitor:103 month:-312
months:-170 moon:-202 moral:1167 moralit:-95 morally:1085 more:538 morning:-348 mortgag:142
most:-114 mother:-398 move:368 moved:200 movemen:77 moves:-102 movie:108 moving:139 mph:-155
mrs:-78 much:-2086 muffins:-183 multipl:230 muscles:203 music:139 musical:248 must:-75 mystery:372
name:383 named:97 nation:205 native:110 natural:-87 near:158 nearest:-234 need:-1226 needed:246
needs:-383 negativ:113 neighbo:342 net:-249 network:261 never:46 new:-362 newly:104 news:149
newspap:-183 next:844 ninetee:-113 noise:116 non:151 none:99 normal:305 north:115 not:1202 note:155
noteboo:123 nothing:339 notice:176 notices:173 now:913 number:1259 numbere:661 numbers:-583
numerou:-118 object:-219 objecti:-72 obligat:-64 obtain:363 obtaine:105 occupie:192 odd:-116
off:159 offer:-91 offerin:85 offers:-90 office:-327 officer:-92 offspri:130 often:90 oil:-62
old:1367 older:319 once:-42 one:974 ones:-253 only:233 onto:-99 open:297 operate:112 operati:336
operato:-96 opinion:87 opportu:-71 opposit:-144 options:144 orange:-337 orbit:113 orbital:175
order:304 ordered:-223 orders:-345 ordinar:1203 organic:218 organis:-170 organiz:95 origina:50
other:172 others:144 otherwi:243 ounces:-69 our:-262 out:-32 outcome:-65 output:161 outside:83
over:-673 overall:130 own:63 owned:61 owner:246 owners:207 ownersh:-72 owns:72 oxygen:-90 pack:-335
packs:-340 paid:32 paint:-147 painted:336 pair:406 pairs:-106 pan:-276 paper:-147 paralle:125
paramet:210 parent:-99 parents:156 part:427 partial:145 partici:-198 particl:263 parties:283
partner:84 party:340 pass:-110 passage:-124 passeng:134 past:-689 path:154 patient:228 pay:-918
paying:-165 payment:-182 peace:-72 peaches:-103 pen:-205 pencil:-270 pencils:-354 pennies:-369
pens:-226 people:442 per:-518 percent:-424 percuss:138 perform:156 period:-65 permiss:-112
permitt:203 perpetu:149 person:951 persona:-67 persons:-58 peter:206 pets:110 phase:140 phenoty:143
philoso:-93 physica:-245 physici:-48 pick:-257 picked:-145 picks:-68 pie:-267 piece:-282
pieces:-129 pies:-93 pile:-168 pink:-357 pins:179 pizza:481 pizzas:-145 place:106 placed:121
plan:95 plane:204 planet:209 planned:391 plannin:-56 plans:66 plant:99 plantin:162 plants:319
plasma:-80 plastic:249 plate:-118 play:290 played:-168 player:233 players:-191 playing:-97
plays:365 pleasur:-89 pocket:-115 point:-382 points:94 pole:129 policy:-132 politic:-212 pool:-149
pop:-151 populat:-143 portion:-104 positio:-310 positiv:54 possess:-129 possibl:301 post:130
pot:-402 potatoe:164 potenti:65 pound:-438 pounds:-497 poverty:-71 power:338 practic:92 prefer:92
prejudi:-91 premise:91 prepare:123 prepari:201 presenc:78 present:-182 preside:76 pressur:42
prevail:205 prevent:-157 previou:-184 price:-559 prices:58 primary:81 prime:-182 prior:98
priorit:87 privacy:76 pro:-97 probabi:148 probabl:101 proceed:233 process:83 produce:261
product:475 profess:170 profit:476 profits:-178 program:75 prohibi:-66 project:88 promote:128
promoti:-197 propert:380 proport:70 prosecu:-212 protect:-340 protein:428 protest:-85 prove:70
provide:77 psychol:167 public:134 pulled:63 pulse:66 pump:99 punch:-167 purchas:-578 pure:-232
purpose:-149 put:-1392 puts:-100 putting:-105 puzzle:-133 qualifi:94 quantit:-133 quarter:318
questio:311 race:-152 radio:158 radius:92 rain:-123 raise:78 raised:188 ran:284 random:-78
range:113 rare:77 rate:-192 rather:312 ratio:411 rationa:92 ray:106 reach:207 reaches:99
reactio:707 read:248 reader:371 reading:102 reads:104 real:105 really:-143 reason:-168 reasona:-126
receive:-260 receivi:120 recentl:181 recipe:-327 recogni:-176 recorde:338 records:-56 rectang:119
red:76 referen:150 refers:-192 refused:163 regard:64 regardi:-220 regardl:-95 regex:-230 region:136
registe:92 regress:-104 regular:-115 regulat:-115 related:151 relatio:297 relativ:77 release:-399
relevan:-164 religio:-272 remaine:74 remaini:691 remains:-113 remembe:-128 remove:-73 removed:194
removes:163 rent:-291 repairs:141 repeate:-92 replace:152 replaci:179 reporte:-248 reports:-130
represe:-132 reprodu:189 require:-188 requiri:90 researc:352 reserve:61 residen:119 resista:259
resourc:-126 respect:-61 respond:-122 respons:118 rest:489 restric:128 result:170 resulti:156
results:229 retriev:100 return:-449 returne:-350 reveale:-125 revenue:190 rice:180 richard:404
ride:-254 right:822 rights:-117 ring:182 rises:-134 risk:-211 river:-190 road:-73 robert:237
rock:-127 role:-242 rolls:-368 romance:154 roof:-186 room:333 rooms:93 root:189 rose:219 roses:-107
round:-265 row:1024 rows:172 rule:141 ruled:109 rules:-63 running:401 runs:-151 safety:-137 said:81
salarie:-97 salary:-163 sale:-61 sales:-135 sally:120 same:423 sand:-158 sandals:172 sandwic:-315
sarah:102 satisfa:304 save:-306 saved:101 saves:97 savings:-70 saw:160 says:96 scenari:1433
schedul:138 scholar:102 school:-57 science:309 score:72 scored:121 scores:-97 sea:-78 search:-270
seat:-149 seats:130 second:1323 seconds:-161 section:184 see:39 seeing:-87 seeking:194 seem:119
sees:81 self:-96 sell:119 selling:58 sells:-372 send:124 sense:-99 sent:-83 sentenc:-70
separat:-273 sequenc:118 series:230 serum:85 serve:-235 served:-250 serves:-159 service:-315
serving:-187 session:-89 set:710 sets:253 seven:123 several:50 shake:-173 shall:295 shaped:-145
share:450 shared:-180 she:829 sheet:248 shirts:188 shoe:-156 shoes:511 shop:155 shoppin:-154
short:-180 shortly:89 shot:169 should:285 show:-245 showed:88 shown:183 shows:-64 sick:98 side:185
sides:177 sidewal:-82 sign:-189 silhoue:-290 similar:-89 sin:148 since:436 singer:-135 single:156
sister:329 sites:141 sits:125 situati:44 six:-131 sixteen:191 size:47 skatebo:-231 skills:-67
sleep:89 slices:-54 slope:-122 slowly:176 small:131 smalles:-82 smith:145 soccer:276 social:-250
society:-320 socio:-114 soda:-107 sodium:-100 soft:111 soil:-112 solar:-88 sold:-185 solutio:173
solve:-134 some:500 someone:-170 somethi:1384 sometim:-114 somewhe:744 son:387 song:120 soon:88
sorted:226 sound:94 soup:-191 source:-210 south:176 soverei:-79 spaghet:222 speakin:-211
specifi:123 speed:-46 spend:-109 spendin:78 spends:362 spent:332 spin:-86 sport:520 spot:189
square:105 squares:103 stabili:112 stack:-112 stage:235 stand:-278 standar:1263 star:-146
stars:-144 start:140 started:251 startin:339 starts:381 state:757 stateme:148 states:186
statist:-98 statute:102 stay:87 step:-66 steve:130 stew:231 stop:411 stopped:378 stops:108
store:-159 str:-136 strateg:-100 strawbe:-95 string:-819 stronge:65 struck:84 structu:110
student:297 studies:-61 studyin:185 stuffed:117 style:-157 sub:74 subject:-215 subsequ:62
substan:71 substit:233 success:-106 such:380 suddenl:57 suffere:221 sufferi:-100 suffici:149
sugar:-90 suggest:162 suit:140 sum:53 summer:249 sunday:109 supervi:122 supplie:133 support:-160
suppose:-340 supreme:-67 sure:170 surplus:111 susan:-90 suspend:-95 swimmer:165 symboli:109
synthes:139 system:52 systems:71 table:-73 tables:-138 take:-293 taken:-142 takes:652 taking:123
tall:-106 target:154 task:63 tax:472 taxes:-255 tea:101 teach:-117 teacher:-203 teachin:-91
team:327 techniq:-164 technol:-176 televis:323 tell:-106 tempera:342 ten:-297 tend:107 tennis:63
term:159 terms:-477 test:125 testifi:-128 testimo:125 tests:-166 text:-197 than:1516 that:1198
the:3842 their:-22 them:1212 themsel:-106 then:1171 theorie:-88 theory:-105 therapi:-85
therapy:-108 there:-563 these:1836 they:406 things:-204 thinks:-93 third:1415 thirds:-94 this:224
though:167 thought:-1339 threat:-111 threate:135 three:-21 thrice:140 through:581 throw:-186
tickets:198 tim:-228 time:-487 times:659 tip:-380 today:-375 togethe:30 told:68 tom:149 tomato:-123
tomorro:134 too:58 took:551 tooth:-107 top:-237 total:-1114 totally:115 toward:-49 towards:436
town:68 toy:-92 toys:137 tract:128 trade:74 traditi:202 trainin:-192 traits:100 transac:133
transcr:82 transfe:82 transit:125 transpo:-175 trash:-384 travel:145 travele:-154 traveli:-340
treated:58 tree:282 trial:-262 tried:-138 trip:-89 triple:-118 trips:-104 truck:-101 true:-109
truth:-165 try:85 tube:174 tuesday:190 tulips:325 tuple:-531 tuples:-402 turned:307 twelve:156
twenty:-124 twice:413 two:1564 type:-121 types:167 typing:218 unconst:-126 under:195 underst:-139
unemplo:-78 uniform:61 unit:-98 united:-82 units:377 univers:72 unless:207 unreaso:-116 upon:35
upper:340 use:-117 used:-19 useful:76 uses:924 using:-463 vacatio:357 valid:-49 valuabl:93
value:138 values:90 vanilla:-171 variabl:172 various:81 vase:281 vegetab:-182 vehicle:-192
victim:124 video:302 view:-48 violate:164 violati:62 violenc:-98 violini:171 viruses:117 visit:-116
visits:143 voltage:170 volume:77 voted:101 wait:132 waiting:72 walk:-218 walked:-227 walking:70
walks:-94 want:234 wanted:240 wants:254 war:-253 warm:130 wars:-206 was:748 wash:93 waste:131
watch:-154 water:116 way:203 ways:-82 weapons:-89 wear:142 wearing:496 wednesd:-113 week:-653
weekday:-131 weekend:-346 weeks:-223 weighs:-274 weight:-78 well:-344 went:-231 were:898 west:129
what:805 when:926 where:1217 whereby:144 whether:-515 which:3948 while:421 white:458 who:1635
whose:218 why:257 will:-415 win:-355 wine:-89 wins:177 winter:232 wire:88 wishes:125 with:2410
withdra:113 within:-120 without:97 woman:280 women:59 won:138 wood:-94 word:-357 words:223 work:173
worked:-69 working:280 works:-119 world:-454 worth:-251 would:395 write:-1402 writer:129
written:283 wrong:1323 wrote:303 yard:-308 years:913 yellow:-211 yes:-177 yet:106 yield:-150
you:-460 young:-120 younger:103 your:31 zero:129
"""
