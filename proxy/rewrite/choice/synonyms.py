"""Words that mean much the same, of deeds and of things, as people and tool names spell them."""

from collections import defaultdict
from typing import Final

from proxy.rewrite.choice.words import stem

# What is done: a line a deed.
DEEDS: Final = """
find search look lookup seek locate discover explore browse query hunt scout check retrieve
get fetch retrieve obtain show display give tell view see read bring pull load know list
list enumerate show display index all every
create make generate produce build new craft compose design draw render write draft form start
add insert append register attach include put introduce log record enter
delete remove erase drop clear purge destroy discard trash cancel unsubscribe
update change modify edit alter adjust revise set switch replace rename correct amend reset
buy purchase order acquire shop checkout
book reserve reservation schedule appointment arrange table slot
cancel abort stop revoke call terminate
pay payment send transfer charge bill settle wire remit venmo
request ask demand invoice bill
play listen watch stream start put hear
send message mail email text dispatch deliver share notify forward tell
share show send post publish
convert translate transform change turn exchange
calculate compute find determine evaluate work solve estimate get figure
compare contrast differ diff versus difference juxtapose comparison
open launch start begin initialize boot run init
close shut end finish quit exit stop
connect link join attach establish connection
start begin turn activate enable power ignite switch
stop halt end pause turn deactivate disable off shut
rent hire lease rental let
visit tour see attend view inspect
recommend suggest advise propose recommendation suggestion idea
summarize summary brief digest abstract overview condense recap
analyze analysis assess evaluate examine inspect investigate review audit
predict forecast estimate project outlook
sort order rank arrange organize
filter select choose pick narrow
count number many total amount quantity
copy duplicate clone replicate backup cp
move relocate transfer shift mv rename
login authenticate sign log auth credential password username
verify validate check confirm test ensure
download save export fetch
upload import submit post
save store keep persist remember record memorize
remember recall memory remind memorize recollect forgot
track monitor follow watch trace status
help assist support guide guidance aid assistance explain
fill refill fuel tank gas top
lock secure unlock close
drive travel go ride head navigate
post tweet publish share
reply respond answer comment retort
execute run perform invoke carry control
install setup set configure deploy
debug fix repair solve resolve troubleshoot
learn study teach course tutor education lesson class training
cook bake prepare recipe dish meal make
eat dine dinner lunch breakfast restaurant food hungry meal crave
"""

# What it is about: a line a thing.
THINGS: Final = """
movie film cinema theater show watch actor director directed starring stars cast comedy thriller
  genre flick screening showing
music song track album artist singer band tune melody audio playlist pop rock jazz listen lyrics
video clip youtube footage film media
concert event gig festival show performance match game theater sports play music
ticket seat admission pass
sport game team match league player score tournament football basketball soccer baseball nba nfl
  coach
restaurant cafe diner eatery food cuisine dining eat bistro coffeehouse pizzeria dish vegetarian
  dinner table
food meal dish grocery burger pizza drink snack menu item order ingredient
drink coffee latte tea beverage juice
recipe cook ingredient dish meal cooking cookbook bake
hotel lodging accommodation room stay inn motel resort hostel
house home apartment property rental flat condo residence bedroom villa airbnb estate bathroom
  townhouse unit
flight fly airline plane airport airfare oneway roundtrip depart air flying
train rail railway station amtrak
bus coach shuttle itinerary
taxi cab ride uber lyft rideshare sharing
car vehicle automobile auto rental sedan suv truck drive
travel trip journey vacation tour itinerary holiday
attraction museum landmark sightseeing park monument tourist historical place visit
weather forecast temperature rain rainy snow sunny humidity wind climate degree celsius fahrenheit
  cloudy umbrella storm hot cold
doctor physician dentist medical clinic appointment provider health therapist psychologist
  psychiatrist counselor specialist insurance gynecologist
therapist counselor psychiatrist psychologist counseling mental therapy provider
salon hair stylist haircut barber unisex beauty hairdresser stylists provider
health medical disease symptom medicine drug illness fitness patient medication diagnosis
alarm timer reminder clock wake alert
calendar schedule meeting event appointment agenda
time hour minute clock timezone oclock
date day today tomorrow week month year calendar when
price cost fee rate expensive cheap quote charge fare
money payment cash dollar fund amount balance bank card credit debit
currency exchange dollar euro usd eur yen pound rupee forex conversion
stock share market ticker equity invest investment trade trading portfolio nasdaq company
order purchase package shipment delivery tracking transaction
product item goods merchandise shopping shop store skirt dress shoes jacket shirt clothes
inventory stock availability available warehouse quantity
shop store retail mall buy market shopping
news article headline story press journalism current
email mail inbox message gmail
message text sms chat dm msg communicate
phone call telephone mobile number dial contact
contact address reach phone email person
person people user name individual profile someone employee
user account profile member login customer
company business firm organization corporation enterprise brand
job career employment hire work resume position salary vacancy
school university college course student education class degree grade academic assignment
project task work initiative
experience education background history internship job
technology tech stack framework programming
book novel author read literature library isbn
paper research article study journal publication scientific scholar arxiv pubmed
image picture photo photograph drawing graphic illustration art logo meme avatar
file document folder directory path pdf txt csv report
log record entry history logging
code program programming script software function algorithm source developer python java
repository repo git github branch commit codebase
issue bug ticket problem error defect
ticket support issue case complaint priority
server host database postgres sql db instance machine
database sql table query schema record
api endpoint rest http url request
website site web webpage page url internet online link domain html
web internet google online search duckduckgo browser bing wiki wikipedia engine
network wifi internet router device
device appliance machine gadget equipment sensor thermostat washing air conditioner light lamp smart
sensor reading measurement temperature humidity metric
location place city address position where town region area country coordinate latitude longitude
map direction route distance navigation
distance far km mile length between
city town capital country state
country nation national
area surface square size
math equation sum calculator arithmetic mathematics formula calculate
add sum plus total addition
subtract minus difference sub less subtraction left donated
multiply times product multiplication
divide quotient division per split
average mean statistics median
triangle circle geometry area radius angle square rectangle shape
number digit numeric prime integer factorial
language translate translation english spanish french word
word text sentence paragraph dictionary definition
text content string note
note memo jot reminder document
password credential secret token key security
security vulnerability permission risk safe threat
token key api secret
version release build revision
status state progress condition stage
setting preference configuration option config
comment reply feedback review opinion
review rating feedback star
tag mention label
tweet twitter post status social retweet
friend follow follower following social
message conversation inbox chat
law legal court case lawsuit attorney lawyer crime judge
tax income irs deduction
loan mortgage interest bank credit
insurance coverage policy claim
pet dog cat animal vet
plant garden tree flower
chemistry molecule element reaction atom compound chemical
physics force velocity speed energy acceleration mass gravity
speed velocity fast mph
dna gene protein genetic biology cell genome sequence
astronomy planet star space moon nasa
game chess card dice puzzle play quiz riddle trivia
fashion clothes outfit style wear clothing jewelry watch beauty
gift present birthday
wine beer alcohol cocktail
art painting museum sculpture artist gallery
history historical war event ancient century
religion god bible church
horoscope zodiac astrology tarot
joke funny humor
diet nutrition calorie protein weight bmi fitness exercise workout
kid child children baby family
engine start ignition
brake pedal
door lock unlock
tire pressure
fuel gas gallon tank liter
gallon liter convert unit
temperature celsius fahrenheit
unit convert measurement metric kilogram pound inch
zipcode zip postal city
watchlist stock list
flight cost fare
card credit debit number
budget limit fiscal spending
passport traveler verify
invoice receipt bill
cruise control speed
seo keyword ranking traffic
chart graph plot diagram visualize visualization flowchart mindmap
presentation slides powerpoint slide deck
spreadsheet excel csv sheet table
podcast audio episode
domain dns whois website name
crypto bitcoin ethereum nft blockchain wallet token web3
coupon discount deal promo offer sale
marketing campaign advertising ad advertise copywriting sales
prompt ai gpt chatgpt llm model
interview resume cv job
real estate property realtor
"""

# What shell commands are for, which tools are often named after.
COMMANDS: Final = """
directory folder dir cd path location workspace navigate
cat read display content show file print
ls list file directory content folder inside
pwd current directory path location where
mkdir create directory folder make
rm remove delete file
rmdir remove delete directory
mv move rename file
cp copy duplicate file backup
touch create file new empty draft make
echo write content file text display jot put fill
grep search pattern line keyword occurrence find mention
sort order alphabetical line arrange
tail last end line final
head first top line begin
wc count word line character many long
du disk usage size space storage
diff compare difference file identical distinction change alteration juxtapose differ
find locate search file
"""


def _lines(table: str) -> list[str]:
    """A group each; a line that is set in goes on with the one before."""
    return table.strip().replace("\n  ", " ").splitlines()


def _groups() -> dict[str, tuple[str, ...]]:
    """The groups of each stem; a group's name begins with a mark that no word has."""
    found: dict[str, list[str]] = defaultdict(list)
    for mark, table in (("!", DEEDS), ("#", THINGS), ("$", COMMANDS)):
        for number, line in enumerate(_lines(table)):
            for one in sorted({stem(word) for word in line.split()}):
                found[one].append(f"{mark}{number}")
    return {one: tuple(names) for one, names in found.items()}


GROUPS: Final = _groups()
DEED_STEMS: Final = frozenset(stem(word) for word in DEEDS.split()) - frozenset(
    stem(word) for word in THINGS.split()
)
